"""The three-way comparison at work, with its races, against a store whose every step we hold in our hands."""

from datetime import timedelta

import pytest

from core import clock
from customers.kinds import NoteSync
from customers.models import Customer, CustomerNote, NoteDraft, NoteVersion
from customers.services import noting
from events.models import Event
from integrations.base import GiveUp, TryAgain
from integrations.models import Connection, StoreCustomer
from integrations.services import deciding, syncing
from integrations.services.leasing import Busy, leased
from tests.factories.customers import make_customer
from tests.factories.integrations import make_cause, make_connection, make_link
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import FakeShop


def write(customer: Customer, text: str) -> None:
    note = noting.read_note(customer=customer)
    noting.save_note(customer=customer, text=text, based_on=note.version, actor=AGENT, at=clock.now())


def sync(customer: Customer) -> NoteSync:
    return syncing.sync_note(customer_id=customer.pk, at=clock.now(), cause=None)


def push(customer: Customer) -> NoteSync:
    return syncing.push_note(customer_id=customer.pk, at=clock.now(), cause=None)


def note_of(customer: Customer) -> CustomerNote:
    return noting.read_note(customer=customer)


def drafts_of(customer: Customer) -> list[str]:
    return list(NoteDraft.objects.filter(note__customer=customer).values_list("text", flat=True))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "end_here", "end_there", "kept"),
    [
        ("b", "b", "b", "b", "b", []),
        ("b", "new", "b", "new", "new", []),
        ("b", "b", "new", "new", "new", []),
        ("b", "same", "same", "same", "same", []),
        ("b", "ours", "theirs", "ours", "ours", ["theirs"]),
        ("b", "ours", "", "ours", "ours", []),
        ("b", "", "theirs", "", "", ["theirs"]),
        ("b", "", "b", "", "", []),
        ("b", "b", "", "", "", []),
        (None, "", "theirs", "theirs", "theirs", []),
        (None, "ours", "", "ours", "ours", []),
        (None, "same", "same ", "same", "same ", []),
        (None, "ours", "theirs", "ours", "theirs", []),
        ("b\r\n", "b", "b  ", "b", "b  ", []),
    ],
)
def test_sync_brings_both_sides_together(
    link: StoreCustomer,
    ana: Customer,
    fake_shop: FakeShop,
    base: str | None,
    ours: str,
    theirs: str,
    end_here: str,
    end_there: str,
    kept: list[str],
) -> None:
    write(ana, ours)
    StoreCustomer.objects.update(base_text=base)
    fake_shop.notes["1001"] = theirs

    state = sync(ana)

    differs = base is None and bool(ours and theirs) and ours != theirs.strip()
    assert (note_of(ana).text, fake_shop.notes["1001"], drafts_of(ana)) == (end_here, end_there, kept)
    assert state == note_of(ana).sync_state == (NoteSync.DIFFERS if differs else NoteSync.IN_SYNC)
    link.refresh_from_db()
    assert link.note_state == state
    assert differs or noting.clean_note(link.base_text or "") == end_here


def test_push_sends_once_and_then_calls_nobody(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "Call after five.")

    states = [push(ana), push(ana), push(ana)]

    assert states == [NoteSync.IN_SYNC] * 3
    assert fake_shop.written == ["Call after five."]
    assert fake_shop.calls == ["fetch_note", "write_note"]
    assert Event.objects.filter(type="store.note_pushed").count() == 1


def test_text_taken_from_the_store_is_not_sent_back(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.edit("1001", "From the merchant")
    sync(ana)
    calls = len(fake_shop.calls)

    state = push(ana)

    assert (state, fake_shop.written, len(fake_shop.calls)) == (NoteSync.IN_SYNC, [], calls)
    assert note_of(ana).author_name == "Fake shop"


def test_push_reads_again_before_it_writes(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "ours")
    fake_shop.before["fetch_note"] = [lambda: fake_shop.edit("1001", "theirs")]

    push(ana)

    assert (note_of(ana).text, fake_shop.notes["1001"], drafts_of(ana)) == ("ours", "ours", ["theirs"])


def test_text_saved_while_another_is_sent_follows_at_once(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "first")
    fake_shop.before["write_note"] = [lambda: write(ana, "second")]

    state = push(ana)

    assert (state, fake_shop.written, note_of(ana).sync_state) == (NoteSync.IN_SYNC, ["first", "second"], "in_sync")


def test_text_that_always_changes_ends_in_a_retry(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.before["write_note"] = [lambda text=str(n): write(ana, f"again {text}") for n in range(9)]  # type: ignore[misc]
    write(ana, "first")

    with pytest.raises(TryAgain):
        push(ana)

    assert len(fake_shop.written) == syncing.MOST_WRITES
    assert note_of(ana).sync_state == NoteSync.PENDING


def test_answer_with_another_text_is_the_stores_next_change(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = fake_shop.edit
    monkeypatch.setattr(fake_shop, "edit", lambda remote_id, text: edit(remote_id, text.upper()))
    write(ana, "shout")

    state = push(ana)

    assert (state, note_of(ana).text, fake_shop.written) == (NoteSync.IN_SYNC, "SHOUT", ["shout"])


def test_write_whose_answer_is_lost_is_not_taken_for_a_strangers(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "sent")
    fake_shop.loses_answers = True
    fake_shop.before["write_note"] = [lambda: fake_shop.faults.append(TryAgain("no answer"))]
    with pytest.raises(TryAgain):
        push(ana)
    fake_shop.loses_answers = False
    assert (note_of(ana).sync_state, note_of(ana).sync_detail) == (NoteSync.PENDING, "no answer")
    write(ana, "sent, then edited here")

    push(ana)

    assert fake_shop.notes["1001"] == "sent, then edited here"
    assert drafts_of(ana) == []


def test_worker_killed_before_it_stored_the_answer_sends_once(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ana, "sent")
    decide = deciding.decide
    calls = iter([decide])

    def die(*args: object, **kwargs: object) -> object:
        return next(calls)(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(syncing, "decide", die)
    with pytest.raises(StopIteration):
        push(ana)
    monkeypatch.setattr(syncing, "decide", decide)

    state = push(ana)

    assert (state, fake_shop.written) == (NoteSync.IN_SYNC, ["sent"])


def test_note_too_long_is_never_sent_and_never_cut(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    long = "é🥜" * 40  # 120 as stores count, 80 as Python does
    write(ana, long)

    state = push(ana)

    assert (state, fake_shop.written, note_of(ana).text) == (NoteSync.FAILED, [], long)
    assert "120 characters" in note_of(ana).sync_detail
    assert note_of(ana).text_limit == 100
    write(ana, "short")
    assert push(ana) == NoteSync.IN_SYNC


def test_long_note_and_a_store_text_are_both_kept(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "x" * 200)
    fake_shop.edit("1001", "theirs")

    state = sync(ana)

    assert (state, note_of(ana).text, drafts_of(ana)) == (NoteSync.FAILED, "x" * 200, ["theirs"])
    assert fake_shop.notes["1001"] == "theirs"


@pytest.mark.parametrize("same_store", [True, False])
def test_two_store_customers_block_both_directions(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, fake_connection: Connection, same_store: bool
) -> None:
    other = fake_connection if same_store else make_connection("two.example", kind="fake", name="Second shop")
    make_link(other, ana, "1002", display_name="Ana two")
    write(ana, "ours")
    fake_shop.edit("1001", "theirs")

    states = [push(ana), sync(ana)]

    note = note_of(ana)
    assert states == [NoteSync.BLOCKED] * 2
    assert (note.sync_state, note.text, fake_shop.notes["1001"]) == (NoteSync.BLOCKED, "ours", "theirs")
    assert f"Ana L. in Fake shop and Ana two in {'Fake shop' if same_store else 'Second shop'}" in note.sync_detail
    assert fake_shop.calls == []


@pytest.mark.parametrize("answer", [None, False])
def test_switched_off_nothing_moves(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, fake_connection: Connection, answer: bool | None
) -> None:
    Connection.objects.update(sync_notes=answer)
    write(ana, "ours")
    fake_shop.edit("1001", "theirs")

    states = [push(ana), sync(ana)]

    assert states == [NoteSync.OFF] * 2
    assert (fake_shop.calls, fake_shop.notes["1001"], note_of(ana).text) == ([], "theirs", "ours")


def test_switching_off_between_read_and_write_stops_the_write(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "ours")
    fake_shop.before["fetch_note"] = [lambda: Connection.objects.update(sync_notes=False)]

    with pytest.raises(Busy):
        push(ana)

    assert (fake_shop.written, push(ana)) == ([], NoteSync.OFF)


def test_disconnected_store_says_so_on_the_note(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop, fake_connection: Connection
) -> None:
    fake_connection.mark_disconnected(reason="the token was revoked", at=clock.now())
    write(ana, "ours")

    state = push(ana)

    assert (state, fake_shop.calls) == (NoteSync.FAILED, [])
    assert note_of(ana).sync_detail == "Fake shop is disconnected: the token was revoked"


def test_refusal_fails_the_note_once(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "ours")
    fake_shop.before["write_note"] = [lambda: fake_shop.faults.append(GiveUp("not allowed"))]
    with pytest.raises(GiveUp):
        push(ana)

    syncing.fail_note(customer_id=ana.pk, reason="not allowed", cause=None)  # as the task does when it gives up

    assert (note_of(ana).sync_state, note_of(ana).sync_detail) == (NoteSync.FAILED, "not allowed")
    assert Event.objects.filter(type="store.note_failed").count() == 1
    assert not Connection.objects.get().is_disabled


def test_revoked_token_disables_the_connection(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "ours")
    fake_shop.faults = [GiveUp("revoked", disables=True)]

    with pytest.raises(GiveUp):
        push(ana)

    connection = Connection.objects.get()
    assert (connection.is_disabled, connection.last_error) == (True, "revoked")
    assert note_of(ana).sync_state == NoteSync.FAILED
    assert note_of(ana).sync_detail == "Fake shop is disconnected: revoked"


def test_customer_gone_from_the_store_fails_the_note(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    fake_shop.notes.clear()
    write(ana, "ours")

    with pytest.raises(GiveUp):
        push(ana)

    assert note_of(ana).sync_state == NoteSync.FAILED


def test_second_worker_is_sent_away_while_the_first_is_at_it(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "ours")
    seen: list[type[Exception]] = []

    def second() -> None:
        try:
            sync(ana)
        except Busy:
            seen.append(Busy)

    fake_shop.before["write_note"] = [second]

    assert push(ana) == NoteSync.IN_SYNC
    assert (seen, fake_shop.written) == ([Busy], ["ours"])


def test_dead_workers_lease_runs_out_and_its_late_answer_is_refused(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    write(ana, "old")

    def overtaken() -> None:
        StoreCustomer.objects.update(leased_until=clock.now() - timedelta(seconds=1))
        write(ana, "new")
        assert sync(ana) == NoteSync.IN_SYNC

    fake_shop.before["write_note"] = [overtaken]

    with pytest.raises(Busy):
        push(ana)

    link.refresh_from_db()
    assert (link.lease, link.base_text) == (None, "new")
    # The sleeper's write landed last: its webhook will bring "old" back, and "new" stays among the versions.
    assert fake_shop.notes["1001"] == "old"


def test_lease_is_given_back_whatever_happens(link: StoreCustomer) -> None:
    with pytest.raises(ZeroDivisionError), leased(link, cause=None):
        raise ZeroDivisionError

    with leased(link, cause=None):
        pass


def test_killed_workers_lease_goes_to_the_next_worker_of_its_event(link: StoreCustomer) -> None:
    event, other = make_cause(link.connection), make_cause(link.connection)

    with leased(link, cause=event) as first:
        for stranger in (other, None):
            with pytest.raises(Busy), leased(link, cause=stranger):
                pass
        with leased(link, cause=event) as second:
            assert first != second
            link.refresh_from_db()
            assert link.lease == second


def test_every_text_stays_in_the_versions(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    write(ana, "one")
    push(ana)
    fake_shop.edit("1001", "two")
    sync(ana)
    write(ana, "three")
    push(ana)

    texts = NoteVersion.objects.order_by("number").values_list("text", "author_name")
    assert list(texts) == [("one", "Ada"), ("two", "Fake shop"), ("three", "Ada")]


def test_home_is_the_only_working_store(ana: Customer, fake_shop: FakeShop, link: StoreCustomer) -> None:
    gone = make_connection("gone.example", kind="fake", name="Gone", sync_notes=True, disabled_at=clock.now())
    make_link(gone, ana, "7")
    write(ana, "ours")

    assert push(ana) == NoteSync.IN_SYNC


def test_customers_without_a_store_are_left_alone(fake_connection: Connection, fake_shop: FakeShop) -> None:
    stranger = make_customer("Nobody", "Known")
    write(stranger, "ours")

    assert (push(stranger), fake_shop.calls) == (NoteSync.OFF, [])
