"""Count how common values are among all customers, and estimate which share of all pairs of them is one person."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from core.database.columns import insert_columns
from core.database.windows import windows
from customers.models import ComparedFacts, ValueCount
from customers.resemblance import Facts
from customers.resemblance.commonness import COUNTED, Counted, Trait, traits_of
from customers.resemblance.facts import read_said
from customers.resemblance.numbering import number_of
from customers.services.suggesting.estimating import estimate, read_sample
from customers.services.suggesting.locking import lock_comparing

SEVERAL = 3  # customers who say a value; of fewer it is as rare as any
SAMPLE = 2_000  # customers, by whom shares are estimated
INSERTED = 20_000  # rows by one statement


@dataclass
class Counts:
    """Numbers of values by trait, one for each customer who says it: by millions, so without an object for each."""

    customers: int = 0
    said: dict[Trait, array[int]] = field(default_factory=lambda: {trait: array("q") for trait in Trait})
    sample: list[int] = field(default_factory=list)


def count_all(*, at: datetime) -> None:
    """Write the workspace's basis anew. What changes meanwhile is counted the next time. Raises locking.Busy."""
    read = _read()
    totals = {str(trait): len(said) for trait, said in read.said.items() if trait in COUNTED}
    counts = {str(trait): _common(read.said[trait]) for trait in COUNTED}
    with transaction.atomic():
        sample = read_sample(ids=read.sample, common=Counted(read.customers, totals, counts))
    estimated = estimate(sample)
    with transaction.atomic():
        basis = lock_comparing()
        ValueCount.objects.all().delete()
        for trait, common in counts.items():
            _write(trait, list(common.items()))
        basis.customers, basis.totals = read.customers, totals
        basis.prior, basis.least, basis.closure = estimated.prior, estimated.least, estimated.closure
        basis.counted_at, basis.changed = at, 0
        basis.save()


def _read() -> Counts:
    counts = Counts()
    chosen = Counter[int]()
    for facts in _all_facts():
        counts.customers += 1
        chosen[facts.customer_id] = number_of(str(facts.customer_id))
        if len(chosen) > 4 * SAMPLE:
            chosen = Counter(dict(chosen.most_common(SAMPLE)))
        for trait, value in traits_of(facts):
            if trait in COUNTED:
                counts.said[trait].append(number_of(value))
    counts.sample = [pk for pk, _ in chosen.most_common(SAMPLE)]
    return counts


def _all_facts() -> Iterator[Facts]:
    for rows in windows(ComparedFacts.objects.all()):
        with transaction.atomic():
            said = list(rows.values_list("customer_id", "facts"))
        yield from (read_said(*one) for one in said)


def _common(said: array[int]) -> dict[int, int]:
    return {value: count for value, count in Counter(said).items() if count >= SEVERAL}


def _write(trait: str, common: Sequence[tuple[int, int]]) -> None:
    for start in range(0, len(common), INSERTED):
        part = common[start : start + INSERTED]
        varying = {"value": [value for value, _ in part], "count": [count for _, count in part]}
        insert_columns(ValueCount, varying, {"trait": trait})
