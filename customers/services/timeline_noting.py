"""Notes on a customer's timeline (F59, F60): any number of them, formatted, each with its author and time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from core.html import html_to_text, sanitize_html
from customers.kinds import CustomerEvent
from customers.models import Customer, TimelineNote
from events.kinds import EventType
from events.services.recording import record

LONGEST = 100_000  # characters of markup


class EmptyNote(Exception):
    """There is nothing to keep."""


class TooLong(Exception):
    """More than 100,000 characters with its formatting."""


def add_timeline_note(*, customer: Customer, html: str, actor: Actor, at: datetime) -> TimelineNote:
    """Keep a note; its formatting is sanitized like a stranger's mail. Raises EmptyNote, TooLong."""
    if len(html) > LONGEST:
        raise TooLong
    safe = sanitize_html(html).html
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


def read_timeline_notes(*, customer: Customer, before: int | None = None, size: int = 20) -> Sequence[TimelineNote]:
    """The newest first, those numbered below `before`."""
    notes = TimelineNote.objects.kept().filter(customer=customer)
    if before is not None:
        notes = notes.filter(number__lt=before)
    return list(notes.order_by("-number")[:size])


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
