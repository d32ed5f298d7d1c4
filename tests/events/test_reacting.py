"""Reactions: claimed by one, retried with growing waits, given up aloud, swept when forgotten."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import redis
from celery.exceptions import Ignore
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core.retry import Permanent, Retryable
from events.models import Event, Reaction
from events.services import reacting
from events.services.reacting import LEASE, WAITS, claimed, wake_due

Happen = Callable[[], Event]


@pytest.fixture
def reaction(happen: Happen) -> Reaction:
    happen()
    return Reaction.objects.get()


def again(reaction: Reaction) -> Reaction:
    return Reaction.objects.get(pk=reaction.pk)


def make_due(reaction: Reaction) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(due_at=timezone.now() - timedelta(seconds=5))


def fail_with(reaction: Reaction, error: Exception, **options: Any) -> None:
    with claimed(reaction.pk, **options):
        raise error


def queued() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return client.llen("celery")


def test_claimed_reaction_is_leased_and_then_done(reaction: Reaction) -> None:
    with claimed(reaction.pk) as event:
        held = again(reaction)
        assert event.pk == reaction.event_id

    after = again(reaction)
    assert held.leased_until is not None
    assert held.leased_until > timezone.now() + LEASE / 2
    assert held.attempts == 1
    assert (after.done_at is not None, after.leased_until) == (True, None)


def test_leased_reaction_is_not_claimed_again(reaction: Reaction) -> None:
    with claimed(reaction.pk), pytest.raises(Ignore), claimed(reaction.pk):
        pytest.fail("two workers hold it")


@pytest.mark.parametrize("state", [{"done_at": timezone.now()}, {"failed_at": timezone.now()}])
def test_finished_reaction_is_not_claimed(reaction: Reaction, state: dict[str, Any]) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(**state)

    with pytest.raises(Ignore), claimed(reaction.pk):
        pytest.fail("claimed")


def test_reaction_is_not_claimed_before_it_is_due(reaction: Reaction) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(due_at=timezone.now() + timedelta(minutes=1))

    with pytest.raises(Ignore), claimed(reaction.pk):
        pytest.fail("claimed")


def test_lease_of_a_killed_worker_runs_out(reaction: Reaction) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(leased_until=timezone.now() - timedelta(seconds=1), attempts=1)

    with claimed(reaction.pk):
        pass

    assert again(reaction).attempts == 2


def test_retryable_moves_the_due_time_by_growing_waits(reaction: Reaction) -> None:
    waits = []
    for _ in range(4):
        make_due(reaction)
        before = timezone.now()
        fail_with(reaction, Retryable("the store is busy"))
        waits.append(again(reaction).due_at - before)

    assert all(wait <= later < wait + timedelta(seconds=1) for wait, later in zip(WAITS, waits, strict=False))
    assert again(reaction).last_error == "the store is busy"
    assert again(reaction).leased_until is None


def test_retryable_may_ask_for_a_longer_wait(reaction: Reaction) -> None:
    error = Retryable("throttled")
    error.after = 120.0

    fail_with(reaction, error)

    assert again(reaction).due_at > timezone.now() + timedelta(seconds=119)


def test_fault_of_ours_is_tried_again(reaction: Reaction) -> None:
    fail_with(reaction, ZeroDivisionError("oops"))

    assert again(reaction).last_error == "ZeroDivisionError: oops"
    assert again(reaction).failed_at is None


def test_permanent_gives_up_and_says_so(reaction: Reaction) -> None:
    told: list[tuple[int, str]] = []

    fail_with(reaction, Permanent("revoked"), on_give_up=lambda event, reason: told.append((event.pk, reason)))

    assert again(reaction).failed_at is not None
    assert told == [(reaction.event_id, "revoked")]


def test_last_attempt_gives_up_and_says_so(reaction: Reaction) -> None:
    told: list[str] = []
    Reaction.objects.filter(pk=reaction.pk).update(attempts=len(WAITS))

    fail_with(reaction, Retryable("still busy"), on_give_up=lambda event, reason: told.append(reason))

    assert again(reaction).failed_at is not None
    assert told == ["still busy"]


def test_giving_up_is_tried_again_when_its_record_fails(reaction: Reaction) -> None:
    def break_down(event: Event, reason: str) -> None:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError):
        fail_with(reaction, Permanent("revoked"), on_give_up=break_down)

    assert again(reaction).failed_at is None


def test_give_up_callback_runs_in_the_tenants_scope(reaction: Reaction) -> None:
    seen: list[int] = []

    fail_with(reaction, Permanent("revoked"), on_give_up=lambda event, reason: seen.append(Event.objects.count()))

    assert seen == [1]


def test_worker_that_outlived_its_lease_does_not_disturb_the_next(reaction: Reaction) -> None:
    with claimed(reaction.pk):
        Reaction.objects.filter(pk=reaction.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
        next_holder = claimed(reaction.pk)
        next_holder.__enter__()
        lease = again(reaction).leased_until
        raise Retryable("slow")

    assert again(reaction).leased_until == lease
    next_holder.__exit__(None, None, None)
    assert again(reaction).done_at is not None


def test_reaction_without_its_event_is_given_up(reaction: Reaction) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(event_id=0)

    with pytest.raises(Ignore), claimed(reaction.pk):
        pytest.fail("nothing to work on")

    assert again(reaction).failed_at is not None


@pytest.mark.django_db(transaction=True)
def test_racing_workers_claim_once(happen: Happen, in_acme: Tenant) -> None:
    with transaction.atomic():
        reaction_id = Reaction.objects.get(event_id=happen().pk).pk
    gate, winners = threading.Barrier(6), []

    def work(_: int) -> None:
        gate.wait()
        try:
            with tenant_scope(in_acme), claimed(reaction_id):
                winners.append(threading.get_ident())
        except Ignore:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    assert len(winners) == 1
    assert Reaction.objects.get().attempts == 1


def test_sweep_wakes_what_a_wiped_redis_forgot(happen: Happen, run_on_commit: Any) -> None:
    with run_on_commit():
        happen()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()

    woken = wake_due(at=timezone.now() + timedelta(seconds=2))

    assert (woken, queued()) == (1, 1)


def test_sweep_leaves_what_was_just_recorded_to_its_own_transaction(happen: Happen) -> None:
    happen()

    assert wake_due(at=timezone.now()) == 0


def test_sweep_leaves_alone_what_is_leased_done_given_up_or_later(happen: Happen) -> None:
    now = timezone.now()
    states: list[dict[str, Any]] = [
        {"leased_until": now + LEASE},
        {"done_at": now},
        {"failed_at": now},
        {"due_at": now + timedelta(hours=1)},
    ]
    for state in states:
        Reaction.objects.filter(event_id=happen().pk).update(**state)

    assert wake_due(at=now + timedelta(seconds=2)) == 0


def test_sweep_sees_every_tenant(subscribed: None, acme: Tenant, globex: Tenant) -> None:
    from accounts.kinds import SYSTEM
    from events.services.recording import record
    from tests.events.kinds import HAPPENED

    for tenant in (acme, globex):
        with tenant_scope(tenant):
            record(HAPPENED, subject=tenant, actor=SYSTEM, data={"what": "rain"})

    assert wake_due(at=timezone.now() + timedelta(seconds=2)) == 2


def test_sweep_does_not_pile_up_work(happen: Happen, monkeypatch: pytest.MonkeyPatch) -> None:
    happen()
    monkeypatch.setattr(reacting, "SWEEP_LIMIT", 1)
    later = timezone.now() + timedelta(seconds=2)

    first, second = wake_due(at=later), wake_due(at=later)

    assert (first, second, queued()) == (1, 0, 1)


def test_sweep_survives_a_broker_that_is_down(happen: Happen, dead_redis: None) -> None:
    happen()

    assert wake_due(at=timezone.now() + timedelta(seconds=2)) == 1


def test_try_now_wakes_a_given_up_reaction(reaction: Reaction, run_on_commit: Any) -> None:
    fail_with(reaction, Permanent("revoked"))

    with run_on_commit():
        reacting.try_now(event_id=reaction.event_id, tenant_id=reaction.tenant_id, at=timezone.now())

    assert queued() == 1
    with claimed(reaction.pk):
        pass
    assert again(reaction).done_at is not None


def test_done_reactions_are_forgotten_after_a_day(happen: Happen) -> None:
    now = timezone.now()
    old, young, waiting = (Reaction.objects.get(event_id=happen().pk) for _ in range(3))
    Reaction.objects.filter(pk=old.pk).update(done_at=now - timedelta(hours=25))
    Reaction.objects.filter(pk=young.pk).update(done_at=now - timedelta(hours=23))

    assert reacting.forget_done(at=now) == 1
    assert set(Reaction.objects.all()) == {young, waiting}


def test_oldest_due_tells_how_far_behind_the_workers_are(happen: Happen) -> None:
    now = timezone.now()
    assert reacting.oldest_due_seconds(at=now) == 0.0
    happen()
    Reaction.objects.update(due_at=now - timedelta(seconds=90))

    assert 90 <= reacting.oldest_due_seconds(at=now) < 91
