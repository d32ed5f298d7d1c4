"""Large cities with the countries they lie in: a small own table, for what no comma and no postal code tells."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from customers.addresses.regions import cities_of
from customers.addresses.spelling import plain

# The library's lists of whole countries are long and hold names that are words; they serve where nothing else does.
_MOST_WORDS: Final = 5
_POST_OFFICE: Final = re.compile(r"(?<=\D) \d{1,2}$")


def countries_of_city(name: str) -> frozenset[str]:
    """Countries with a large city of this name in any of its spellings, with or without the number of a post office."""
    wanted = plain(name).strip(" .")
    return _by_name().get(wanted) or _by_name().get(_POST_OFFICE.sub("", wanted), frozenset())


def is_city(name: str, country: str) -> bool:
    """Whether the country has such a city in our table or in the postal data."""
    return country in countries_of_city(name) or plain(name) in _listed(country)


def city_names(country: str) -> dict[str, tuple[str, ...]]:
    """All folded spellings of the country's cities by their main one: our table's first, then the postal data's."""
    own = {names[0]: tuple(plain(name) for name in names) for names in _names().get(country, ())}
    return own | {name: (plain(name),) for name in cities_of(country, "") if name not in own}


def city_at_end(text: str, country: str) -> str:
    """The longest run of last words that is a city of the country, as it was written; "" when there is none."""
    words = text.split(" ")
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        tail = " ".join(words[-count:])
        if is_city(tail, country):
            return tail
    return ""


def city_at_start(text: str, country: str) -> str:
    """The longest run of first words that is a city of the country, as it was written; "" when there is none."""
    words = text.split(" ")
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        head = " ".join(words[:count])
        if is_city(head, country):
            return head
    return ""


@cache
def _listed(country: str) -> frozenset[str]:
    return frozenset(plain(name) for name in cities_of(country, "")) if country in {"BR", "CL"} else frozenset()


@cache
def _lines() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    text = files("customers.addresses.offline").joinpath("cities.txt").read_text(encoding="utf-8")
    read = (line.partition(":") for line in text.splitlines() if line)
    return tuple((code, tuple(tuple(one.strip().split("=")) for one in names.split(","))) for code, _, names in read)


@cache
def _names() -> dict[str, tuple[tuple[str, ...], ...]]:
    return dict(_lines())


@cache
def _by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, cities in _lines():
        for names in cities:
            for name in names:
                found.setdefault(plain(name).strip(" ."), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}
