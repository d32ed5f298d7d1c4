"""Say of pairs of customers how likely they are one person, and what speaks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from core.database.among import Among
from customers.models import ComparisonBasis, ValueCount
from customers.resemblance import Facts, Resemblance, compare_likely, least_bits
from customers.resemblance.commonness import COUNTED, Counted, traits_of
from customers.resemblance.numbering import number_of
from customers.resemblance.reasons import SHOWN
from customers.services.suggesting.finding_pairs import Pair

# Of all pairs of so many customers one in so many is one person, as long as nobody has counted.
EXPECTED = 0.3
DIGITS = 4  # of a score


@dataclass(frozen=True)
class Verdict:
    """`evidence` are the reasons, the weightiest first."""

    score: float
    evidence: list[str]


@dataclass(frozen=True)
class Weights:
    """How common values are, which share of all pairs is one person, and how likely one must be to be suggested."""

    common: Counted
    prior: float
    least: float


def read_weights(*, basis: ComparisonBasis, people: Iterable[Facts], several: Collection[int]) -> Weights:
    """As far as these people need them."""
    said = {number_of(value) for facts in people for trait, value in traits_of(facts) if trait in COUNTED}
    return _weights(basis, _counts(ValueCount.objects.filter(Among("value", said))), several)


def read_all_weights(*, basis: ComparisonBasis) -> Weights:
    """For all customers."""
    return _weights(basis, _counts(ValueCount.objects.all()), frozenset())


def with_several(weights: Weights, several: Collection[int]) -> Weights:
    """The same, with what is known by now to be of several people."""
    return replace(weights, common=weights.common.with_several(several))


def judge(*, pairs: Iterable[Pair], facts: Mapping[int, Facts], weights: Weights) -> dict[Pair, Verdict]:
    """Of those that are likely enough."""
    found: dict[Pair, Verdict] = {}
    least = least_bits(weights.least - 10**-DIGITS, weights.prior)
    for pair in pairs:
        one, other = facts.get(pair[0]), facts.get(pair[1])
        if one is None or other is None:
            continue
        resemblance = compare_likely(one, other, weights.common, least=least)
        if resemblance is None:
            continue
        score = round(resemblance.probability(weights.prior), DIGITS)
        if score >= weights.least:
            found[pair] = Verdict(score, evidence_of(resemblance))
    return found


def evidence_of(resemblance: Resemblance) -> list[str]:
    """What speaks for it, in words."""
    said = sorted((one for one in resemblance.said if one.bits > 0), key=lambda one: -one.bits)
    return [str(one.reason) for one in said if one.reason in SHOWN]


def _counts(rows: QuerySet[ValueCount, ValueCount]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for trait, value, count in rows.values_list("trait", "value", "count").iterator(chunk_size=10_000):
        found.setdefault(trait, {})[value] = count
    return found


def _weights(basis: ComparisonBasis, counts: Mapping[str, Mapping[int, int]], several: Collection[int]) -> Weights:
    prior = basis.prior or EXPECTED / max(basis.customers, 2)
    return Weights(Counted(basis.customers, basis.totals, counts, several), prior, basis.least)
