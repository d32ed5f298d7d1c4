"""Reactions taken together: in order, each with an end of its own, never one that is somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from celery.exceptions import Ignore
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core.retry import Permanent, Retryable
from events.models import Event, Reaction
from events.services import reacting
from events.services.reacting import claimed, claimed_together

Happen = Callable[[], Event]


@pytest.fixture
def reactions(happen: Happen) -> list[Reaction]:
    for _ in range(4):
        happen()
    return list(Reaction.objects.order_by("event_id"))


def again(reaction: Reaction) -> Reaction:
    return Reaction.objects.get(pk=reaction.pk)


def is_done(reaction: Reaction) -> bool:
    return again(reaction).done_at is not None


def work_all(reaction: Reaction, most: int = 10) -> list[int]:
    with claimed_together(reaction.pk, most=most) as batch:
        for event in batch.events:
            with batch.attempt(event):
                pass
        return [event.pk for event in batch.events]


def test_next_ones_come_along_in_order(reactions: list[Reaction]) -> None:
    worked = work_all(reactions[0])

    assert worked == [one.event_id for one in reactions]
    assert all(is_done(one) and again(one).leased_until is None for one in reactions)


def test_no_more_than_asked_for(reactions: list[Reaction]) -> None:
    assert work_all(reactions[0], most=2) == [one.event_id for one in reactions[:2]]
    assert [is_done(one) for one in reactions] == [True, True, False, False]


def test_earlier_ones_are_left(reactions: list[Reaction]) -> None:
    assert work_all(reactions[2]) == [one.event_id for one in reactions[2:]]


def test_what_others_have_or_what_is_not_due_is_left(reactions: list[Reaction]) -> None:
    later = timezone.now() + timedelta(minutes=1)
    Reaction.objects.filter(pk=reactions[1].pk).update(due_at=later)
    Reaction.objects.filter(pk=reactions[2].pk).update(task="other.tasks.work")

    with claimed(reactions[3].pk):
        assert work_all(reactions[0]) == [reactions[0].event_id]


def test_other_workspaces_are_left(reactions: list[Reaction], globex: Tenant, happen: Happen) -> None:
    with tenant_scope(globex):
        foreign = happen()

    assert foreign.pk not in work_all(reactions[0])


def test_one_that_another_has_ends_the_task(reactions: list[Reaction]) -> None:
    with claimed(reactions[0].pk), pytest.raises(Ignore):
        work_all(reactions[0])


def test_taken_ones_are_leased(reactions: list[Reaction]) -> None:
    with claimed_together(reactions[0].pk, most=10):
        assert all(again(one).leased_until is not None and again(one).attempts == 1 for one in reactions)
        with pytest.raises(Ignore):
            work_all(reactions[1])


def test_fault_of_one_does_not_stop_the_next(reactions: list[Reaction]) -> None:
    with claimed_together(reactions[0].pk, most=10) as batch:
        for event, error in zip(
            batch.events, (Retryable("busy"), Permanent("never"), KeyError("x"), None), strict=True
        ):
            with batch.attempt(event):
                if error:
                    raise error

    busy, never, fault, good = (again(one) for one in reactions)
    assert (busy.done_at, busy.last_error, busy.leased_until) == (None, "busy", None)
    assert (never.failed_at is not None, never.last_error) == (True, "never")
    assert (fault.done_at, fault.last_error) == (None, "KeyError: 'x'")
    assert good.done_at is not None


def test_end_of_the_worker_keeps_what_was_done(reactions: list[Reaction]) -> None:
    with pytest.raises(KeyboardInterrupt), claimed_together(reactions[0].pk, most=10) as batch:
        with batch.attempt(batch.events[0]):
            pass
        with batch.attempt(batch.events[1]):
            raise KeyboardInterrupt

    assert [is_done(one) for one in reactions] == [True, False, False, False]
    assert all(again(one).leased_until for one in reactions[1:])


def test_one_handed_back_is_anybodys(reactions: list[Reaction]) -> None:
    with claimed_together(reactions[0].pk, most=10) as batch:
        batch.hand_back(batch.events[1])
        assert (again(reactions[1]).leased_until, again(reactions[1]).attempts) == (None, 0)
        assert work_all(reactions[1]) == [reactions[1].event_id]

    assert is_done(reactions[1])


def test_leases_of_all_that_wait_are_renewed(reactions: list[Reaction]) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    with claimed_together(reactions[0].pk, most=10) as batch:
        with batch.attempt(batch.events[0]):
            raise Retryable("busy")
        Reaction.objects.filter(leased_until__isnull=False).update(leased_until=soon)

        batch.renew()

        assert again(reactions[0]).leased_until is None
        assert all((again(one).leased_until or soon) > soon for one in reactions[1:])


def test_reaction_without_its_event_does_not_stop_the_others(reactions: list[Reaction]) -> None:
    Reaction.objects.filter(pk=reactions[1].pk).update(event_id=reactions[3].event_id + 500)

    with claimed_together(reactions[0].pk, most=10) as batch:
        assert len(batch.events) == 3

    assert again(reactions[1]).last_error == "The event is gone."
    assert reacting.REACH > 500
