"""Suggest two of whom a third tells: both are clearly like the same one, so they are like each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations

from django.db.models import Q

from core.database.among import Among
from customers.models import ComparisonBasis, Suggestion
from customers.resemblance import Facts, compare
from customers.resemblance.reasons import Reason
from customers.services.suggesting.dismissing import dismissed_pairs
from customers.services.suggesting.estimating import FELLOWS, STRONG
from customers.services.suggesting.finding_pairs import Pair
from customers.services.suggesting.judging import Verdict, Weights, evidence_of, read_weights, with_several
from customers.services.suggesting.keeping_facts import read_kept
from customers.services.suggesting.learning_shared import several_of
from customers.services.suggesting.writing import of_any, replace_suggestions

AGAINST = 0.0  # bits
# Where people who are like the same third one are so often like each other, there are people with three profiles.
CLOSED = 0.8
THIRD = str(Reason.BOTH_LIKE)
Verdicts = dict[Pair, Verdict]
Weigh = Callable[[Collection[Facts]], Weights]


def infers(basis: ComparisonBasis) -> bool:
    """Whether a third one tells enough, in this workspace."""
    return basis.closure >= CLOSED


def leave_to_thirds(among: Iterable[Suggestion], verdicts: Mapping[Pair, Verdict]) -> tuple[list[Suggestion], Verdicts]:
    """Rows and verdicts without pairs of whom a third one tells, and who are not clearly alike by themselves."""
    rows = list(among)
    told = {(row.one_id, row.other_id) for row in rows if THIRD in row.evidence}
    told -= {pair for pair in told if pair in verdicts and verdicts[pair].score >= STRONG}
    kept = {pair: verdict for pair, verdict in verdicts.items() if pair not in told}
    return [row for row in rows if (row.one_id, row.other_id) not in told], kept


def infer_all(*, ids: Collection[int], basis: ComparisonBasis, weights: Weights, at: datetime) -> set[Pair]:
    """Of pairs whose older one is among these, write what a third one tells; returns those of whom something changed.

    Over all windows each pair comes once.
    """
    told = {pair: score for pair, score in _told(ids, basis).items() if pair[0] in ids}
    rows = list(Suggestion.objects.filter(Among("one", ids)))
    return _write(told, rows, lambda people: with_several(weights, several_of(people)), at)


def infer(*, ids: set[int], basis: ComparisonBasis, at: datetime) -> set[Pair]:
    """The same of all pairs in which one of these stands."""

    def weigh(people: Collection[Facts]) -> Weights:
        return read_weights(basis=basis, people=people, several=several_of(people))

    return _write(_told(ids, basis), list(of_any(ids)), weigh, at)


def fellows_of(ids: set[int]) -> set[int]:
    """Who is clearly like one of these."""
    return {pk for ends in _read_fellows(ids).values() for pk in ends}


def _told(ids: Collection[int], basis: ComparisonBasis) -> dict[Pair, float]:
    """Pairs in which one of these stands, and how likely the third who tells most makes them."""
    if basis.closure < CLOSED:
        return {}
    middles = {pk for ends in _read_fellows(ids).values() for pk in ends}
    told: dict[Pair, float] = {}
    for alike in _read_fellows(middles).values():
        ends = sorted(alike.items(), key=lambda end: (-end[1], end[0]))[:FELLOWS]
        for (one, score), (other, other_score) in combinations(ends, 2):
            if one in ids or other in ids:
                pair = (min(one, other), max(one, other))
                told[pair] = max(told.get(pair, 0.0), score * other_score * basis.closure)
    return told


def _read_fellows(ids: Collection[int]) -> dict[int, dict[int, float]]:
    """By each of these whom they are clearly like by themselves, and how likely it is."""
    found: dict[int, dict[int, float]] = {pk: {} for pk in ids}
    clear = Suggestion.objects.filter(Q(Among("one", ids)) | Q(Among("other", ids)), score__gte=STRONG)
    for one, other, score, evidence in clear.values_list("one_id", "other_id", "score", "evidence"):
        if THIRD not in evidence:
            for end, fellow in ((one, other), (other, one)):
                if end in found:
                    found[end][fellow] = score
    return found


def _write(told: Mapping[Pair, float], rows: Sequence[Suggestion], weigh: Weigh, at: datetime) -> set[Pair]:
    before = {(row.one_id, row.other_id) for row in rows if THIRD in row.evidence}
    asked = {*told, *before}
    if not asked:
        return set()
    facts = read_kept(ids={pk for pair in asked for pk in pair})
    weights = weigh(facts.values())
    dismissed = dismissed_pairs(facts.keys())
    verdicts: Verdicts = {}
    for pair in asked - dismissed:
        if pair[0] in facts and pair[1] in facts:
            verdict = _judge(facts[pair[0]], facts[pair[1]], told.get(pair, 0.0), weights)
            if verdict.score >= weights.least:
                verdicts[pair] = verdict
    among = [row for row in rows if (row.one_id, row.other_id) in asked]
    return replace_suggestions(among=among, verdicts=verdicts, at=at)


def _judge(one: Facts, other: Facts, told: float, weights: Weights) -> Verdict:
    """By themselves, or by the third one where that says more and nothing much speaks against it."""
    resemblance = compare(one, other, weights.common)
    own = round(resemblance.probability(weights.prior), 4)
    evidence = evidence_of(resemblance)
    told = round(told, 4)
    if own >= STRONG or told <= own or resemblance.bits < AGAINST:
        return Verdict(own, evidence)
    return Verdict(told, [*evidence, THIRD])
