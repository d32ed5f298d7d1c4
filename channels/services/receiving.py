"""Mail comes in: stored first, then understood, then a message on a ticket, or in quarantine with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from accounts.services.numbering import next_number
from accounts.tenancy import tenant_scope
from channels.base import Unparseable
from channels.kinds import MailEvent, Outcome, Way
from channels.models import RawMail
from channels.registry import channel
from channels.services import automatic, blocking, braking, joining, posting, recognizing
from channels.services.addressing import Place
from channels.services.claiming import claim_keys
from channels.types import InboundMessage, Kind
from core.database.queries import Query
from customers.models import Customer
from events.services.recording import record
from files.services import storing
from tickets.models import Inbox, Message

# The largest mail any door takes: 50 MB, the most that providers send, grow by a third in transfer.
MOST_BYTES = 75_000_000
# Whoever stores a mail and works it at once has that long; then a worker looks whether it was worked.
PATIENCE = timedelta(seconds=60)
LARGE = 500_000  # bytes
_MAILS = Query(lambda ids: RawMail.objects.filter(pk__in=ids).select_related("inbox", "file"))
_INBOX = Query(lambda pk: Inbox.objects.filter(pk=pk))

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Received:
    """What became of one mail."""

    mail: RawMail
    parsed: InboundMessage | None = None
    message: Message | None = None
    customer: Customer | None = None


def receive_mail(*, inbox: Inbox, raw: bytes, at: datetime) -> Received:
    """Store one mail, then work it. Never raises for what stands in the mail: that ends in quarantine.

    Call outside a transaction: the stored mail must survive whatever its working runs into.
    """
    mail = store_mail(inbox=inbox, raw=raw, way=Way.COMMAND, at=at, work_at=at + PATIENCE)
    return work_mail(mail=mail, raw=raw, at=at)


def store_mail(*, inbox: Inbox, raw: bytes, way: Way, at: datetime, work_at: datetime | None = None) -> RawMail:
    """Keep a mail as it came. Once this has returned and committed, a worker works it, at once or at `work_at`."""
    with transaction.atomic(savepoint=False):
        file = storing.store(name="mail.eml", content_type="message/rfc822", content=raw)
        mail = RawMail.objects.create(number=next_number("mail"), inbox=inbox, file=file, way=way, received_at=at)
        record(MailEvent.STORED, subject=mail, actor=SYSTEM, data={"mail": mail.pk}, react_at=work_at)
    return mail


def store_at(*, place: Place, raw: bytes, way: Way, at: datetime) -> RawMail:
    """Keep a mail for an inbox of any workspace, as a public door does that has no workspace yet."""
    with tenant_scope(place.tenant_id), transaction.atomic():
        inbox = _INBOX.first(place.inbox_id)
        if inbox is None:
            raise Inbox.DoesNotExist
        return store_mail(inbox=inbox, raw=raw, way=way, at=at)


def choose_stored(*, mail_ids: Sequence[int]) -> tuple[dict[int, RawMail], set[int]]:
    """Of several stored mails, by id those to be worked by one worker, and the ids of those for others: a large one
    is worked alone, so that none waits for it. Call outside a transaction.
    """
    with transaction.atomic():
        found = {mail.pk: mail for mail in _MAILS.all(mail_ids)}
    large = {pk for pk, mail in found.items() if mail.file.size > LARGE}
    for_others = set(mail_ids[1:]) if mail_ids[0] in large else large
    return {pk: mail for pk, mail in found.items() if pk not in for_others}, for_others


def work_stored(*, mail_id: int, at: datetime) -> None:
    """Work a stored mail, unless that was done. Call outside a transaction."""
    work_chosen(mail=choose_stored(mail_ids=[mail_id])[0][mail_id], at=at)


def work_chosen(*, mail: RawMail, at: datetime) -> None:
    """Work one of `choose_stored`, unless that was done. Call outside a transaction."""
    if mail.outcome != Outcome.RECEIVED:
        return
    try:
        raw = storing.read(mail.file)
    except FileNotFoundError:
        log.exception("mail.lost", mail=mail.pk)
        _park(mail, None, "Its file is gone from the storage.")
        return
    work_mail(mail=mail, raw=raw, at=at)


def accept_mail(*, mail: RawMail, at: datetime, actor: Actor = SYSTEM) -> Received:
    """An agent takes a mail out of quarantine: it is worked as if a person had sent it, once."""
    try:
        raw = storing.read(mail.file)
    except FileNotFoundError:
        log.exception("mail.lost", mail=mail.pk)
        return _park(mail, None, "Its file is gone from the storage.")
    received = work_mail(mail=mail, raw=raw, at=at, trusted=True)
    if received.message is not None:
        with transaction.atomic():
            data = {"mail": mail.pk, "sender": mail.sender}
            record(MailEvent.ACCEPTED, subject=mail, actor=actor, data=data)
    return received


def work_mail(*, mail: RawMail, raw: bytes, at: datetime, trusted: bool = False) -> Received:
    """Understand a stored mail and act on it, in one transaction of its own."""
    parsed = None
    try:
        parsed = recognizing.recognize(channel(mail.inbox.kind).parse(raw), inbox=mail.inbox)
        with transaction.atomic():
            return _act(mail, parsed, at, trusted)
    except Unparseable as error:
        reason = f"Cannot be read: {error}"
    except Exception as error:
        # One bad mail must not stop the next; the log has the fault, the agents have the mail.
        log.exception("mail.failed", mail=mail.pk)
        reason = f"Could not be worked ({type(error).__name__}); it can be accepted again from here."
    return _park(mail, parsed, reason)


def _park(mail: RawMail, parsed: InboundMessage | None, reason: str) -> Received:
    with transaction.atomic():
        mail = RawMail.objects.locked(mail)
        if not mail.is_done:
            mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=reason)
        return _received(mail, parsed)


def _act(mail: RawMail, parsed: InboundMessage, at: datetime, trusted: bool) -> Received:
    inbox, mail = mail.inbox, RawMail.objects.locked(mail)
    mail.inbox = inbox  # read once
    if mail.is_done:  # a second press of the button, or a colleague's
        return _received(mail, parsed)
    earlier = claim_keys(mail=mail, parsed=parsed)
    if earlier is not None:
        mail.mark(Outcome.DUPLICATE, parsed=parsed, reason="The same mail came before.", message=earlier.message)
        return Received(mail, parsed, earlier.message)
    if not trusted and (stopped := _stopped(mail, parsed)):
        mail.mark(stopped[0], parsed=parsed, reason=stopped[1])
        return Received(mail, parsed)
    if parsed.kind in (Kind.NORMAL, Kind.AUTO_REPLY) or trusted:
        return _join(mail, parsed, at, trusted)
    automatic.handle(mail=mail, parsed=parsed, at=at)
    return Received(mail, parsed)


def _join(mail: RawMail, parsed: InboundMessage, at: datetime, trusted: bool) -> Received:
    """A letter, or the automatic answer to one, comes onto the ticket that it has proof for, or opens one."""
    found = joining.find_ticket(inbox=mail.inbox, parsed=parsed)
    is_brakable = found.ticket and not trusted and mail.way != Way.COMMAND
    if is_brakable and found.ticket and (reason := braking.brake_ticket(ticket_id=found.ticket.pk)):
        mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=reason)
        return Received(mail, parsed)
    if parsed.kind is Kind.AUTO_REPLY and not trusted:
        message = automatic.take_auto_reply(mail=mail, parsed=parsed, found=found, at=at)
    else:
        message = posting.post(mail=mail, parsed=parsed, found=found, at=at)
    return Received(mail, parsed, message, message.author_customer if message else None)


def _stopped(mail: RawMail, parsed: InboundMessage) -> tuple[Outcome, str] | None:
    """Whether the sender is blocked, or writes as fast as only a machine does; operators' own commands may."""
    sender = parsed.sender.email if parsed.sender else ""
    if sender and (block := blocking.find_block(address=sender)):
        return Outcome.BLOCKED, f"{block.address} is blocked."
    is_brakable = sender and mail.way != Way.COMMAND
    if is_brakable and (reason := braking.brake_sender(inbox_id=mail.inbox_id, address=sender)):
        return Outcome.QUARANTINED, reason
    return None


def _received(mail: RawMail, parsed: InboundMessage | None) -> Received:
    message = mail.message
    return Received(mail, parsed, message, message.author_customer if message else None)
