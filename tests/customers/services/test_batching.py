"""Changing many customers: a few at once, more step by step; each change in the history, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import CustomerEvent, FieldKind, FieldTarget
from customers.models import Customer, CustomerContact, CustomerFieldValue, CustomerTag
from customers.services import batching, defining, deleting, describing, setting_fields, verbs
from customers.services.batching import change_many, undo_batch, work_step
from events.models import Event
from jobs.models import Job
from jobs.services.batching import NothingChosen, NothingToUndo
from jobs.services.following import dismiss, read_mine, read_progress
from tests.customers.actors import ADA, MINUTE, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def everybody(count: int = 3) -> list[int]:
    return [make_customer(f"C{number}").pk for number in range(count)]


def change(agent: Membership, ids: list[int], verb: str, **values: Any) -> Job:
    return change_many(agent=agent, verb=verb, values=values, customer_ids=ids, at=NOON)


def work(job: Job) -> None:
    """As the worker: every step that is planned."""
    while not (job := Job.objects.get(pk=job.pk)).is_finished:
        cause = Event.objects.filter(type=CustomerEvent.BATCH_PLANNED.name).latest("pk")
        work_step(job_id=job.pk, at=NOON, cause=cause)


def test_few_are_changed_at_once_and_each_history_says_so(agent: Membership) -> None:
    ids = everybody()

    job = change(agent, ids, "manager", manager_id=agent.pk)

    assert job.is_finished
    assert job.report["summary"] == "3 changed"
    assert set(Customer.objects.values_list("manager", flat=True)) == {agent.pk}
    said = Customer.history.filter(manager_id=agent.pk).values_list("id", "actor_name")
    assert sorted(said) == [(pk, agent.name) for pk in ids]
    assert not Event.objects.filter(type=CustomerEvent.BATCH_PLANNED.name)


def test_many_are_changed_step_by_step(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 2)
    monkeypatch.setattr("jobs.services.batching.STEP", 2)
    ids = everybody(5)

    job = change(agent, ids, "vip", is_vip=True)
    assert (job.is_finished, Customer.objects.filter(is_vip=True).count()) == (False, 0)
    cause = Event.objects.get(type=CustomerEvent.BATCH_PLANNED.name)
    work_step(job_id=job.pk, at=NOON, cause=cause)
    assert (Job.objects.get(pk=job.pk).done, Customer.objects.filter(is_vip=True).count()) == (2, 2)
    work(job)

    job.refresh_from_db()
    assert job.report["summary"] == "5 changed"
    assert Customer.objects.filter(is_vip=True).count() == 5
    work_step(job_id=job.pk, at=NOON, cause=cause)  # once more than needed
    assert Job.objects.get(pk=job.pk).report == job.report


def test_those_who_are_so_already_are_skipped_with_the_reason(agent: Membership) -> None:
    ids = everybody()
    Customer.objects.filter(pk=ids[0]).update(is_bad=True)

    job = change(agent, ids, "bad", is_bad=True)

    assert job.report["summary"] == "2 changed, 1 skipped"
    left = read_progress(batches=batching.BATCHES, job=job).left
    assert [(one.why, one.numbers) for one in left] == [("so already", [1])]


def test_fault_with_one_leaves_the_others_changed(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = everybody()
    act = verbs.VERBS["vip"].act

    def fail(customer: Customer, doer: verbs.Doer) -> Any:
        if customer.pk == ids[1]:
            raise RuntimeError("a fault of ours")
        return act(customer, doer)

    monkeypatch.setitem(verbs.VERBS, "vip", verbs.Verb("Marking", "changed", fail))

    job = change(agent, ids, "vip", is_vip=True)

    assert job.report["summary"] == "2 changed, 1 failed"


VALUES: list[tuple[str, dict[str, Any]]] = [
    ("manager", {"manager_id": None}),
    ("store", {"store_number": 4}),
    ("vip", {"is_vip": True}),
    ("bad", {"is_bad": False}),
    ("tag", {"tag": "Press"}),
    ("untag", {"tag": "friend"}),
    ("field", {"code": "size", "typed": "L", "written": "L", "zone": "UTC"}),
    ("field", {"code": "color", "typed": "red;blue", "written": "red;blue", "zone": "UTC"}),
]


@pytest.mark.parametrize(("verb", "values"), VALUES)
def test_what_was_changed_is_put_back(agent: Membership, verb: str, values: dict[str, Any]) -> None:
    ids = everybody(2)
    _tell(ids[0], agent)
    before = _all_said()

    job = change(agent, ids, verb, **values)
    assert _all_said() != before
    assert read_progress(batches=batching.BATCHES, job=job).can_be_undone
    undoing = undo_batch(job=job, agent=agent, at=NOON)

    assert _all_said() == before
    assert "put back" in undoing.report["summary"]
    job.refresh_from_db()
    assert not batching.BATCHES.can_be_undone(job)
    with pytest.raises(NothingToUndo):
        undo_batch(job=job, agent=agent, at=NOON)
    with pytest.raises(NothingToUndo):
        undo_batch(job=undoing, agent=agent, at=NOON)


def _tell(customer_id: int, agent: Membership) -> None:
    Customer.objects.filter(pk=customer_id).update(manager=agent, store_number=2, is_bad=True)
    customer = Customer.objects.get(pk=customer_id)
    CustomerTag.objects.create(customer=customer, name="friend", name_folded="friend")
    options = [defining.OptionDraft(label) for label in ("Red", "Blue")]
    for code, kind, given in (("size", FieldKind.STRING, ()), ("color", FieldKind.CHOICES, options)):
        draft = defining.FieldDraft(code, code=code)
        defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, options=given, actor=ADA)
    typed = {"size": "M", "color": "blue"}
    setting_fields.set_fields(customer=customer, typed=typed, zone=ZoneInfo("UTC"), actor=ADA)


def _all_said() -> list[Any]:
    customers = Customer.objects.order_by("pk").values_list("manager", "store_number", "is_vip", "is_bad")
    tags = CustomerTag.objects.order_by("customer", "name").values_list("customer", "name")
    values = CustomerFieldValue.objects.order_by("customer", "field", "option")
    return [*customers, *tags, *values.values_list("customer", "field", "option", "text")]


def test_what_somebody_changed_since_is_not_put_back(agent: Membership) -> None:
    ids = everybody(2)
    job = change(agent, ids, "store", store_number=4)
    moved = Customer.objects.get(pk=ids[0])
    details = describing.Details(first_name="C0", store_number=9)
    describing.describe_customer(customer=moved, details=details, actor=ADA)

    undoing = undo_batch(job=job, agent=agent, at=NOON)

    assert undoing.report["summary"] == "1 put back, 1 skipped"
    assert list(Customer.objects.order_by("pk").values_list("store_number", flat=True)) == [9, None]


def test_deleted_customers_are_left_alone_but_can_be_restored(agent: Membership) -> None:
    ids = everybody(2)
    make_contact(Customer.objects.get(pk=ids[0]), "c0@post.example")

    # Now: what went with a customer is found by when they went.
    deleted = change_many(agent=agent, verb="delete", values={}, customer_ids=ids, at=clock.now())
    assert not batching.BATCHES.can_be_undone(deleted)
    assert change(agent, ids, "vip", is_vip=True).report["summary"] == "0 changed, 2 skipped"
    restored = change(agent, ids, "restore")

    assert (deleted.report["summary"], restored.report["summary"]) == ("2 deleted", "2 restored")
    assert Customer.objects.alive().count() == 2
    assert CustomerContact.objects.count() == 1


def test_customer_of_too_many_tags_is_skipped(agent: Membership) -> None:
    ids = everybody(1)
    for number in range(50):
        CustomerTag.objects.create(customer_id=ids[0], name=f"t{number}", name_folded=f"t{number}")

    job = change(agent, ids, "tag", tag="one more")

    assert read_progress(batches=batching.BATCHES, job=job).left[0].why == "with 50 tags already"


def test_value_that_does_not_fit_is_said_for_each(agent: Membership) -> None:
    ids = everybody(1)
    draft = defining.FieldDraft("Weight", code="weight")
    defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.NUMBER, draft=draft, actor=ADA)

    job = change(agent, ids, "field", code="weight", typed="heavy", written="heavy", zone="UTC")

    assert read_progress(batches=batching.BATCHES, job=job).left[0].why == "Write a number, such as 12.5"


def test_nobody_chosen_is_no_job(agent: Membership) -> None:
    with pytest.raises(NothingChosen):
        change(agent, [], "delete")
    assert not Job.objects.exists()


def test_work_of_somebody_who_left_stops_and_says_so(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 0)
    job = change(agent, everybody(1), "vip", is_vip=True)
    Membership.objects.filter(pk=agent.pk).update(is_active=False)

    work(job)

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.report["summary"].startswith("Stopped: who asked for it is no longer a member.")
    assert not Customer.objects.filter(is_vip=True)


def test_work_that_is_given_up_says_why(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 0)
    job = change(agent, everybody(1), "vip", is_vip=True)

    batching.BATCHES.fail(job_id=job.pk, reason="the database is away.", at=NOON)

    job.refresh_from_db()
    assert job.report["summary"] == "Stopped: the database is away. 0 changed."


def test_agent_sees_their_own_work_until_it_is_dismissed_or_long_over(agent: Membership, bela: Membership) -> None:
    ids = everybody(1)
    job = change(agent, ids, "vip", is_vip=True)

    assert [one.words for one in read_mine(batches=batching.BATCHES, agent=agent, at=NOON)] == ["1 changed"]
    assert read_mine(batches=batching.BATCHES, agent=bela, at=NOON) == []
    assert read_mine(batches=batching.BATCHES, agent=agent, at=NOON + 4 * MINUTE) == []
    dismiss(job=job)
    assert read_mine(batches=batching.BATCHES, agent=agent, at=NOON) == []


def test_jobs_of_other_apps_have_no_way_back_here(agent: Membership) -> None:
    job = Job.objects.create(
        kind="ticket_batch", state="done", cursor={"verb": "close"}, report={"changed": [[1, None]]}
    )

    assert read_progress(batches=batching.BATCHES, job=job).can_be_undone is False
    with pytest.raises(NothingToUndo):
        undo_batch(job=job, agent=agent, at=NOON)


def test_deleting_one_that_a_colleague_deleted_meanwhile(agent: Membership) -> None:
    ids = everybody(1)
    deleting.delete_customer(customer=Customer.objects.get(pk=ids[0]), actor=ADA, at=NOON)

    job = change(agent, ids, "delete")

    assert read_progress(batches=batching.BATCHES, job=job).left[0].why == "deleted"
