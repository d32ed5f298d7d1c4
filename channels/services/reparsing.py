"""Read stored mails again with a newer parser: what it understands better replaces what is shown, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from django.db import transaction

from channels.base import Unparseable
from channels.kinds import Outcome
from channels.models import RawMail
from channels.registry import channel
from channels.services import limiting
from channels.types import InboundAttachment, InboundMessage
from events.services.announcing import announce
from files.services import storing
from tickets.models import Attachment, Message

# Mails that are a message; of a bounce or a second copy, `message` is another one.
MESSAGES = (Outcome.TICKET_CREATED, Outcome.MESSAGE_ADDED)
BATCH = 200

log = structlog.get_logger(__name__)


class NotReadable(Exception):
    """The mail's file is gone, or the parser can make nothing of it now; what was read before stays."""


def find_mails(*, older_only: bool) -> Iterator[int]:
    """The ids of mails that may be read again, oldest first; those of older parsers, or all. In short queries."""
    last = 0
    while batch := _batch(last):
        yield from (pk for pk, is_older in batch if is_older or not older_only)
        last = batch[-1][0]


def reparse_mail(*, mail_id: int) -> bool:
    """Read one stored mail again; whether its message changed. Doing it twice changes nothing more.

    Text, quoted part, HTML and files of the message follow; ticket, people, kind and what was decided stay. Files keep
    their addresses. Raises NotReadable. Call outside a transaction.
    """
    with transaction.atomic():
        mail = RawMail.objects.select_related("inbox", "file", "message").get(pk=mail_id)
    if mail.outcome not in MESSAGES or mail.message is None or not mail.file.size:  # emptied: it named who was erased
        return False
    parsed = _read(mail)
    with transaction.atomic():
        mail = RawMail.objects.locked(mail)
        if mail.message is None:
            return False
        message = Message.objects.locked(mail.message)
        # Both, one after the other: each says whether it changed something.
        changes = [_rewrite(message, parsed), _refile(message, limiting.limit_files(parsed.attachments))]
        mail.mark_parsed(parser=parsed.parser)
        if any(changes):
            announce(message.ticket.live_name)
    return any(changes)


def _batch(after: int) -> list[tuple[int, bool]]:
    """The next mails and whether an older parser read them."""
    with transaction.atomic():
        mails = RawMail.objects.filter(pk__gt=after, outcome__in=MESSAGES, message__isnull=False)
        rows = mails.order_by("pk").values_list("pk", "parser", "inbox__kind")[:BATCH]
        return [(pk, parser < channel(kind).parser_version) for pk, parser, kind in rows]


def _read(mail: RawMail) -> InboundMessage:
    try:
        return channel(mail.inbox.kind).parse(storing.read(mail.file))
    except FileNotFoundError as error:
        log.exception("mail.lost", mail=mail.pk)
        raise NotReadable("its file is gone from the storage") from error
    except Unparseable as error:
        raise NotReadable(str(error)) from error


def _rewrite(message: Message, parsed: InboundMessage) -> bool:
    fresh = {"text": parsed.text, "quoted": parsed.quoted, "html": parsed.html}
    changed = [name for name, value in fresh.items() if getattr(message, name) != value]
    for name in changed:
        setattr(message, name, fresh[name])
    if changed:
        message.save(update_fields=changed)
    return bool(changed)


def _refile(message: Message, files: Sequence[InboundAttachment]) -> bool:
    """Known files keep their place, found by content; new ones come behind them, those that are none any more go."""
    held = list(Attachment.objects.filter(message=message).select_related("file").order_by("position"))
    last = max((one.position for one in held), default=0)
    changed = False
    for file in files:
        known = next((one for one in held if one.file.sha256 == file.sha256), None)
        if known is not None:
            held.remove(known)
            changed = _relabel(known, file) or changed
            continue
        last, changed = last + 1, True
        stored = storing.store(name=file.name, content_type=file.content_type, content=file.content)
        place = {"position": last, "is_inline": file.inline, "content_id": file.content_id[:255]}
        Attachment.objects.create(message=message, file=stored, **place)
    for gone in held:
        gone.delete()
        storing.release(gone.file)
    return changed or bool(held)


def _relabel(known: Attachment, file: InboundAttachment) -> bool:
    """The same bytes under what they are called now."""
    place = (file.inline, file.content_id[:255])
    called = (file.name[:255], file.content_type[:127])
    if (known.is_inline, known.content_id) == place and (known.file.name, known.file.content_type) == called:
        return False
    known.is_inline, known.content_id = place
    known.save(update_fields=["is_inline", "content_id"])
    known.file.name, known.file.content_type = called
    known.file.save(update_fields=["name", "content_type"])
    return True
