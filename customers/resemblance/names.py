"""Compare two people's names: misspelt, shortened, swapped, with a word more or less."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from math import inf, log2

from rapidfuzz.distance import OSA, JaroWinkler

from customers.resemblance.commonness import Commonness, Trait
from customers.resemblance.facts import Facts
from customers.resemblance.reasons import Reason, Said

MOST = 12.0
# Bits by how alike two names are. A last name may change by marriage, a first name hardly.
INITIAL, SHORTENED, ONE_WORD, SOMEWHAT = 2.5, 2.5, 2.0, -1.0
OTHER = {Trait.FIRST: -5.5, Trait.LAST: -4.0}
OTHER_INITIAL = -4.0
SWAPPED = -2.0  # people seldom write the last name first
NEAR_MOST, NEAR_LEAST = 7.5, 1.5
MISSPELT = 0.06  # how often a name is
SIMILAR = 0.0008  # how many other names are as near by chance


class Likeness(Enum):
    """How two names are alike, whatever they are."""

    SAME = auto()
    INITIAL = auto()
    OTHER_INITIAL = auto()
    NEAR = auto()
    SHORTENED = auto()
    SOMEWHAT = auto()
    ONE_WORD = auto()
    OTHER = auto()


BITS = {
    Likeness.INITIAL: INITIAL,
    Likeness.OTHER_INITIAL: OTHER_INITIAL,
    Likeness.SHORTENED: SHORTENED,
    Likeness.SOMEWHAT: SOMEWHAT,
    Likeness.ONE_WORD: ONE_WORD,
}
# Of names that stand crosswise one must at least be so like the other.
CLOSE = frozenset({Likeness.SAME, Likeness.INITIAL, Likeness.NEAR, Likeness.SHORTENED, Likeness.ONE_WORD})


def compare_names(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    """First with first and last with last, or crosswise if that fits clearly better."""
    is_first_same, is_last_same = one.first == other.first, one.last == other.last
    first, last = _bits(one.first, other.first, Trait.FIRST, common), _bits(one.last, other.last, Trait.LAST, common)
    if not (is_first_same or is_last_same) and (across := _across(one, other, common)) > first + last:
        yield Said(Reason.SWAPPED_NAME, across)
        return
    # Of one home are those who share the last name.
    bits, at_home = first + last, max(last, 0.0)
    if not bits and not at_home:
        return
    if bits <= 0:
        yield Said(Reason.NAME, bits, at_home)
    else:
        yield Said(Reason.SAME_NAME if is_first_same and is_last_same else Reason.LIKE_NAME, bits, at_home)


def _across(one: Facts, other: Facts, common: Commonness) -> float:
    """First with last and last with first; nothing to go by where neither fits."""
    crosswise = (one.first, other.last), (one.last, other.first)
    if not any(mine and theirs and likeness(mine, theirs) in CLOSE for mine, theirs in crosswise):
        return -inf
    # As the commoner kind of name, whichever of them stands where it belongs.
    bits = [min(_bits(*pair, Trait.FIRST, common), _bits(*pair, Trait.LAST, common)) for pair in crosswise]
    return sum(bits) + SWAPPED if max(bits) > NEAR_LEAST else -inf


def _bits(one: str, other: str, trait: Trait, common: Commonness) -> float:
    if not one or not other:
        return 0.0
    alike = likeness(one, other)
    if alike is Likeness.OTHER:
        return OTHER[trait]
    if alike is Likeness.SAME:
        return min(log2(0.88 / common.share(trait, one)), MOST)
    if alike is Likeness.NEAR:
        share = max(common.share(trait, one), common.share(trait, other))
        return max(min(log2(MISSPELT / (share + SIMILAR)), NEAR_MOST), NEAR_LEAST)
    return BITS[alike]


@lru_cache(maxsize=100_000)
def likeness(one: str, other: str) -> Likeness:
    """Of two names that are not empty."""
    if one == other:
        return Likeness.SAME
    if len(one) == 1 or len(other) == 1:
        return Likeness.INITIAL if one[0] == other[0] else Likeness.OTHER_INITIAL
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    slips = OSA.distance(one, other, score_cutoff=2)
    if (slips == 1 and len(longer) > 3) or (slips == 2 and len(longer) > 6):
        return Likeness.NEAR
    alike = JaroWinkler.similarity(one, other)
    if alike > 0.9 or (longer.startswith(shorter) and len(shorter) > 2):
        return Likeness.SHORTENED
    if alike > 0.8:
        return Likeness.SOMEWHAT
    return Likeness.ONE_WORD if {*one.split()} & {*other.split()} else Likeness.OTHER
