"""Estimate by a sample how many pairs are one person, how likely a good suggestion is, and what a third one tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from customers.resemblance import Facts, Resemblance, compare
from customers.resemblance.commonness import Counted
from customers.services.suggesting.finding_pairs import Pair, pairs_of, read_sharing
from customers.services.suggesting.judging import EXPECTED
from customers.services.suggesting.keeping_facts import numbered_keys, read_kept
from customers.services.suggesting.learning_shared import several_of

ROUNDS = 6
# Of n customers, this divided by n is the least share.
LEAST_SHARE, MOST_SHARE = 0.02, 0.05
# Of what is suggested so much may be wrong; how likely the least likely one is then, lies between these.
WRONG = 0.03
LEAST, MOST_LEAST = 0.5, 0.9
STRONG = 0.9  # so likely that others are judged by it
FELLOWS = 30  # of one customer, at most
CHAINS = range(10, 3_000)  # fewer say nothing, more nothing new


@dataclass(frozen=True)
class Estimate:
    """As the basis keeps it."""

    prior: float
    least: float
    closure: float


@dataclass(frozen=True)
class Sample:
    """Some customers, and all pairs in which they stand, with what is known of both."""

    chosen: set[int]
    pairs: set[Pair]
    facts: Mapping[int, Facts]
    common: Counted


def read_sample(*, ids: Collection[int], common: Counted) -> Sample:
    """The pairs of these customers with all others. Call inside a transaction."""
    chosen = set(ids)
    facts = read_kept(ids=chosen)
    sharing = read_sharing(keys={key for one in facts.values() for key in numbered_keys(one)})
    pairs = pairs_of(sharing, chosen)
    facts |= read_kept(ids={pk for pair in pairs for pk in pair} - chosen)
    known = {pair for pair in pairs if pair[0] in facts and pair[1] in facts}
    return Sample(chosen, known, facts, common.with_several(several_of(facts.values())))


def estimate(sample: Sample) -> Estimate:
    """Works for many seconds and asks nothing: a transaction would be ended for standing idle."""
    chosen, facts, common = sample.chosen, sample.facts, sample.common
    seen = {(one, other): compare(facts[one], facts[other], common) for one, other in sample.pairs}
    # Whose both are in the sample is there from either side.
    sided = [(resemblance, (one in chosen) + (other in chosen)) for (one, other), resemblance in seen.items()]
    prior = _share(sided, common.customers, all_pairs=max(len(chosen), 1) * (common.customers - 1))
    least = _least((resemblance.probability(prior), sides) for resemblance, sides in sided)
    likely = {pair: resemblance.probability(prior) for pair, resemblance in seen.items()}
    return Estimate(prior, least, _closure(likely, chosen, facts, common, prior))


def _share(seen: Sequence[tuple[Resemblance, int]], customers: int, *, all_pairs: int) -> float:
    """By expectation and maximization."""
    share = EXPECTED / customers
    for _ in range(ROUNDS):
        likely = sum(resemblance.probability(share) * sides for resemblance, sides in seen)
        share = min(max(likely / all_pairs, LEAST_SHARE / customers), MOST_SHARE)
    return share


def _least(likely: Iterable[tuple[float, int]]) -> float:
    """From where on, of all that is at least as likely, no more than WRONG is expected to be wrong."""
    least, wrong, count = MOST_LEAST, 0.0, 0
    for probability, sides in sorted(likely, reverse=True):
        if probability < LEAST:
            break
        wrong, count = wrong + (1 - probability) * sides, count + sides
        if wrong <= WRONG * count:
            least = min(least, probability)
    return least if least > LEAST + 0.01 else LEAST


def _closure(
    likely: Mapping[Pair, float], middles: set[int], facts: Mapping[int, Facts], common: Counted, prior: float
) -> float:
    """Of two who both are like one of the sample, how often they are like each other."""
    fellows: dict[int, list[int]] = {}
    for (one, other), probability in likely.items():
        if probability >= STRONG:
            for middle, end in ((one, other), (other, one)):
                if middle in middles:
                    fellows.setdefault(middle, []).append(end)
    chains = [pair for ends in fellows.values() for pair in combinations(sorted(ends)[:FELLOWS], 2)]
    step = max(len(chains) // CHAINS.stop, 1)
    tried = chains[::step]
    if len(tried) < CHAINS.start:
        return 0.0
    return sum(_is_likely(facts[one], facts[other], common, prior) for one, other in tried) / len(tried)


def _is_likely(one: Facts, other: Facts, common: Counted, prior: float) -> bool:
    return compare(one, other, common).probability(prior) >= LEAST
