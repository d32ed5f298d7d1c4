"""Saving the note: the first to save wins, nothing is lost (D2)."""

import pytest

from accounts.kinds import Actor
from accounts.models import Tenant
from customers.kinds import CustomerEvent, NoteSync
from customers.models import Customer, CustomerNote, NoteDraft, NoteVersion
from customers.services import noting
from events.models import Event
from tests.customers.actors import ADA, BELA, MINUTE, NOON, STORE, Told
from tests.factories.customers import make_customer

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def save(customer: Customer, text: str, based_on: int, actor: Actor = ADA) -> noting.Saved:
    return noting.save_note(customer=customer, text=text, based_on=based_on, actor=actor, at=NOON)


def texts_of(event: object) -> list[dict[str, object]]:
    return [row.data for row in Event.objects.filter(type=str(event)).order_by("pk")]


def test_read_note_of_a_customer_without_one_is_empty_and_unsaved(customer: Customer) -> None:
    note = noting.read_note(customer=customer)

    assert (note.text, note.version) == ("", 0)
    assert not CustomerNote.objects.exists()


def test_save_note_makes_the_next_version(customer: Customer) -> None:
    save(customer, "Call after six", 0)
    saved = save(customer, "Call after seven", 1, BELA)

    assert saved.draft is None
    assert (saved.note.text, saved.note.version, saved.note.author_name) == ("Call after seven", 2, "Bela")
    versions = NoteVersion.objects.order_by("number").values_list("number", "text", "author_name")
    assert list(versions) == [(1, "Call after six", "Ada"), (2, "Call after seven", "Bela")]


def test_save_note_records_version_and_origin_for_the_customer(customer: Customer) -> None:
    save(customer, "Call after six", 0)

    event = Event.objects.get(type=str(CustomerEvent.NOTE_SAVED))
    assert event.data == {"version": 1, "origin": "agent"}
    assert (event.customer_id, event.actor_name) == (customer.pk, "Ada")


def test_save_note_keeps_line_feeds_only_and_no_blanks_at_the_end(customer: Customer) -> None:
    saved = save(customer, "  VIP\r\nCall\x00 first \r\n\r\n", 0)

    assert saved.note.text == "  VIP\nCall first"


def test_save_note_of_an_equal_text_changes_nothing(customer: Customer) -> None:
    save(customer, "Call after six", 0)
    saved = save(customer, "Call after six\r\n", 0, BELA)

    assert saved.note.version == 1
    assert saved.draft is None
    assert len(texts_of(CustomerEvent.NOTE_SAVED)) == 1


def test_save_note_upon_an_old_version_keeps_the_text_as_a_draft(customer: Customer) -> None:
    save(customer, "Call after six", 0)
    saved = save(customer, "Hates calls", 0, BELA)

    assert saved.note.text == "Call after six"
    assert saved.draft is not None
    assert (saved.draft.text, saved.draft.author_name, saved.draft.based_on) == ("Hates calls", "Bela", 0)
    assert texts_of(CustomerEvent.NOTE_CONTESTED) == [{"draft": saved.draft.pk, "based_on": 0}]


def test_save_note_keeps_the_same_draft_of_one_author_once(customer: Customer) -> None:
    save(customer, "Call after six", 0)
    first = save(customer, "Hates calls", 0, BELA)
    again = save(customer, "Hates calls", 0, BELA)
    other = save(customer, "Hates calls", 0, Actor(BELA.kind, 3, "Cleo"))

    assert again.draft == first.draft
    assert other.draft != first.draft
    assert NoteDraft.objects.count() == 2
    assert len(texts_of(CustomerEvent.NOTE_CONTESTED)) == 2


def test_save_note_upon_a_version_that_never_was_is_stale(customer: Customer) -> None:
    assert save(customer, "From the future", 7).draft is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NoteSync.OFF, NoteSync.OFF),
        (NoteSync.IN_SYNC, NoteSync.PENDING),
        (NoteSync.FAILED, NoteSync.PENDING),
        (NoteSync.PENDING, NoteSync.PENDING),
        (NoteSync.BLOCKED, NoteSync.BLOCKED),
        (NoteSync.DIFFERS, NoteSync.DIFFERS),
    ],
)
def test_save_note_makes_a_synchronized_note_pending(customer: Customer, before: NoteSync, after: NoteSync) -> None:
    noting.mark_sync(customer=customer, state=before, detail="why", text_limit=5000)

    note = save(customer, "Call after six", 0).note

    assert note.sync_state == after
    assert note.sync_detail == ("why" if before == after else "")
    assert note.text_limit == 5000


def test_take_store_text_saves_over_the_current_version(customer: Customer) -> None:
    save(customer, "Call after six", 0)
    noting.mark_sync(customer=customer, state=NoteSync.IN_SYNC)
    cause = Event.objects.get(type=str(CustomerEvent.NOTE_SAVED))

    note = noting.take_store_text(customer=customer, text="Moved to Porto", actor=STORE, at=NOON + MINUTE, cause=cause)

    assert (note.text, note.version, note.author_kind, note.sync_state) == ("Moved to Porto", 2, "store", "in_sync")
    event = Event.objects.filter(type=str(CustomerEvent.NOTE_SAVED)).latest("pk")
    assert (event.data["origin"], event.cause) == ("store", cause)


def test_take_store_text_of_an_equal_text_changes_nothing(customer: Customer) -> None:
    save(customer, "Call after six", 0)

    note = noting.take_store_text(customer=customer, text="Call after six ", actor=STORE, at=NOON)

    assert note.version == 1


def test_keep_losing_text_is_a_draft_upon_the_current_version(customer: Customer) -> None:
    save(customer, "Call after six", 0)

    draft = noting.keep_losing_text(customer=customer, text="Moved to Porto", actor=STORE, at=NOON)

    assert draft is not None
    assert (draft.text, draft.based_on, draft.author_name) == ("Moved to Porto", 1, "acme-demo")
    assert noting.read_note(customer=customer).text == "Call after six"


def test_keep_losing_text_equal_to_the_note_is_no_draft(customer: Customer) -> None:
    save(customer, "Call after six", 0)

    assert noting.keep_losing_text(customer=customer, text="Call after six\n", actor=STORE, at=NOON) is None


def test_mark_sync_says_whether_it_is_news(customer: Customer) -> None:
    assert noting.mark_sync(customer=customer, state=NoteSync.BLOCKED, detail="Two stores", text_limit=5000)
    assert not noting.mark_sync(customer=customer, state=NoteSync.BLOCKED, detail="Two stores", text_limit=5000)
    assert noting.mark_sync(customer=customer, state=NoteSync.BLOCKED, detail="Two stores")


def test_mark_sync_of_an_overtaken_version_writes_nothing(customer: Customer) -> None:
    noting.mark_sync(customer=customer, state=NoteSync.IN_SYNC)
    save(customer, "One", 0)
    save(customer, "Two", 1)

    assert not noting.mark_sync(customer=customer, state=NoteSync.IN_SYNC, version=1)
    assert noting.read_note(customer=customer).sync_state == NoteSync.PENDING
    assert noting.mark_sync(customer=customer, state=NoteSync.IN_SYNC, version=2)


def test_note_changes_are_announced_after_commit(customer: Customer, told: Told) -> None:
    name = f"customer-{customer.number}-note"

    assert told(lambda: save(customer, "One", 0)) == [name]
    assert told(lambda: save(customer, "Two", 0)) == [name]
    assert told(lambda: noting.mark_sync(customer=customer, state=NoteSync.PENDING)) == [name]
    assert told(lambda: noting.mark_sync(customer=customer, state=NoteSync.PENDING)) == []
