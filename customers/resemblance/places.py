"""Compare where two people live."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import log2

from rapidfuzz.distance import OSA

from customers.resemblance.commonness import RAREST, Commonness, Trait
from customers.resemblance.facts import Facts
from customers.resemblance.reasons import Reason, Said

OVERLAP = 0.35  # a city says little more where the street has spoken: one lies in the other
LEAST = -3.0  # people move
# How often one person has the same twice; what is near, and the region.
STREET, POSTAL_CODE, CITY = 0.6, 0.7, 0.7
NEAR_STREET, NEAR_POSTAL_CODE, NEAR_CITY, REGION = 8.0, 3.0, 3.0, 1.0
# What the rarest say.
MOST_STREET, MOST_POSTAL_CODE, MOST_CITY = (
    log2(often / RAREST[trait])
    for often, trait in ((STREET, Trait.STREET), (POSTAL_CODE, Trait.POSTAL_CODE), (CITY, Trait.CITY))
)


def most_bits(one: Facts, other: Facts) -> float:
    """`compare_places` says no more for it; told without comparing letter by letter."""
    parts = (
        (MOST_STREET if one.street == other.street else NEAR_STREET) if one.street and other.street else 0.0,
        (MOST_POSTAL_CODE if one.postal_code == other.postal_code else NEAR_POSTAL_CODE) if one.postal_code else 0.0,
        (MOST_CITY if one.city == other.city else NEAR_CITY) if one.city else 0.0,
        REGION if one.region else 0.0,
    )
    most = max(parts)
    return most + (sum(parts) - most) * OVERLAP


def compare_places(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    """The part that says most counts whole, what it lies in a little; all that differs together counts as one move."""
    parts = [*_street(one, other, common), *_postal_code(one, other, common), *_city(one, other, common)]
    if one.region and other.region:
        parts.append(Said(Reason.PLACE, REGION if one.region == other.region else -0.7))
    against = max(sum(part.bits for part in parts if part.bits < 0), LEAST)
    if against:
        yield Said(Reason.PLACE, against)
    agreeing = sorted((part for part in parts if part.bits > 0), key=lambda part: -part.bits)
    for place, part in enumerate(agreeing):
        yield part if place == 0 else Said(part.reason, part.bits * OVERLAP, part.at_home * OVERLAP)


def _street(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if not one.street or not other.street:
        return
    if one.street == other.street:
        rarity = -log2(common.share(Trait.STREET, one.street))
        yield Said(Reason.SAME_STREET, rarity + log2(STREET), rarity + log2(0.9))
        return
    length = max(len(one.street), len(other.street))
    slips = OSA.distance(_in_order(one.street), _in_order(other.street))
    numbers = {one.house_number, other.house_number} - {""}
    if slips <= max(2, length * 0.25) and len(numbers) < 2:
        yield Said(Reason.LIKE_STREET, NEAR_STREET, NEAR_STREET)
    elif slips <= max(2, length * 0.2):
        yield Said(Reason.LIKE_STREET, 4.0, 4.0)
    elif len(numbers) == 1 and len({*one.street.split()} & {*other.street.split()}) > 1:
        yield Said(Reason.LIKE_STREET, 6.0, 6.0)
    else:
        yield Said(Reason.PLACE, -2.5)


@lru_cache(maxsize=50_000)
def _in_order(street: str) -> str:
    return " ".join(sorted(street.split()))


def _postal_code(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if not one.postal_code or not other.postal_code:
        return
    if one.postal_code == other.postal_code:
        rarity = -log2(common.share(Trait.POSTAL_CODE, one.postal_code))
        yield Said(Reason.SAME_POSTAL_CODE, rarity + log2(POSTAL_CODE), rarity + log2(0.95))
    elif OSA.distance(one.postal_code, other.postal_code, score_cutoff=1) == 1:
        yield Said(Reason.PLACE, NEAR_POSTAL_CODE)
    else:
        yield Said(Reason.PLACE, -1.5)


def _city(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if not one.city or not other.city:
        return
    if one.city == other.city:
        rarity = -log2(common.share(Trait.CITY, one.city))
        yield Said(Reason.SAME_CITY, rarity + log2(CITY), rarity + log2(0.97))
    elif OSA.distance(one.city, other.city) <= max(1, len(one.city) // 5):
        yield Said(Reason.PLACE, NEAR_CITY)
    else:
        yield Said(Reason.PLACE, -1.0)
