"""Choosing between the note and a text that came too late."""

import pytest

from accounts.models import Tenant
from customers.kinds import CustomerEvent, DraftChoice
from customers.models import Customer, NoteDraft, NoteVersion
from customers.services import noting, settling
from events.models import Event
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


@pytest.fixture
def draft(customer: Customer) -> NoteDraft:
    noting.save_note(customer=customer, text="Call after six", based_on=0, actor=ADA, at=NOON)
    saved = noting.save_note(customer=customer, text="Hates calls", based_on=0, actor=BELA, at=NOON)
    assert saved.draft
    return saved.draft


@pytest.mark.parametrize(
    ("choice", "text", "version"),
    [
        (DraftChoice.THEIRS, "Call after six", 1),
        (DraftChoice.MINE, "Hates calls", 2),
        (DraftChoice.BOTH, "Call after six\n\nHates calls", 2),
    ],
)
def test_settle_draft_does_what_was_chosen(
    customer: Customer, draft: NoteDraft, choice: DraftChoice, text: str, version: int
) -> None:
    note = settling.settle_draft(draft=draft, choice=choice, based_on=1, actor=ADA, at=NOON)

    assert (note.text, note.version) == (text, version)
    draft.refresh_from_db()
    assert (draft.choice, draft.settled_at) == (choice, NOON)
    event = Event.objects.get(type=str(CustomerEvent.NOTE_SETTLED))
    assert (event.data, event.customer_id) == ({"draft": draft.pk, "choice": choice}, customer.pk)


def test_settle_draft_keeps_its_text_for_ever(customer: Customer, draft: NoteDraft) -> None:
    settling.settle_draft(draft=draft, choice=DraftChoice.THEIRS, based_on=1, actor=ADA, at=NOON)

    assert NoteDraft.objects.get(pk=draft.pk).text == "Hates calls"


def test_settle_draft_joins_upon_the_newest_text(customer: Customer, draft: NoteDraft) -> None:
    noting.save_note(customer=customer, text="Call after seven", based_on=1, actor=ADA, at=NOON)

    note = settling.settle_draft(draft=draft, choice=DraftChoice.BOTH, based_on=1, actor=BELA, at=NOON)

    assert note.text == "Call after seven\n\nHates calls"
    assert NoteVersion.objects.count() == 3


def test_settle_draft_joined_to_an_empty_note_is_the_draft_alone(customer: Customer, draft: NoteDraft) -> None:
    noting.save_note(customer=customer, text="", based_on=1, actor=ADA, at=NOON)

    assert (
        settling.settle_draft(draft=draft, choice=DraftChoice.BOTH, based_on=1, actor=BELA, at=NOON).text
        == "Hates calls"
    )


def test_settle_draft_twice_is_refused(customer: Customer, draft: NoteDraft) -> None:
    settling.settle_draft(draft=draft, choice=DraftChoice.THEIRS, based_on=1, actor=ADA, at=NOON)

    with pytest.raises(settling.AlreadySettled):
        settling.settle_draft(draft=draft, choice=DraftChoice.MINE, based_on=1, actor=BELA, at=NOON)

    assert noting.read_note(customer=customer).text == "Call after six"


def test_note_that_somebody_saved_since_is_not_replaced_unseen(customer: Customer, draft: NoteDraft) -> None:
    noting.save_note(customer=customer, text="Moved to Porto", based_on=1, actor=BELA, at=NOON)

    with pytest.raises(settling.NoteChanged, match="Bela"):
        settling.settle_draft(draft=draft, choice=DraftChoice.MINE, based_on=1, actor=ADA, at=NOON)

    draft.refresh_from_db()
    assert (noting.read_note(customer=customer).text, draft.settled_at) == ("Moved to Porto", None)
    note = settling.settle_draft(draft=draft, choice=DraftChoice.MINE, based_on=2, actor=ADA, at=NOON)
    assert (note.text, note.version) == ("Hates calls", 3)


@pytest.mark.parametrize(
    ("choice", "text"),
    [(DraftChoice.THEIRS, "Moved to Porto"), (DraftChoice.BOTH, "Moved to Porto\n\nHates calls")],
)
def test_what_loses_nothing_asks_for_no_newer_look(
    customer: Customer, draft: NoteDraft, choice: DraftChoice, text: str
) -> None:
    noting.save_note(customer=customer, text="Moved to Porto", based_on=1, actor=BELA, at=NOON)

    assert settling.settle_draft(draft=draft, choice=choice, based_on=1, actor=ADA, at=NOON).text == text
