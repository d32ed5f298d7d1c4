"""Compare two birthdays, written as eight digits: year, month, day."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from rapidfuzz.distance import OSA

from customers.resemblance.commonness import Commonness, Trait
from customers.resemblance.reasons import Reason, Said

TWINS = 0.01  # of two people of one home
SWAPPED, ONE_SLIP, TWO_PARTS, TWO_SLIPS, OTHER = 6.0, 5.0, 2.5, 0.0, -6.0


def compare_birthdays(one: str, other: str, common: Commonness) -> Iterator[Said]:
    """A slip of the finger and a swapped day and month still speak for it; another day speaks against."""
    if not one or not other:
        return
    if one == other:
        rarity = -log2(common.share(Trait.BIRTHDAY, one))
        yield Said(Reason.SAME_BIRTHDAY, rarity + log2(0.8), max(rarity + log2(TWINS), 0.0))
        return
    bits = _slip(one, other)
    yield Said(Reason.LIKE_BIRTHDAY if bits > 0 else Reason.BIRTHDAY, bits)


def _slip(one: str, other: str) -> float:
    parts, others = (one[:4], one[4:6], one[6:]), (other[:4], other[4:6], other[6:])
    if parts == (others[0], others[2], others[1]):
        return SWAPPED
    apart = OSA.distance(one, other, score_cutoff=2)
    if apart == 1:
        return ONE_SLIP
    if sum(mine == theirs for mine, theirs in zip(parts, others, strict=True)) == 2:
        return TWO_PARTS
    return TWO_SLIPS if apart == 2 else OTHER
