"""Learn which addresses and numbers are of several people: the office line, the family's mailbox (B5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from customers.resemblance import Facts
from customers.resemblance.keys import contact_keys, sound
from customers.resemblance.numbering import number_of
from customers.services.suggesting.dismissing import dismissed_pairs
from customers.services.suggesting.finding_pairs import MOST, Pair, read_sharing
from customers.services.suggesting.keeping_facts import read_kept

FEW = 4  # people of different names who hold it
MISLED = 2  # times that two of its holders were said not to be the same person


def several_of(people: Iterable[Facts]) -> set[int]:
    """Keys of these people's contacts that are of several people. Five queries."""
    sharing = read_sharing(keys={number_of(key) for one in people for key in contact_keys(one)})
    dismissed = dismissed_pairs({pk for holders in sharing.values() for pk in holders})
    return learn_shared(sharing=sharing, dismissed=dismissed)


def learn_shared(*, sharing: Mapping[int, list[int]], dismissed: Collection[Pair]) -> set[int]:
    """Of keys of contacts, with who has them, those that are of several people. One query."""
    crowded = {key for key, holders in sharing.items() if len(holders) > MOST}
    asked = {key: holders for key, holders in sharing.items() if len(holders) > 2 and key not in crowded}
    misleading = {key for key, holders in asked.items() if _misled(holders, dismissed) >= MISLED}
    many = {key: holders for key, holders in asked.items() if len(holders) >= FEW and key not in misleading}
    facts = read_kept(ids={pk for holders in many.values() for pk in holders}) if many else {}
    return crowded | misleading | {key for key, holders in many.items() if _names(holders, facts) >= FEW}


def _misled(holders: list[int], dismissed: Collection[Pair]) -> int:
    return sum(pair in dismissed for pair in combinations(holders, 2)) if dismissed else 0


def _names(holders: Iterable[int], facts: Mapping[int, Facts]) -> int:
    """How many different ones, as they sound: of one person that is there several times most sound alike."""
    said = (facts[pk] for pk in holders if pk in facts)
    names = {tuple(sorted((sound(one.first), sound(one.last)))) for one in said}
    return len(names - {("", "")})
