"""Merges and their undoing in any order: nothing is lost, nothing is doubled, and at the end all is as it was."""

from __future__ import annotations

import os
from itertools import permutations
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from customers.models import Customer, Merge
from customers.services.merging.joining import NotThere, merge_customers
from customers.services.merging.parting import undo_merge
from tests.customers.services.merging import crowd as acts
from tests.customers.services.merging.crowd import ADA, NOON, PEOPLE, Person, check, make_crowd, snapshot

EXAMPLES = 200 if os.environ.get("SOAK") else 12
WHO = st.integers(0, PEOPLE - 1)
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    # A failing example is short already; to look for the shortest would take minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def crowd(in_acme: Tenant) -> list[Person]:
    return make_crowd()


def fresh(crowd: list[Person]) -> list[Person]:
    return [Person(one.row, set(one.held), set(one.tags), one.at, set(one.tickets)) for one in crowd]


def merge(one: Person, other: Person, chosen: dict[str, Any] | None = None) -> None:
    try:
        merge_customers(survivor=one.row, other=other.row, chosen=chosen, actor=ADA, at=NOON)
    except NotThere:
        assert one.above or other.above
        return
    assert one.above is other.above is None
    one.below.append(other)
    other.above = one


def undo(other: Person) -> None:
    undo_merge(merge=Merge.objects.standing().get(other=other.row), actor=ADA, at=NOON)
    above = other.above
    assert above is not None
    above.below.remove(other)
    other.above = None


def undo_all(crowd: list[Person], chance: Random) -> None:
    while merged := [one for one in crowd if one.above]:
        undo(chance.choice(merged))


MERGES = st.lists(st.tuples(st.booleans(), WHO, WHO, st.sampled_from([None, "theirs", "new"])), max_size=9)


@SETTINGS
@given(MERGES, st.randoms(use_true_random=False))
def test_all_merges_undone_in_any_order_leave_everything_as_it_was(
    crowd: list[Person], steps: Any, chance: Random
) -> None:
    with transaction.atomic():
        people, before = fresh(crowd), snapshot()
        for is_merge, one, other, how in steps:
            if is_merge and one != other:
                merge(people[one], people[other], chosen_of(how, people[other].row))
            elif people[other].above:
                undo(people[other])
        undo_all(people, chance)

        assert differences(before, snapshot()) == []
        connection.check_constraints()
        transaction.set_rollback(True)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """Short, of two tall snapshots."""
    found: list[Any] = []
    for name, said in before.items():
        now = after[name]
        if isinstance(said, dict):
            found += [(name, key, said[key], now.get(key)) for key in said if said[key] != now.get(key)]
        elif said != now:
            found.append((name, [one for one in said if one not in now], [one for one in now if one not in said]))
    return found


def chosen_of(how: str | None, other: Customer) -> dict[str, Any]:
    """What somebody picked of the fields that `check` does not follow."""
    if how is None:
        return {}
    known = Customer.objects.get(pk=other.pk)
    if how == "theirs":
        return {"first_name": known.first_name, "last_name": known.last_name, "is_vip": known.is_vip, "note": "Theirs"}
    return {"note": "Both of them", "field.size": "none of both", "is_bad": True, "legal": None}


VERBS = ("merge", "merge", "merge", "undo", "undo", "ticket", "contact off", "contact on", "tag off", "tag on", "move")
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), WHO, WHO, st.integers(0, 3)), max_size=14)


@SETTINGS
@given(STEPS, st.randoms(use_true_random=False))
# What was taken off is there again, by another merge.
@example([("merge", 2, 0, 0), ("contact off", 2, 0, 0), ("tag off", 2, 0, 0), ("merge", 2, 3, 0)], Random(0))
def test_what_is_somebodys_follows_them_whatever_is_done_between(
    crowd: list[Person], steps: Any, chance: Random
) -> None:
    with transaction.atomic():
        people = fresh(crowd)
        for number, (verb, one, other, which) in enumerate(steps):
            act(people, verb, one, other, which, number)
            check(people)
        while merged := [one for one in people if one.above]:
            undo(chance.choice(merged))
            check(people)

        connection.check_constraints()
        transaction.set_rollback(True)


def act(people: list[Person], verb: str, one: int, other: int, which: int, number: int) -> None:
    top = people[one].top
    if verb == "merge" and one != other:
        merge(people[one], people[other])
    elif verb == "undo" and people[other].above:
        undo(people[other])
    elif verb == "ticket":
        acts.write_in(top)
    elif verb == "contact off":
        acts.take_off_contact(top, sorted(acts.HELD[other])[which])
    elif verb == "contact on":
        acts.add_contact(top, sorted(acts.HELD[other])[which])
    elif verb == "tag off":
        acts.take_off_tag(top, sorted(acts.TAGS[other])[which % len(acts.TAGS[other])])
    elif verb == "tag on":
        acts.add_tag(top, sorted(acts.TAGS[other])[which % len(acts.TAGS[other])])
    elif verb == "move":
        acts.move_to(top, f"Place {number}")


@pytest.mark.parametrize("order", list(permutations(range(3), 3)))
def test_three_profiles_own_the_same_whichever_two_are_merged_first(
    crowd: list[Person], order: tuple[int, ...]
) -> None:
    first, second, third = (crowd[n] for n in order)

    with transaction.atomic():
        merge(second, third)
        merge(first, second)
        check(crowd)
        one_way = owned(first)
        transaction.set_rollback(True)
    others = fresh(crowd)
    first, second, third = (others[n] for n in order)
    merge(first, second)
    merge(first, third)
    check(others)

    assert owned(first) == one_way


def owned(person: Person) -> dict[str, Any]:
    from customers.belongings import all_moved
    from customers.services.merging.moving import rows_of
    from tickets.services.belonging import count_files

    rows = {m.name: sorted(rows_of(m, person.row.pk).values_list("pk", flat=True)) for m in all_moved() if not m.once}
    held = {m.name: sorted(rows_of(m, person.row.pk).values_list(*m.once)) for m in all_moved() if m.once}
    return {**rows, **held, "files": count_files(person.row.all_ids)}
