"""Compare two profiles field by field, and add up what speaks for one person and what against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log2

from rapidfuzz.distance import OSA

from customers.resemblance.commonness import Commonness, Trait, local_part
from customers.resemblance.dates import compare_birthdays
from customers.resemblance.facts import Facts
from customers.resemblance.keys import email_key, handle_key, phone_key
from customers.resemblance.names import compare_names
from customers.resemblance.places import compare_places, most_bits
from customers.resemblance.reasons import Reason, Said

# With how many other customers one shares a home, in the mean.
HOMES = 0.1
# How often one person has the same contact twice, and two people of one home share it.
TWICE = 0.5
AT_HOME = {Trait.EMAIL: 0.02, Trait.PHONE: 0.15, Trait.HANDLE: 0.01}
# How often an order of one is placed with what the other holds: by one person, and by one for another, as a gift.
ORDERED, ORDERED_AT_HOME = 0.5, 0.25
NEAR_EMAIL, LIKE_EMAIL, NEAR_LOCAL, OTHER_EMAIL = 9.0, 4.5, 5.0, -1.0
OTHER_PHONE = -0.5
SAME_SEX, OTHER_SEX = 1.0, -4.0


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Bits for (above 0) or against one person, each with its reason; without how likely it was before. `at_home` are
    those for two people of one home.
    """

    said: tuple[Said, ...]
    customers: int
    bits: float
    at_home: float

    def probability(self, prior: float) -> float:
        """That they are one person, if of all pairs a share of `prior` are; else two of one home, or strangers."""
        one_person = prior * 2 ** min(self.bits, 200.0)
        one_home = HOMES / self.customers * 2 ** min(self.at_home, 200.0)
        return one_person / (one_person + one_home + 1)


def compare(one: Facts, other: Facts, common: Commonness) -> Resemblance:
    """All that speaks for or against it."""
    return _add_up([*_compare_selves(one, other, common), *compare_places(one, other, common)], common)


def compare_likely(one: Facts, other: Facts, common: Commonness, *, least: float) -> Resemblance | None:
    """The same; None where it would not come to so many bits, whatever their addresses say: so it is of most pairs."""
    said = _compare_selves(one, other, common)
    bits = most_bits(one, other)
    for part in said:
        bits += part.bits
    return _add_up([*said, *compare_places(one, other, common)], common) if bits >= least else None


def least_bits(probability: float, prior: float) -> float:
    """Without so many no pair is as likely as that; some need more, who may be two of one home."""
    return log2(probability / (1 - probability) / prior)


def _compare_selves(one: Facts, other: Facts, common: Commonness) -> list[Said]:
    """All but where they live."""
    said = [*compare_names(one, other, common)]
    said += compare_birthdays(one.birthday, other.birthday, common)
    said += _phones(one, other, common)
    said += _emails(one, other, common)
    said += _handles(one, other, common)
    said += _orders(one, other, common)
    if one.sex and other.sex:
        said.append(Said(Reason.SEX, SAME_SEX if one.sex == other.sex else OTHER_SEX))
    return said


def _add_up(said: list[Said], common: Commonness) -> Resemblance:
    bits = at_home = 0.0
    for part in said:
        bits += part.bits
        at_home += part.at_home
    return Resemblance(tuple(said), common.customers, bits, at_home)


@dataclass(frozen=True, slots=True)
class _Kind:
    reason: Reason
    trait: Trait
    key: Callable[[str], str]


_EMAIL = _Kind(Reason.SAME_EMAIL, Trait.EMAIL, email_key)
_PHONE = _Kind(Reason.SAME_PHONE, Trait.PHONE, phone_key)
_HANDLE = _Kind(Reason.SAME_HANDLE, Trait.HANDLE, handle_key)
# By chance as often as a phone.
_ORDER_EMAIL = _Kind(Reason.SAME_ORDER, Trait.PHONE, email_key)
_ORDER_PHONE = _Kind(Reason.SAME_ORDER, Trait.PHONE, phone_key)


def _same(kind: _Kind, values: set[str], common: Commonness) -> Iterator[Said]:
    """The rarest of what both hold."""
    if shares := _shares(kind, values, common):
        rarest = min(shares)
        yield Said(kind.reason, log2(TWICE / rarest), max(log2(AT_HOME[kind.trait] / rarest), 0.0))


def _shares(kind: _Kind, values: set[str], common: Commonness) -> list[float]:
    """What is known to be of several people says nothing."""
    return [common.share(kind.trait, value) for value in values if not common.is_of_several(kind.key(value))]


def _phones(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if not one.phones or not other.phones:
        return
    if both := {*one.phones} & {*other.phones}:
        yield from _same(_PHONE, both, common)
    else:
        yield Said(Reason.PHONE, OTHER_PHONE)


def _handles(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if both := {*one.handles} & {*other.handles}:
        yield from _same(_HANDLE, both, common)


def _orders(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    """Never more than a phone that both hold: it may have been a gift, and then the names tell."""
    if not (one.order_emails or one.order_phones or other.order_emails or other.order_phones):
        return
    emails = ({*one.order_emails} & {*other.emails}) | ({*one.emails} & {*other.order_emails})
    phones = ({*one.order_phones} & {*other.phones}) | ({*one.phones} & {*other.order_phones})
    if shares := [*_shares(_ORDER_EMAIL, emails, common), *_shares(_ORDER_PHONE, phones, common)]:
        yield Said(Reason.SAME_ORDER, log2(ORDERED / min(shares)), max(log2(ORDERED_AT_HOME / min(shares)), 0.0))


def _emails(one: Facts, other: Facts, common: Commonness) -> Iterator[Said]:
    if not one.emails or not other.emails:
        return
    if both := {*one.emails} & {*other.emails}:
        yield from _same(_EMAIL, both, common)
    else:
        yield max(
            (_email(mine, theirs, common) for mine in one.emails for theirs in other.emails), key=lambda s: s.bits
        )


def _email(mine: str, theirs: str, common: Commonness) -> Said:
    own, other = local_part(mine), local_part(theirs)
    if own == other and len(own) > 3:
        return Said(Reason.LIKE_EMAIL, min(log2(0.3 / common.share(Trait.LOCAL_PART, own)), 10.0))
    shorter = min(len(mine), len(theirs))
    apart = OSA.distance(mine, theirs, score_cutoff=4)
    if apart <= 2 and shorter > 9:
        return Said(Reason.LIKE_EMAIL, NEAR_EMAIL)
    if apart <= 4 and shorter > 14:
        return Said(Reason.LIKE_EMAIL, LIKE_EMAIL)
    if len(own) > 5 and OSA.distance(own, other, score_cutoff=1) <= 1:
        return Said(Reason.LIKE_EMAIL, NEAR_LOCAL)
    return Said(Reason.EMAIL, OTHER_EMAIL)
