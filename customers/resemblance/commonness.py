"""How common a value is among a workspace's customers: that two share a rare one says much, a common one little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from customers.resemblance.facts import Facts
from customers.resemblance.numbering import number_of


class Trait(StrEnum):
    """What is counted."""

    FIRST = "first"
    LAST = "last"
    BIRTHDAY = "birthday"
    EMAIL = "email"
    LOCAL_PART = "local_part"
    PHONE = "phone"
    HANDLE = "handle"
    STREET = "street"
    CITY = "city"
    POSTAL_CODE = "postal_code"


# What is counted over all customers of a workspace, and kept. Of contacts it is asked who holds them.
COUNTED = frozenset({*Trait} - {Trait.EMAIL, Trait.PHONE, Trait.HANDLE})

# How rare a value is that nobody else has: as rare as it would be among very many people.
RAREST = {
    Trait.FIRST: 1 / 2_000,
    Trait.LAST: 1 / 5_000,
    Trait.BIRTHDAY: 1 / 20_000,
    Trait.LOCAL_PART: 1 / 5_000,
    Trait.STREET: 1 / 5_000,
    Trait.CITY: 1 / 1_000,
    Trait.POSTAL_CODE: 1 / 3_000,
}
# What belongs to one person is as rare as the workspace is large: so many customers hold another one's by chance.
BY_CHANCE = {Trait.EMAIL: 0.005, Trait.HANDLE: 0.005, Trait.PHONE: 0.02}


class Commonness:
    """`customers` is how many there are, `counts` how many say each value of a trait, `totals` how many say any."""

    def __init__(
        self, customers: int, counts: Mapping[Trait, Mapping[str, int]], totals: Mapping[Trait, int] | None = None
    ) -> None:
        self.customers = max(customers, 2)
        self._counts = counts
        self._totals = totals or {trait: sum(values.values()) for trait, values in counts.items()}

    @classmethod
    def of(cls, profiles: Iterable[Facts]) -> Commonness:
        """Counted over all profiles."""
        counts: dict[Trait, Counter[str]] = {trait: Counter() for trait in Trait}
        customers = 0
        for one in profiles:
            customers += 1
            for trait, value in traits_of(one):
                counts[trait][value] += 1
        return cls(customers, counts)

    def share(self, trait: Trait, value: str) -> float:
        """Of those who say the trait at all, how many others than the two at hand say this; never quite none."""
        others = self._counts[trait].get(value, 0) - 2
        rarest = RAREST.get(trait) or BY_CHANCE[trait] / self.customers
        return max(others / max(self._totals[trait], 1), rarest)

    def is_of_several(self, contact_key: str) -> bool:
        """Whether what both hold is known to be of several people."""
        return False


class Counted(Commonness):
    """Of what was counted before, by numbers made of the values; `several` are keys of contacts of several people.

    Of contacts nothing is counted: who holds one that is not of several people holds it almost alone.
    """

    def __init__(
        self,
        customers: int,
        totals: Mapping[str, int],
        counts: Mapping[str, Mapping[int, int]],
        several: Collection[int] = frozenset(),
    ) -> None:
        super().__init__(customers, {})
        self._said, self._numbered, self._several = totals, counts, several
        self._known: dict[tuple[Trait, str], float] = {}

    def share(self, trait: Trait, value: str) -> float:
        known = self._known.get((trait, value))
        if known is None:
            known = self._known[trait, value] = self._work_out(trait, value)
        return known

    def _work_out(self, trait: Trait, value: str) -> float:
        rarest = RAREST.get(trait) or BY_CHANCE[trait] / self.customers
        counted = self._numbered.get(trait)
        others = counted.get(number_of(value), 0) - 2 if counted else 0
        return max(others / max(self._said.get(trait, 0), 1), rarest)

    def with_several(self, several: Collection[int]) -> Counted:
        """The same counts, and what is worked out of them already."""
        other = Counted(self.customers, self._said, self._numbered, several)
        other._known = self._known
        return other

    def is_of_several(self, contact_key: str) -> bool:
        return bool(self._several) and number_of(contact_key) in self._several


def traits_of(facts: Facts) -> Iterable[tuple[Trait, str]]:
    """What of a profile is counted."""
    yield from (
        (trait, value)
        for trait, value in (
            (Trait.FIRST, facts.first),
            (Trait.LAST, facts.last),
            (Trait.BIRTHDAY, facts.birthday),
            (Trait.STREET, facts.street),
            (Trait.CITY, facts.city),
            (Trait.POSTAL_CODE, facts.postal_code),
        )
        if value
    )
    for email in facts.emails:
        yield Trait.EMAIL, email
        yield Trait.LOCAL_PART, local_part(email)
    yield from ((Trait.PHONE, phone) for phone in facts.phones)
    yield from ((Trait.HANDLE, handle) for handle in facts.handles)


def local_part(email: str) -> str:
    """What stands before the @, without what is behind a plus."""
    return email.rpartition("@")[0].partition("+")[0]
