"""The customer note: the first to save wins, whoever comes later keeps their text beside it (D2)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from core.text import clean_text
from customers.kinds import CustomerEvent, NoteSync
from customers.models import Customer, CustomerNote, NoteDraft, NoteVersion
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record

# Characters: a guard against pasting a file; stores take far less and say so on the card.
LONGEST_NOTE = 100_000
# What an agent's save turns into "pending"; blocked, differing and switched-off notes stay what they are.
PUSHED = frozenset({NoteSync.IN_SYNC, NoteSync.PENDING, NoteSync.FAILED})


@dataclass(frozen=True)
class Saved:
    """The note as it is now; `draft` is the text that came too late to be it, None when none did."""

    note: CustomerNote
    draft: NoteDraft | None = None


def clean_note(text: str) -> str:
    """The form in which notes are kept and compared: line feeds only, no blanks at the end."""
    return clean_text(text).rstrip()


def read_note(*, customer: Customer) -> CustomerNote:
    """The note, or an unsaved one of version 0 for a customer who never had any."""
    return CustomerNote.objects.filter(customer=customer).first() or CustomerNote(customer=customer)


def lock_note(*, customer: Customer) -> CustomerNote:
    """The note, made if need be and locked until the transaction ends: for those who compare before they write.

    Raises MergedAway.
    """
    Customer.objects.hold_unmerged(customer.pk)
    rows = CustomerNote.objects.filter(customer=customer).select_for_update()
    note: CustomerNote | None = rows.first()
    if note is None:
        # Two first saves at one moment: the loser's insert waits for the winner's commit, then does nothing.
        CustomerNote.objects.bulk_create([CustomerNote(customer=customer)], ignore_conflicts=True)
        note = CustomerNote.objects.select_for_update().get(customer=customer)
    note.customer = customer
    return note


def save_note(
    *, customer: Customer, text: str, based_on: int, actor: Actor, at: datetime, cause: Event | None = None
) -> Saved:
    """Save a text written upon version `based_on`; upon an older one it is kept as a draft, and nothing is lost.

    A text equal to the current one changes nothing, however old its basis.
    """
    text = clean_note(text)
    with transaction.atomic():
        note = lock_note(customer=customer)
        if text == note.text:
            return Saved(note)
        if based_on != note.version:
            return Saved(note, _contest(note, text, based_on, actor, at, cause))
        state = NoteSync.PENDING if note.sync_state in PUSHED else NoteSync(note.sync_state)
        return Saved(_write(note, text, actor, at, state, cause))


def take_store_text(
    *, customer: Customer, text: str, actor: Actor, at: datetime, cause: Event | None = None
) -> CustomerNote:
    """Save the store's text over the current one: the caller has compared under `lock_note` that the store was first.

    The sync state stays, for the caller knows it. An equal text changes nothing.
    """
    text = clean_note(text)
    with transaction.atomic():
        note = lock_note(customer=customer)
        return note if text == note.text else _write(note, text, actor, at, NoteSync(note.sync_state), cause)


def keep_losing_text(
    *, customer: Customer, text: str, actor: Actor, at: datetime, cause: Event | None = None
) -> NoteDraft | None:
    """Keep a text that lost, as a draft upon the current version. None when it equals the current text."""
    text = clean_note(text)
    with transaction.atomic():
        note = lock_note(customer=customer)
        return None if text == note.text else _contest(note, text, note.version, actor, at, cause)


def mark_sync(
    *,
    customer: Customer,
    state: NoteSync,
    detail: str = "",
    text_limit: int | None = None,
    version: int | None = None,
) -> bool:
    """Say how the note stands with the store; returns whether that is news. `text_limit` is in characters.

    With `version`, the one the state speaks of, nothing is written once a newer one has been saved: a push that
    took its time must not call a text in sync that it never sent.
    """
    with transaction.atomic():
        note = lock_note(customer=customer)
        if version is not None and version != note.version:
            return False
        if (note.sync_state, note.sync_detail, note.text_limit) == (state, detail[:500], text_limit):
            return False
        note.mark_sync(state=state, detail=detail, text_limit=text_limit)
        announce(note.live_name)
    return True


def _write(
    note: CustomerNote, text: str, actor: Actor, at: datetime, state: NoteSync, cause: Event | None
) -> CustomerNote:
    note.mark_saved(text=text, actor=actor, at=at, sync_state=state)
    version = NoteVersion(note=note, number=note.version, text=text, created_at=at)
    version.set_author(actor)
    version.save(force_insert=True)
    record(
        CustomerEvent.NOTE_SAVED,
        subject=note,
        actor=actor,
        data={"version": note.version, "origin": str(actor.kind)},
        customer_id=note.customer_id,
        cause=cause,
        live=[note.live_name],
    )
    return note


def _contest(
    note: CustomerNote, text: str, based_on: int, actor: Actor, at: datetime, cause: Event | None
) -> NoteDraft:
    """A draft; the same one when its author sends the same text again (a tab that retries after a lost answer)."""
    same = note.drafts.unsettled().filter(text=text, author_kind=actor.kind, author_id=actor.id)
    if draft := same.first():
        return draft
    draft = NoteDraft(note=note, text=text, based_on=based_on, created_at=at)
    draft.set_author(actor)
    draft.save(force_insert=True)
    record(
        CustomerEvent.NOTE_CONTESTED,
        subject=note,
        actor=actor,
        data={"draft": draft.pk, "based_on": based_on},
        customer_id=note.customer_id,
        cause=cause,
        live=[note.live_name],
    )
    return draft
