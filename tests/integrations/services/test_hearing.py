"""What a webhook's word about a note is worth: late, repeated, our own echo, or the last copy of a text."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Tenant
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer, NoteDraft
from customers.services import noting
from integrations.models import Connection, StoreCustomer
from integrations.services import hearing, syncing
from tests.factories.integrations import make_cause
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import BEGIN, FakeShop


def write(customer: Customer, text: str) -> None:
    note = noting.read_note(customer=customer)
    noting.save_note(customer=customer, text=text, based_on=note.version, actor=AGENT, at=clock.now())


def hear(link: StoreCustomer, text: str, stamp: datetime | None) -> str:
    link = StoreCustomer.objects.select_related("connection").get(pk=link.pk)
    return hearing.hear_note(link=link, text=text, stamp=stamp, at=clock.now(), cause=make_cause(link.connection))


def note_text(customer: Customer) -> str:
    return str(noting.read_note(customer=customer).text)


def drafts() -> list[str]:
    return list(NoteDraft.objects.values_list("text", flat=True))


def test_merchants_text_is_read_and_taken(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.tick()
    fake_shop.edit("1001", "From the merchant")

    outcome = hear(link, "From the merchant", fake_shop.now)

    assert (outcome, note_text(ana)) == ("the note is in sync", "From the merchant")


def test_payload_alone_is_never_believed(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.edit("1001", "What the store really has")

    hear(link, "Nobody wrote this", fake_shop.now)

    assert note_text(ana) == "What the store really has"
    assert (drafts(), fake_shop.written) == ([], [])


@pytest.mark.parametrize("text", ["Same", "Same\r\n", "Same  "])
def test_unchanged_note_asks_nobody(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, text: str, django_assert_num_queries: Any
) -> None:
    StoreCustomer.objects.update(base_text="Same")
    link = StoreCustomer.objects.select_related("connection").get(pk=link.pk)
    cause = make_cause(link.connection)

    with django_assert_num_queries(0):
        outcome = hearing.hear_note(link=link, text=text, stamp=BEGIN, at=clock.now(), cause=cause)

    assert (outcome, fake_shop.calls) == ("the note is unchanged", [])


def test_own_echo_is_dropped_even_before_the_answer_is_stored(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "ours")
    heard: list[str] = []
    fake_shop.before["write_note"] = [lambda: heard.append(hear(link, "ours", fake_shop.now))]
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)

    heard.append(hear(link, "ours", fake_shop.now))

    assert heard == ["the note is unchanged"] * 2
    assert fake_shop.calls == ["fetch_note", "write_note"]


def test_late_webhook_is_dropped(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    StoreCustomer.objects.update(base_text="new", remote_stamp=BEGIN)

    outcome = hear(link, "old", BEGIN - timedelta(seconds=1))

    assert (outcome, fake_shop.calls, drafts()) == ("the note came too late", [], [])


def test_text_our_writing_covered_is_kept_beside_the_note(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    """The merchant saves between our reading and our writing: their webhook is the only copy left."""
    write(ana, "ours")
    fake_shop.before["write_note"] = [lambda: fake_shop.edit("1001", "covered")]
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)
    assert fake_shop.notes["1001"] == "ours"

    outcomes = [hear(link, "covered", fake_shop.now) for _ in range(2)]

    assert outcomes[0] == "the note was covered by one of ours and is kept beside it"
    assert (note_text(ana), drafts()) == ("ours", ["covered"])
    assert outcomes[1] != outcomes[0]


def test_covered_text_is_kept_however_late_its_webhook(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "ours")
    fake_shop.tick(10)
    covered_at = fake_shop.now
    fake_shop.before["write_note"] = [lambda: fake_shop.edit("1001", "covered")]
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)
    for text in ("later", "latest"):
        fake_shop.tick(60)
        write(ana, text)
        syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)

    hear(link, "covered", covered_at)

    assert (note_text(ana), drafts()) == ("latest", ["covered"])


def test_text_replaced_in_the_store_itself_is_not_brought_back(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "ours")
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)
    fake_shop.tick(60)
    replaced_at = fake_shop.now
    fake_shop.edit("1001", "first thought")
    fake_shop.tick(2)
    fake_shop.edit("1001", "second thought")

    hear(link, "first thought", replaced_at)

    assert (note_text(ana), drafts()) == ("second thought", [])


def test_known_text_is_not_kept_twice(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.edit("1001", "merchant's")
    hear(link, "merchant's", fake_shop.now)
    write(ana, "ours")
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)

    hear(link, "merchant's", fake_shop.now)  # the same delivery again, of the same second as our writing

    assert (note_text(ana), drafts()) == ("ours", [])


def test_switched_off_only_remembers_for_the_counts(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, fake_connection: Connection, in_acme: Tenant
) -> None:
    Connection.objects.update(sync_notes=False)

    outcomes = [hear(link, "theirs", BEGIN + timedelta(seconds=5)), hear(link, "older", BEGIN)]

    link.refresh_from_db()
    assert outcomes == ["notes are not synchronized"] * 2
    assert (link.remote_text, note_text(ana), fake_shop.calls) == ("theirs", "", [])


def test_differing_notes_wait_for_a_person(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    StoreCustomer.objects.update(base_text=None, note_state=NoteSync.DIFFERS, remote_text="theirs")
    write(ana, "ours")
    fake_shop.edit("1001", "theirs, edited")

    outcome = hear(link, "theirs, edited", fake_shop.now)

    link.refresh_from_db()
    assert outcome == "the note is both filled, choose one"
    assert (note_text(ana), link.remote_text, fake_shop.written) == ("ours", "theirs, edited", [])
