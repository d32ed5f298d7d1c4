"""Not the same person (B4)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, Dismissal, Merge, Suggestion
from customers.services.merging.joining import NotThere, merge_customers
from customers.services.merging.parting import undo_merge
from customers.services.suggesting import dismissing
from customers.services.suggesting.dismissing import Pair, dismiss, dismissed_pairs, pair_of, undismiss
from events.models import Event
from tests.customers.actors import ADA, BELA, MINUTE, NOON, Told
from tests.factories.customers import make_customer

SAME = ["same phone", "same name"]


def suggest(pair: Pair, score: float = 0.97) -> Suggestion:
    return Suggestion.objects.create(one=pair.one, other=pair.other, score=score, evidence=SAME, created_at=NOON)


def merge(survivor: Customer, other: Customer) -> Merge:
    for one in (survivor, other):
        one.refresh_from_db()
    return merge_customers(survivor=survivor, other=other, actor=ADA, at=NOON)


@pytest.fixture
def pair(in_acme: Tenant) -> Pair:
    return pair_of(make_customer(), make_customer("Anna"))


def test_dismissal_takes_the_suggestion_away_and_remembers_who_when_and_why(pair: Pair) -> None:
    suggest(pair)

    dismiss(pair=pair, why="  Father\nand son ", actor=ADA, at=NOON)

    assert not Suggestion.objects.exists()
    said = Dismissal.objects.get()
    assert (said.author_name, said.created_at, said.why) == ("Ada", NOON, "Father and son")
    assert (said.score, said.evidence) == (0.97, SAME)
    event = Event.objects.get()
    assert (event.type, event.data) == ("suggestion.dismissed", {"one": 1, "other": 2})


def test_two_who_were_never_suggested_can_be_dismissed(pair: Pair) -> None:
    dismiss(pair=pair, actor=ADA, at=NOON)

    assert dismissed_pairs(pair.ids) == {pair.ids}


def test_order_in_which_two_are_named_does_not_matter(pair: Pair) -> None:
    assert pair_of(pair.other, pair.one) == pair


def test_nobody_is_another_than_themselves(pair: Pair) -> None:
    with pytest.raises(dismissing.OnePerson):
        pair_of(pair.one, pair.one)


def test_second_to_dismiss_is_told_and_the_first_stays(pair: Pair) -> None:
    dismiss(pair=pair, why="Twins", actor=ADA, at=NOON)

    with pytest.raises(dismissing.AlreadyDismissed):
        dismiss(pair=pair, actor=BELA, at=NOON + MINUTE)

    assert Dismissal.objects.get().why == "Twins"


def test_taken_back_the_suggestion_stands_as_it_was(pair: Pair) -> None:
    suggest(pair)
    dismiss(pair=pair, actor=ADA, at=NOON)

    undismiss(pair=pair, actor=BELA, at=NOON + MINUTE)

    back = Suggestion.objects.get()
    assert ((back.one, back.other), back.score, back.evidence) == ((pair.one, pair.other), 0.97, SAME)
    assert dismissed_pairs() == set()
    with pytest.raises(dismissing.NotDismissed):
        undismiss(pair=pair, actor=BELA, at=NOON)


def test_taken_back_nothing_is_suggested_that_was_not_before(pair: Pair) -> None:
    dismiss(pair=pair, actor=ADA, at=NOON)

    undismiss(pair=pair, actor=ADA, at=NOON)

    assert not Suggestion.objects.exists()


def test_dismissal_holds_for_all_that_were_merged_into_either(pair: Pair) -> None:
    third, fourth = make_customer("Third"), make_customer("Fourth")
    dismiss(pair=pair, actor=ADA, at=NOON)

    merge(third, pair.one)
    merge(fourth, pair.other)

    assert dismissed_pairs([third.pk, fourth.pk]) == dismissed_pairs() == {(third.pk, fourth.pk)}
    for one in (third, fourth):
        one.refresh_from_db()
    with pytest.raises(dismissing.AlreadyDismissed):
        dismiss(pair=pair_of(third, fourth), actor=BELA, at=NOON)
    undismiss(pair=pair_of(third, fourth), actor=BELA, at=NOON)
    assert dismissed_pairs() == set()


def test_dismissal_stays_with_the_two_when_a_merge_is_undone(pair: Pair) -> None:
    third = make_customer("Third")
    dismiss(pair=pair, actor=ADA, at=NOON)
    done = merge(third, pair.one)

    undo_merge(merge=done, actor=ADA, at=NOON)

    assert dismissed_pairs() == {pair.ids}


def test_merged_all_the_same_no_pair_is_left(pair: Pair) -> None:
    dismiss(pair=pair, actor=ADA, at=NOON)

    merge(pair.one, pair.other)

    assert dismissed_pairs() == dismissed_pairs([pair.one.pk]) == set()
    with pytest.raises(dismissing.OnePerson):
        undismiss(pair=pair, actor=ADA, at=NOON)


def test_only_pairs_are_told_of_whom_both_were_asked_for(pair: Pair) -> None:
    third = make_customer("Third")
    dismiss(pair=pair, actor=ADA, at=NOON)

    assert dismissed_pairs([pair.one.pk, third.pk]) == set()


def test_many_pairs_are_read_in_two_queries(pair: Pair, django_assert_num_queries: Any) -> None:
    dismiss(pair=pair, actor=ADA, at=NOON)
    others = [make_customer(f"Other {number}") for number in range(5)]
    for other in others:
        dismiss(pair=pair_of(pair.one, other), actor=ADA, at=NOON)

    with django_assert_num_queries(2):
        found = dismissed_pairs([*pair.ids, *(one.pk for one in others)])

    assert len(found) == 6


def test_open_pages_of_both_and_the_worklist_hear_of_it(pair: Pair, told: Told) -> None:
    names = {"duplicates", pair.one.live_name, pair.other.live_name}

    assert set(told(lambda: dismiss(pair=pair, actor=ADA, at=NOON))) == names
    assert set(told(lambda: undismiss(pair=pair, actor=ADA, at=NOON))) == names


def test_another_workspace_knows_nothing_of_it(pair: Pair, globex: Tenant) -> None:
    dismiss(pair=pair, actor=ADA, at=NOON)

    with tenant_scope(globex):
        assert dismissed_pairs() == dismissed_pairs(pair.ids) == set()


@pytest.fixture
def at_once(acme: Tenant) -> Callable[..., list[str]]:
    """Runs each call in a thread and a transaction of its own, and answers how each ended."""

    def run(*calls: Callable[[], Any]) -> list[str]:
        barrier = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> str:
            try:
                with tenant_scope(acme), transaction.atomic():
                    connection.ensure_connection()
                    barrier.wait(timeout=5)
                    call()
            except (dismissing.AlreadyDismissed, dismissing.OnePerson, NotThere) as error:
                return type(error).__name__
            finally:
                connections.close_all()
            return "done"

        with ThreadPoolExecutor(len(calls)) as pool:
            return sorted(pool.map(one, calls))

    return run


@pytest.mark.django_db(transaction=True)
def test_of_four_agents_who_dismiss_at_once_one_is_remembered(acme: Tenant, at_once: Callable[..., list[str]]) -> None:
    with tenant_scope(acme), transaction.atomic():
        pair = pair_of(make_customer(), make_customer("Anna"))
        suggest(pair)

    ended = at_once(*[lambda: dismiss(pair=pair, actor=ADA, at=NOON)] * 4)

    assert ended == ["AlreadyDismissed"] * 3 + ["done"]
    with tenant_scope(acme), transaction.atomic():
        assert Dismissal.objects.get().score == 0.97
        assert not Suggestion.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_merged_and_dismissed_at_once_each_ends_in_words(
    acme: Tenant, at_once: Callable[..., list[str]], turn: int
) -> None:
    with tenant_scope(acme), transaction.atomic():
        pair = pair_of(make_customer(), make_customer("Anna"))
        suggest(pair)

    ended = at_once(
        lambda: merge_customers(survivor=pair.other, other=pair.one, actor=ADA, at=NOON),
        lambda: dismiss(pair=pair, actor=BELA, at=NOON),
    )

    # Dismissed first and merged all the same by whoever had the page open, or merged first.
    assert ended in (["done", "done"], ["OnePerson", "done"])
