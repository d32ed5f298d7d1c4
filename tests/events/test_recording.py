"""Recording: event and reactions in the caller's transaction, nothing lost, nothing waited for."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from accounts.tenancy import NoActiveTenant
from events.kinds import EventType, find_type
from events.models import Event, Reaction
from events.services import recording
from events.services.recording import record
from tests.events.kinds import HAPPENED, TASK

Happen = Callable[[], Event]


def queue_length() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return client.llen("celery")


def test_record_writes_who_did_what_to_what(in_acme: Tenant, ada: Membership) -> None:
    event = record(HAPPENED, subject=ada, actor=ada.as_actor(), data={"what": "rain"}, customer_id=7, ticket_id=8)

    stored = Event.objects.get()
    assert stored == event
    assert (stored.type, stored.subject_kind, stored.subject_id) == ("thing.happened", "membership", ada.pk)
    assert (stored.actor_kind, stored.actor_id, stored.actor_name) == ("agent", ada.pk, "Ada")
    assert (stored.customer_id, stored.ticket_id, stored.data) == (7, 8, {"what": "rain"})


def test_record_makes_one_reaction_for_each_subscriber(in_acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "subscribers", lambda: {HAPPENED.name: ("a.b", "c.d"), "other.thing": ("e.f",)})

    event = record(HAPPENED, subject=in_acme, actor=SYSTEM, data={"what": "rain"})

    assert set(Reaction.objects.values_list("event_id", "task", "tenant_id")) == {
        (event.pk, "a.b", in_acme.pk),
        (event.pk, "c.d", in_acme.pk),
    }


def test_record_wakes_a_worker_after_commit(happen: Happen, run_on_commit: Any) -> None:
    with run_on_commit():
        happen()
        assert queue_length() == 0

    assert queue_length() == 1


def test_rolled_back_transaction_leaves_neither_event_nor_reaction(happen: Happen, run_on_commit: Any) -> None:
    with run_on_commit(), pytest.raises(RuntimeError), transaction.atomic():
        happen()
        raise RuntimeError

    assert not Event.objects.exists()
    assert not Reaction.objects.exists()
    assert queue_length() == 0


@pytest.mark.parametrize("data", [{}, {"what": 1}, {"what": "rain", "more": 1}, {"other": "rain"}])
def test_record_refuses_data_of_another_shape(happen: Happen, in_acme: Tenant, data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"thing\.happened"):
        record(HAPPENED, subject=in_acme, actor=SYSTEM, data=data)

    assert not Event.objects.exists()


def test_record_outside_a_workspace_is_refused(acme: Tenant) -> None:
    with pytest.raises(NoActiveTenant):
        record(HAPPENED, subject=acme, actor=SYSTEM, data={"what": "rain"})


def test_event_knows_its_cause(happen: Happen, in_acme: Tenant) -> None:
    first = happen()

    second = record(HAPPENED, subject=in_acme, actor=SYSTEM, data={"what": "flood"}, cause=first)

    assert Event.objects.get(pk=second.pk).cause == first


@pytest.mark.parametrize("state", ["dead_redis", "hung_redis"])
@pytest.mark.django_db(transaction=True)
def test_request_is_saved_quickly_without_redis(
    subscribed: None, in_acme: Tenant, state: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(state)
    started = time.perf_counter()

    with transaction.atomic():
        for _ in range(3):
            record(HAPPENED, subject=in_acme, actor=SYSTEM, data={"what": "rain"}, live=["ticket-1", "inbox"])

    assert time.perf_counter() - started < 0.5
    with transaction.atomic():
        assert Reaction.objects.waiting().count() == 3


def test_two_event_types_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="two event types"):
        EventType("thing.happened", {})

    assert find_type("thing.happened") is HAPPENED


def test_personal_keys_are_keys_of_the_shape() -> None:
    with pytest.raises(ValueError, match="personal"):
        EventType("thing.misdeclared", {"what": str}, personal=frozenset({"who"}))


def test_task_of_the_tests_is_nobodys() -> None:
    assert TASK not in {task for tasks in recording.subscribers().values() for task in tasks}


def test_what_happens_on_a_ticket_is_told_to_the_customers_page(
    in_acme: Tenant, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(recording, "announce", lambda *names: told.append(names))
    said: dict[str, Any] = {"subject": ada, "actor": SYSTEM, "data": {"what": "rain"}, "live": ["ticket-3"]}

    record(HAPPENED, customer_id=7, ticket_id=8, **said)
    record(HAPPENED, customer_id=7, **said)
    record(HAPPENED, ticket_id=8, **said)

    assert told == [("ticket-3", "dealings-7"), ("ticket-3",), ("ticket-3",)]
