"""Compare two people's names: misspelt, shortened, swapped, with a word more or less."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

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


def compare_names(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    """First with first and last with last, or crosswise if that fits clearly better."""
    first, last = _bits(one.first, other.first, Trait.FIRST, common), _bits(one.last, other.last, Trait.LAST, common)
    across = _across(one.first, other.last, common), _across(one.last, other.first, common)
    if max(across) > NEAR_LEAST and sum(across) + SWAPPED > first + last:
        yield Said(Reason.SWAPPED_NAME, sum(across) + SWAPPED)
        return
    # Of one home are those who share the last name.
    bits, at_home = first + last, max(last, 0.0)
    if not bits and not at_home:
        return
    if bits <= 0:
        yield Said(Reason.NAME, bits, at_home)
    else:
        is_same = (one.first, one.last) == (other.first, other.last)
        yield Said(Reason.SAME_NAME if is_same else Reason.LIKE_NAME, bits, at_home)


def _across(one: str, other: str, common: Commonness) -> float:
    """As the commoner kind of name, whichever of them stands where it belongs."""
    return min(_bits(one, other, Trait.FIRST, common), _bits(one, other, Trait.LAST, common))


def _bits(one: str, other: str, trait: Trait, common: Commonness) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return min(log2(0.88 / common.share(trait, one)), MOST)
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] else OTHER_INITIAL
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    slips = OSA.distance(one, other, score_cutoff=2)
    if (slips == 1 and len(longer) > 3) or (slips == 2 and len(longer) > 6):
        share = max(common.share(trait, one), common.share(trait, other))
        return max(min(log2(MISSPELT / (share + SIMILAR)), NEAR_MOST), NEAR_LEAST)
    alike = JaroWinkler.similarity(one, other)
    if alike > 0.9 or (longer.startswith(shorter) and len(shorter) > 2):
        return SHORTENED
    if alike > 0.8:
        return SOMEWHAT
    if {*one.split()} & {*other.split()}:
        return ONE_WORD
    return OTHER[trait]
