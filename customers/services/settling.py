"""Settle a note's draft: somebody looks at both texts and chooses (D2)."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import CustomerEvent, DraftChoice
from customers.models import CustomerNote, NoteDraft
from customers.services import noting
from events.services.recording import record


class AlreadySettled(Exception):
    """A colleague settled the draft first."""


class NoteChanged(Exception):
    """The note is another one than the one that was to be replaced: whoever chose has not seen it. `by` saved it."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def settle_draft(*, draft: NoteDraft, choice: DraftChoice, based_on: int, actor: Actor, at: datetime) -> CustomerNote:
    """Decide what becomes of a draft: theirs drops it, mine saves it over the note, both puts it below the note.

    `based_on` is the version of the note that stood beside it: only that one is replaced. The other choices lose
    nothing of a newer one. Raises AlreadySettled, NoteChanged.
    """
    customer = draft.note.customer
    with transaction.atomic():
        note = noting.lock_note(customer=customer)
        draft = NoteDraft.objects.locked(draft)
        if draft.settled_at:
            raise AlreadySettled
        if choice == DraftChoice.MINE and note.version != based_on:
            raise NoteChanged(note.author_name)
        draft.mark_settled(choice=choice, at=at)
        record(
            CustomerEvent.NOTE_SETTLED,
            subject=note,
            actor=actor,
            data={"draft": draft.pk, "choice": choice.value},
            customer_id=customer.pk,
            live=[note.live_name],
        )
        text = _settled_text(note.text, draft.text, choice)
        return noting.save_note(customer=customer, text=text, based_on=note.version, actor=actor, at=at).note


def _settled_text(current: str, draft: str, choice: DraftChoice) -> str:
    joined = "\n\n".join(part for part in (current, draft) if part)
    return {DraftChoice.THEIRS: current, DraftChoice.MINE: draft, DraftChoice.BOTH: joined}[choice]
