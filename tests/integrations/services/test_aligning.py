"""Switching on, what is counted before, and what people choose (D1)."""

from dataclasses import asdict
from typing import Any

import pytest

from accounts.models import Tenant
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer, NoteVersion
from customers.services import noting
from events.models import Event, Reaction
from integrations.base import GiveUp, TryAgain
from integrations.kinds import NoteChoice
from integrations.models import Connection, StoreCustomer
from integrations.services import aligning, batching, continuing, switching, syncing
from jobs.models import Job
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import FakeShop

PAIRS = [("", "theirs"), ("", "theirs too"), ("ours", ""), ("same", "same"), ("ours", "theirs"), ("", "")]


only_differing = pytest.mark.parametrize("people", [[("ours", "theirs")]], indirect=True)


@pytest.fixture
def people(fake_connection: Connection, fake_shop: FakeShop, request: pytest.FixtureRequest) -> list[Customer]:
    """One linked customer for each of PAIRS, on a connection whose question is not answered."""
    Connection.objects.update(sync_notes=None)
    customers = []
    for number, (ours, theirs) in enumerate(getattr(request, "param", PAIRS)):
        customer = make_customer(f"Customer {number}", "")
        noting.save_note(customer=customer, text=ours, based_on=0, actor=AGENT, at=clock.now())
        fake_shop.add(str(number), theirs)
        make_link(fake_connection, customer, str(number), remote_text=theirs)
        customers.append(customer)
    Reaction.objects.all().delete()
    return customers


def switch(on: bool) -> Event:
    switching.switch_note_sync(connection=Connection.objects.get(), on=on, actor=AGENT, at=clock.now())
    return Event.objects.filter(type="store.note_sync_switched").latest("pk")


def run_job(event: Event) -> Job:
    """The task and its batches, one after the other."""
    job = aligning.align_notes(connection=Connection.objects.get(), cause=event)
    while not job.is_finished:
        planned = Event.objects.filter(type="store.batch_planned").latest("pk")
        continuing.work_batch(job_id=job.pk, at=clock.now(), cause=planned)
        job.refresh_from_db()
    return job


def sides(people: list[Customer], shop: FakeShop) -> list[tuple[str, str]]:
    return [(noting.read_note(customer=one).text, shop.notes[str(n)]) for n, one in enumerate(people)]


def states(people: list[Customer]) -> list[str]:
    return [noting.read_note(customer=one).sync_state for one in people]


def test_preview_counts_what_would_happen(people: list[Customer], fake_shop: FakeShop) -> None:
    unread, twice = make_customer("Never", "Read"), make_customer("Two", "Stores")
    make_link(Connection.objects.get(), unread, "70")
    make_link(Connection.objects.get(), twice, "71", remote_text="x")
    make_link(make_connection("two.example", kind="fake"), twice, "72")

    preview = aligning.preview_alignment(connection=Connection.objects.get(shop="fake.example"))

    counts = {"fill_here": 2, "fill_there": 1, "equal": 2, "differ": 1, "unread": 1, "blocked": 1}
    assert (asdict(preview), fake_shop.calls) == (counts, [])


def test_switching_on_fills_empty_sides_and_leaves_what_differs(people: list[Customer], fake_shop: FakeShop) -> None:
    job = run_job(switch(on=True))

    assert sides(people, fake_shop) == [
        ("theirs", "theirs"),
        ("theirs too", "theirs too"),
        ("ours", "ours"),
        ("same", "same"),
        ("ours", "theirs"),
        ("", ""),
    ]
    assert states(people) == [*["in_sync"] * 4, "differs", "in_sync"]
    assert (job.done, job.total, job.report) == (6, 6, {"in_sync": 5, "differs": 1})
    assert fake_shop.written == ["ours"]


def test_batches_follow_each_other(
    people: list[Customer], fake_shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "BATCH", 4)
    monkeypatch.setattr(aligning, "BATCH", 4)

    job = run_job(switch(on=True))

    assert job.done == 6
    assert Event.objects.filter(type="store.batch_planned").count() == 3


def test_batch_that_stopped_goes_on_where_it_was(people: list[Customer], fake_shop: FakeShop) -> None:
    event = switch(on=True)
    job = aligning.align_notes(connection=Connection.objects.get(), cause=event)
    fake_shop.before["fetch_note"] = [lambda: None, lambda: None, lambda: fake_shop.faults.append(TryAgain("away"))]
    with pytest.raises(TryAgain):
        continuing.work_batch(job_id=job.pk, at=clock.now(), cause=event)
    job.refresh_from_db()
    assert (job.done, job.state) == (2, "running")

    job = run_job(event)

    assert (job.done, Job.objects.count()) == (6, 1)
    assert fake_shop.calls.count("fetch_note") == 7


def test_one_refused_note_stops_no_other(people: list[Customer], fake_shop: FakeShop) -> None:
    fake_shop.before["write_note"] = [lambda: fake_shop.faults.append(GiveUp("not this one"))]

    job = run_job(switch(on=True))

    assert (job.report["failed"], job.report["in_sync"], states(people)[2]) == (1, 4, "failed")


def test_overtaken_worker_stops_and_plans_nothing(people: list[Customer], fake_shop: FakeShop) -> None:
    """It took longer than its lease, and another one went on with the job."""
    event = switch(on=True)
    job = aligning.align_notes(connection=Connection.objects.get(), cause=event)
    further = job.cursor | {"after": StoreCustomer.objects.latest("pk").pk}
    fake_shop.before["fetch_note"] = [lambda: Job.objects.update(cursor=further, done=6)]

    continuing.work_batch(job_id=job.pk, at=clock.now(), cause=event)

    job.refresh_from_db()
    assert (job.done, job.cursor) == (6, further)
    assert Event.objects.filter(type="store.batch_planned").count() == 1
    assert fake_shop.calls == ["fetch_note"]


@only_differing
def test_given_up_batch_says_so_where_the_progress_is(people: list[Customer]) -> None:
    job = aligning.align_notes(connection=Connection.objects.get(), cause=switch(on=True))

    batching.fail_job(job_id=job.pk, reason="HTTP 503", at=clock.now())

    job.refresh_from_db()
    assert (job.state, job.report) == ("failed", {"reason": "HTTP 503"})


def test_switching_off_says_so_on_every_note_and_forgets_the_agreement(
    people: list[Customer], fake_shop: FakeShop
) -> None:
    run_job(switch(on=True))
    calls = len(fake_shop.calls)

    job = run_job(switch(on=False))

    assert (states(people), job.report, len(fake_shop.calls)) == ([NoteSync.OFF] * 6, {"off": 6}, calls)
    assert set(StoreCustomer.objects.values_list("base_text", "note_state")) == {(None, NoteSync.OFF)}


def test_switched_on_again_they_meet_as_for_the_first_time(people: list[Customer], fake_shop: FakeShop) -> None:
    run_job(switch(on=True))
    run_job(switch(on=False))
    fake_shop.edit("3", "changed while off")

    run_job(switch(on=True))

    assert states(people)[3] == NoteSync.DIFFERS
    assert sides(people, fake_shop)[3] == ("same", "changed while off")


@only_differing
def test_switching_twice_is_refused(people: list[Customer]) -> None:
    switch(on=False)
    with pytest.raises(switching.AlreadySwitched):
        switch(on=False)


@only_differing
@pytest.mark.parametrize(
    ("choice", "end"),
    [(NoteChoice.OURS, "ours"), (NoteChoice.STORES, "theirs"), (NoteChoice.BOTH, "ours\n\ntheirs")],
)
def test_choice_becomes_the_note_on_both_sides(
    people: list[Customer], fake_shop: FakeShop, choice: NoteChoice, end: str
) -> None:
    run_job(switch(on=True))
    [difference] = aligning.list_differences(connection=Connection.objects.get())
    assert (difference.ours, difference.theirs, difference.link.customer) == ("ours", "theirs", people[0])

    aligning.choose_note(link=difference.link, choice=choice, actor=AGENT, at=clock.now())

    note = noting.read_note(customer=people[0])
    assert (note.text, note.sync_state) == (end, NoteSync.PENDING)
    assert Reaction.objects.filter(task="integrations.tasks.push_note").exists()
    syncing.push_note(customer_id=people[0].pk, at=clock.now(), cause=None)
    assert sides(people, fake_shop)[0] == (end, end)
    assert states(people)[0] == NoteSync.IN_SYNC
    with pytest.raises(aligning.AlreadyChosen):
        aligning.choose_note(link=difference.link, choice=choice, actor=AGENT, at=clock.now())
    assert aligning.list_differences(connection=Connection.objects.get()) == []


@only_differing
def test_store_text_that_changed_since_it_was_shown_is_not_lost(people: list[Customer], fake_shop: FakeShop) -> None:
    run_job(switch(on=True))
    [difference] = aligning.list_differences(connection=Connection.objects.get())
    fake_shop.edit("0", "theirs, edited")

    aligning.choose_note(link=difference.link, choice=NoteChoice.OURS, actor=AGENT, at=clock.now())
    syncing.push_note(customer_id=people[0].pk, at=clock.now(), cause=None)

    note = noting.read_note(customer=people[0])
    assert sides(people, fake_shop)[0] == ("ours", "ours")
    assert [draft.text for draft in note.drafts.unsettled()] == ["theirs, edited"]
    assert NoteVersion.objects.filter(note=note).count() == 1


def test_lists_take_the_same_number_of_queries(
    people: list[Customer], fake_shop: FakeShop, in_acme: Tenant, django_assert_num_queries: Any
) -> None:
    run_job(switch(on=True))
    connection = Connection.objects.get()
    for differing in (1, 6):
        if differing == 6:
            StoreCustomer.objects.update(note_state=NoteSync.DIFFERS)
        with django_assert_num_queries(2):
            assert len(aligning.list_differences(connection=connection)) == differing
        with django_assert_num_queries(1):
            aligning.preview_alignment(connection=connection)
