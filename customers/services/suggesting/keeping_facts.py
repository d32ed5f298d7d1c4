"""Keep what customers say, and under which keys they are found, in step with their profiles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.database.among import Among
from core.database.columns import insert_columns
from customers.models import BlockingKey, ComparedFacts
from customers.resemblance import Facts, keys_of
from customers.resemblance.facts import read_said, write_said
from customers.resemblance.numbering import number_of
from customers.services.suggesting.reading_facts import read_many


def keep_facts(*, ids: Collection[int]) -> set[int]:
    """Write facts and keys of those of whom something has changed since, and forget those who are gone; returns both.

    Call with the workspace's comparing locked.
    """
    before = dict(ComparedFacts.objects.filter(Among("customer", ids)).values_list("customer_id", "facts"))
    now = read_many(ids=ids)
    said = {pk: write_said(facts) for pk, facts in now.items()}
    changed = {pk for pk in said if before.get(pk) != said[pk]}
    old = (before.keys() & changed) | (before.keys() - said.keys())
    if old:
        ComparedFacts.objects.filter(Among("customer", old)).delete()
        BlockingKey.objects.filter(Among("customer", old)).delete()
    fresh = sorted(changed)
    if fresh:
        insert_columns(ComparedFacts, {"customer_id": fresh, "facts": [said[pk] for pk in fresh]})
        _insert_keys(now[pk] for pk in fresh)
    return changed | old


def _insert_keys(people: Iterable[Facts]) -> None:
    # In the order of the index, that of neighbours one page of it is written once.
    pairs = sorted((key, facts.customer_id) for facts in people for key in numbered_keys(facts))
    insert_columns(BlockingKey, {"key": [key for key, _ in pairs], "customer_id": [pk for _, pk in pairs]})


def read_kept(*, ids: Collection[int]) -> dict[int, Facts]:
    """The facts that were kept of these customers."""
    rows = ComparedFacts.objects.filter(Among("customer", ids)).values_list("customer_id", "facts")
    return {pk: read_said(pk, said) for pk, said in rows}


def numbered_keys(facts: Facts) -> frozenset[int]:
    """The keys as they are kept."""
    return frozenset(map(number_of, keys_of(facts)))
