"""One address that several have, each with another proof: who is all of them has what any of them has proved."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Tenant
from customers.models import Customer, CustomerContact, Merge
from customers.services.merging.joining import NotThere, merge_customers
from customers.services.merging.parting import undo_merge
from tests.customers.actors import ADA, NOON
from tests.customers.services.merging.test_undoing import SETTINGS
from tests.factories.customers import make_contact, make_customer

Proof = tuple[datetime | None, datetime | None]  # when verified, when claimed
CLAIM: Proof = (None, NOON)
PROOFS: list[Proof] = [CLAIM, (None, None), (NOON, None), CLAIM, (NOON + timedelta(1), None)]
PEOPLE = len(PROOFS)
WHO = st.integers(0, PEOPLE - 1)
STEPS = st.lists(st.tuples(st.booleans(), WHO, WHO), min_size=3, max_size=12)


class Tree:
    """Who went into whom, and what all of them have proved."""

    def __init__(self, people: list[Customer]) -> None:
        self.people = people
        self.above: dict[int, int | None] = dict.fromkeys(range(PEOPLE))

    def members(self, one: int) -> list[int]:
        return [one, *(pk for n, up in self.above.items() if up == one for pk in self.members(n))]

    def merge(self, one: int, other: int) -> None:
        try:
            merge_customers(survivor=self.people[one], other=self.people[other], actor=ADA, at=NOON)
        except NotThere:
            assert self.above[one] is not None or self.above[other] is not None
            return
        self.above[other] = one

    def undo(self, other: int) -> None:
        undo_merge(merge=Merge.objects.standing().get(other=self.people[other]), actor=ADA, at=NOON)
        self.above[other] = None

    def check(self) -> None:
        for one in (n for n, up in self.above.items() if up is None):
            line = CustomerContact.objects.get(customer=self.people[one])
            said = [PROOFS[n] for n in self.members(one)]
            assert bool(line.verified_at) == any(verified for verified, _ in said)
            assert line.is_claim == all((verified, claimed) == CLAIM for verified, claimed in said)
            assert line.last_wrote_at == max(wrote_at(n) for n in self.members(one))


def wrote_at(n: int) -> datetime:
    return NOON - timedelta(hours=n * 3 % PEOPLE)


def make_tree() -> Tree:
    people = [make_customer(f"P{n}", "") for n in range(PEOPLE)]
    for n, (verified_at, claimed_at) in enumerate(PROOFS):
        said: dict[str, Any] = {"verified_at": verified_at, "claimed_at": claimed_at, "last_wrote_at": wrote_at(n)}
        make_contact(people[n], "all@a.example", is_primary=True, **said)
    return Tree(people)


def lines() -> list[Any]:
    return sorted(map(repr, CustomerContact.objects.values()))


@SETTINGS
@given(STEPS, st.randoms(use_true_random=False))
# Of two who prove it, the first that went leaves first; then what came with somebody who went on into another.
@example([(True, 0, 1), (True, 0, 2), (False, 0, 1), (False, 0, 2)], Random(0))
@example([(True, 3, 2), (True, 0, 3), (False, 0, 2)], Random(0))
# Each wrote later than those before: the first to go leaves nothing behind in the next.
@example([(True, 3, 1), (True, 3, 4), (False, 3, 1), (False, 3, 4)], Random(0))
def test_whatever_is_merged_and_split_who_is_several_has_proved_what_any_has(
    in_acme: Tenant, steps: Any, chance: Random
) -> None:
    with transaction.atomic():
        tree = make_tree()
        before = lines()
        for is_merge, one, other in steps:
            if is_merge and one != other:
                tree.merge(one, other)
            elif tree.above[other] is not None:
                tree.undo(other)
            tree.check()
        while merged := [n for n, up in tree.above.items() if up is not None]:
            tree.undo(chance.choice(merged))
            tree.check()

        assert lines() == before
        transaction.set_rollback(True)
