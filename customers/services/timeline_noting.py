"""Notes on a customer's timeline (F59, F60): any number of them, formatted, each with its author and time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from core.html import html_to_text
from core.rich_text import clean_rich_text
from customers.kinds import CustomerEvent
from customers.models import Customer, TimelineNote
from customers.services.naming_merged import mark_origins
from events.kinds import EventType
from events.services.recording import record

LONGEST = 100_000  # characters of markup
PART, MOST = 20, 200  # notes read at once


@dataclass(frozen=True)
class Notes:
    """A part of them, newest first. `older` is the cursor of what follows, None at the end."""

    notes: Sequence[TimelineNote]
    older: int | None

    def __iter__(self) -> Iterator[TimelineNote]:
        return iter(self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    @property
    def since(self) -> int:
        """From which number on they are drawn anew: what is older is asked for apart."""
        return self.older or 1


class EmptyNote(Exception):
    """There is nothing to keep."""


class TooLong(Exception):
    """More than 100,000 characters with its formatting."""


def add_timeline_note(*, customer: Customer, html: str, actor: Actor, at: datetime) -> TimelineNote:
    """Keep a note; its formatting is sanitized like a stranger's mail, and more. Raises EmptyNote, TooLong."""
    if len(html) > LONGEST:
        raise TooLong
    safe = clean_rich_text(html)
    text = html_to_text(safe)
    if not text.strip():
        raise EmptyNote
    with transaction.atomic():
        note = TimelineNote(number=next_number("timeline_note"), customer=customer, html=safe, text=text, created_at=at)
        note.set_author(actor)
        note.save(force_insert=True)
        _record(note, CustomerEvent.TIMELINE_NOTE_ADDED, actor, at)
    return note


def delete_timeline_note(*, note: TimelineNote, actor: Actor, at: datetime) -> TimelineNote:
    """Take it off the timeline; history still says that it was there. Twice is once."""
    with transaction.atomic():
        note = TimelineNote.objects.select_related("customer").locked(note)
        if note.deleted_at is None:
            note.mark_deleted(by=actor.name, at=at)
            _record(note, CustomerEvent.TIMELINE_NOTE_DELETED, actor, at)
    return note


def restore_timeline_note(*, note: TimelineNote, actor: Actor, at: datetime) -> TimelineNote:
    """Put a deleted one back where it stood. Twice is once."""
    with transaction.atomic():
        note = TimelineNote.objects.select_related("customer").locked(note)
        if note.deleted_at is not None:
            note.mark_kept()
            _record(note, CustomerEvent.TIMELINE_NOTE_RESTORED, actor, at)
    return note


def read_timeline_notes(
    *, customer: Customer, before: int | None = None, since: int | None = None, size: int = PART
) -> Notes:
    """The newest first: those numbered below `before`, or all from number `since` on, so that a list somebody reads
    is drawn anew as long as it is, and what stands below it is not drawn twice."""
    notes = TimelineNote.objects.kept().filter(customer=customer)
    if since is not None and before is None:
        known = list(notes.filter(number__gte=since).order_by("-number")[: MOST + 1])
        if len(known) <= MOST:
            mark_origins(customer, known)
            return Notes(notes=known, older=since if notes.filter(number__lt=since).exists() else None)
        size = MOST
    elif before is not None:
        notes = notes.filter(number__lt=before)
    found = list(notes.order_by("-number")[: size + 1])
    shown = found[:size]
    mark_origins(customer, shown)
    return Notes(notes=shown, older=shown[-1].number if len(found) > size else None)


def _record(note: TimelineNote, type: EventType, actor: Actor, at: datetime) -> None:
    record(
        type,
        subject=note,
        actor=actor,
        data={"timeline_note": note.pk},
        customer_id=note.customer_id,
        at=at,
        live=[note.customer.live_name],
    )
