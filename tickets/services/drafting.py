"""Keep what an agent is writing as they type, until it is sent; take it back when its sending is undone."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.html import escape

from accounts.models import Membership
from core.html import html_to_text
from core.text import clean_text
from files.models import StoredFile
from files.services.storing import release
from tickets.bodies import for_editor
from tickets.kinds import DraftKind
from tickets.models import Attachment, Draft, DraftFile, Inbox, Message, Recipient, Ticket


class ChangedElsewhere(Exception):
    """Another window saved, sent or discarded it meanwhile; `draft` is what stands now, None when nothing does."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__("changed elsewhere")
        self.draft = draft


@dataclass(frozen=True)
class TakenFile:
    file: StoredFile
    is_inline: bool
    content_id: str


@dataclass(frozen=True)
class TakenDraft:
    """What the draft held when its text was sent; empty when there was none."""

    html: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    inbox: Inbox | None = None
    files: tuple[TakenFile, ...] = ()


def read_draft(*, member: Membership, ticket: Ticket | None, kind: str) -> Draft | None:
    """The member's own, with its files; None when there is none or it was discarded."""
    return Draft.objects.by(member, ticket).kept().with_files().filter(kind=kind).first()


def read_drafts(*, member: Membership, ticket: Ticket) -> dict[str, Draft]:
    """The member's drafts on the ticket by kind, with their files; at most two queries."""
    return {draft.kind: draft for draft in Draft.objects.by(member, ticket).kept().with_files()}


def tickets_with_draft(*, member: Membership, tickets: Collection[Ticket]) -> set[int]:
    """Ids of those of the tickets on which the member has begun to write; one query."""
    rows = Draft.objects.filter(member=member, ticket__in=[ticket.pk for ticket in tickets]).kept()
    rows = rows.exclude(html="", files=None)
    return {pk for pk in rows.values_list("ticket_id", flat=True) if pk}


def save_draft(
    *,
    member: Membership,
    ticket: Ticket | None,
    kind: str,
    html: str,
    to: str,
    cc: str,
    bcc: str,
    subject: str,
    inbox: Inbox | None,
    version: int,
    at: datetime,
) -> Draft | None:
    """Save words written upon `version` (0: upon nothing); None when nothing was left to keep.

    Raises ChangedElsewhere instead of replacing words that this window has not seen.
    """
    words = {"html": clean_text(html), "to": to, "cc": cc, "bcc": bcc, "subject": subject, "inbox": inbox}
    is_blank = _is_blank(words, has_address=ticket is not None)
    with transaction.atomic():
        draft = _lock(member, ticket, kind)
        if draft is None or draft.is_discarded:
            if is_blank:
                return None
            if version:
                raise ChangedElsewhere(None)
            draft = _clear(draft) if draft else _make(member, ticket, kind, at)
        elif version != draft.version and not _is_blank(draft.words(), has_address=ticket is not None):
            if words == draft.words():
                return draft  # the same request again: its answer was lost
            raise ChangedElsewhere(draft)
        if is_blank and not draft.files.exists():
            draft.delete()
            return None
        draft.mark_saved(words=words, at=at)
    return draft


def hold_draft(*, member: Membership, ticket: Ticket | None, kind: str, at: datetime) -> Draft:
    """The draft, made or emptied if need be, and locked until the caller's transaction ends: for what is put on it."""
    draft = _lock(member, ticket, kind)
    if draft is None:
        return _make(member, ticket, kind, at)
    return _clear(draft) if draft.is_discarded else draft


def take_draft(*, member: Membership, ticket: Ticket | None, kind: str) -> TakenDraft:
    """Remove the draft, inside the sender's transaction, and hand over what it held."""
    with transaction.atomic():
        draft = _lock(member, ticket, kind)
        if draft is None or draft.is_discarded:
            return TakenDraft()
        rows = draft.files.select_related("file").order_by("pk")
        files = tuple(TakenFile(row.file, row.is_inline, row.content_id) for row in rows)
        taken = TakenDraft(**draft.words(), files=files)
        draft.delete()
    return taken


def put_back(*, message: Message) -> Draft | None:
    """Make a draft of a message that was taken back, before what its author began since; None without an author."""
    member = message.author_member
    if member is None:
        return None
    addressed: dict[str, list[str]] = {}
    for row in Recipient.objects.filter(message=message).order_by("pk"):
        addressed.setdefault(row.kind, []).append(row.address)
    kind = DraftKind.NOTE if message.is_note else DraftKind.REPLY
    with transaction.atomic():
        draft = hold_draft(member=member, ticket=message.ticket, kind=kind, at=message.created_at)
        words = {**draft.words(), **{name: ", ".join(addresses) for name, addresses in addressed.items()}}
        words["html"] = (for_editor(message.html) or as_html(message.text)) + draft.html
        draft.mark_saved(words=words, at=message.created_at)
        for one in Attachment.objects.filter(message=message).order_by("position"):
            facts = {"is_inline": one.is_inline, "content_id": one.content_id}
            DraftFile.objects.get_or_create(draft=draft, file_id=one.file_id, defaults=facts)
    return draft


def drop_files(*, draft: Draft) -> None:
    """Take all files off the draft."""
    for row in draft.files.select_related("file"):
        row.delete()
        release(row.file)


def as_html(text: str) -> str:
    """Plain text as the editor holds it: a block for each line."""
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())


def _lock(member: Membership, ticket: Ticket | None, kind: str) -> Draft | None:
    return Draft.objects.by(member, ticket).filter(kind=kind).select_for_update(no_key=True).first()


def _make(member: Membership, ticket: Ticket | None, kind: str, at: datetime) -> Draft:
    # Begins anywhere, so that a window that stayed open since an earlier draft never holds its version by chance.
    row = Draft(member=member, ticket=ticket, kind=kind, version=secrets.randbelow(2**30) + 1, updated_at=at)
    # Two first saves at one moment: the loser's insert waits for the winner's commit, then does nothing.
    Draft.objects.bulk_create([row], ignore_conflicts=True)
    return Draft.objects.select_for_update(no_key=True).get(member=member, ticket=ticket, kind=kind)


def _clear(draft: Draft) -> Draft:
    """Something new begins where a discarded one could still have been had back."""
    drop_files(draft=draft)
    draft.mark_saved(words={**dict.fromkeys(draft.words(), ""), "inbox": None}, at=draft.updated_at)
    return draft


def _is_blank(words: dict[str, Any], *, has_address: bool) -> bool:
    """On a ticket the address stands there by itself; on a new one it is something typed."""
    typed = [words["cc"], words["bcc"], words["subject"], "" if has_address else words["to"]]
    return not any(typed) and not html_to_text(words["html"]).strip()
