"""What is known of a customer, and where: each app declares it of its own tables, to be told as a file and erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Model, QuerySet

from customers.models import Customer
from files.models import StoredFile

ENOUGH_DIGITS = 7
_BY_ITSELF = r"(?<![\w.%+-]){}(?![\w-])"


@dataclass(frozen=True)
class Person:
    """Whom it is about. `addresses` are what they, and nobody else, are or were reached by, normalized and as typed."""

    customer: Customer
    addresses: frozenset[str]

    @property
    def unmistakable(self) -> list[str]:
        """E-mail addresses and whole phone numbers: what can be looked for in texts."""
        return sorted(one for one in self.addresses if "@" in one[1:] or sum(map(str.isdecimal, one)) >= ENOUGH_DIGITS)


Rows = Callable[[Person], QuerySet[Any, Any]]


@dataclass(frozen=True)
class Held:
    """Rows of one table that are about a person; `name` is what the part of the file with them is called.

    Erasing writes `blank` into their columns, and deletes them where there is none. Some rows are only told, because
    others go with them, and some only erased, because they say nothing by themselves.
    """

    name: str
    model: type[Model]
    rows: Rows
    blank: Mapping[str, Any] | None = None
    is_told: bool = True
    is_erased: bool = True


@dataclass(frozen=True)
class Enclosed:
    """Files of a person, in a folder of that name. Before they are destroyed `let_go` is called, where a row that stays
    must have another one.
    """

    name: str
    files: Callable[[Person], QuerySet[StoredFile, StoredFile]]
    let_go: Callable[[Person], None] | None = None


# Looks for what no key leads to, and takes it away; called before the rows go, outside a transaction.
Search = Callable[[Person], None]

_held: list[Held] = []
_enclosed: list[Enclosed] = []
_searches: list[Search] = []


def register(held: Iterable[Held], enclosed: Iterable[Enclosed] = (), searches: Iterable[Search] = ()) -> None:
    """Called once by each app when it starts, in the order in which the rows can go: parts before the whole."""
    _held[:0] = held
    _enclosed[:0] = enclosed
    _searches.extend(searches)


def all_held() -> tuple[Held, ...]:
    """Of every app, the apps above first: their rows point at those below."""
    return tuple(_held)


def all_enclosed() -> tuple[Enclosed, ...]:
    return tuple(_enclosed)


def all_searches() -> tuple[Search, ...]:
    return tuple(_searches)


def mentions(text: str, person: Person) -> bool:
    """Whether one of their addresses stands in the text by itself: not as the end of a longer one, nor in a word.

    Handles and short numbers are not looked for: they stand in too much that is not about the person.
    """
    plain = f"{text}\n{unquote_plus(text)}".casefold()
    return any(re.search(_BY_ITSELF.format(re.escape(one.casefold())), plain) for one in person.unmistakable)
