"""A town of people who have nothing to do with one another, so that names and streets have their usual shares."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from customers.resemblance import Commonness, Facts, Resemblance, compare, read_facts

PEOPLE = 2_000
# Of all pairs, one in so many is one person, in a workspace where every tenth customer is there twice.
PRIOR = 0.1 / PEOPLE
FIRST = "ana eva rui zoe max lea ivo mia tom ines olga boris karl jana pierre sofia marta hugo nora felix".split()
LAST = "lopes silva kowalski weber martin novak petrov costa rossi olsen kaya haas fuchs moreau santos".split()
STREETS = "rosa ferro palma prata ouro mar lua sol norte sul".split()


def person(number: int, **said: Any) -> Facts:
    """Facts of somebody; what is not said is not known."""
    return read_facts(number, **said)


def townsfolk() -> list[Facts]:
    """The same ones every time."""
    chance = random.Random(7)
    return [_one(number, chance) for number in range(PEOPLE)]


def _one(number: int, chance: random.Random) -> Facts:
    first, last = chance.choice(FIRST) + chance.choice(("", "", "ana", "o")), chance.choice(LAST)
    return person(
        number,
        names=(first, "", last + chance.choice(("", "", "ski", "es"))),
        birthday=date(1950, 1, 1) + timedelta(days=chance.randrange(20_000)),
        emails=[f"{first}.{last}{number}@mail.example"],
        phones=[f"+35191{number:07}"],
        place=(f"rua {chance.choice(STREETS)} {chance.randrange(200)}", "lisboa", "", f"12{chance.randrange(100):02}"),
    )


def resemblance(one: Facts, other: Facts) -> Resemblance:
    """Among the people of the town."""
    return compare(one, other, Commonness.of([*townsfolk(), one, other]))


def is_suggested(one: Facts, other: Facts) -> bool:
    return resemblance(one, other).probability(PRIOR) > 0.5
