"""What is known of a customer, and where: each app declares it of its own tables, to be told as a file and erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Model, QuerySet

from core.text import fold
from customers.mentions import Wanted
from customers.models import Customer
from files.models import StoredFile


@dataclass(frozen=True)
class Person:
    """Whom it is about. `addresses` are what they, and nobody else, are or were reached by, normalized and as typed;
    `names` the full names, folded, that they and nobody else have or had.
    """

    customer: Customer
    addresses: frozenset[str]
    names: frozenset[str] = frozenset()

    @cached_property
    def ids(self) -> list[int]:
        """Of the profile, and of all that were merged into it: one person. Some rows stay with those."""
        return self.customer.all_ids

    @cached_property
    def numbers(self) -> list[int]:
        """The same in numbers."""
        return list(Customer.objects.filter(pk__in=self.ids).values_list("number", flat=True))

    @cached_property
    def wanted(self) -> Wanted:
        """What can be looked for in texts."""
        return Wanted(self.addresses)


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


@dataclass(frozen=True)
class Texts:
    """Columns in which people write what they like, of whom they like: addresses of a person are struck out of them.

    None that a row is found by, and none of a unique constraint.
    """

    model: type[Model]
    columns: tuple[str, ...]
    # Of all rows when there is none.
    rows: Callable[[], QuerySet[Any, Any]] | None = None


# Looks for what no key leads to, and takes it away; called before the rows go, outside a transaction.
Search = Callable[[Person], None]

_held: list[Held] = []
_enclosed: list[Enclosed] = []
_searches: list[Search] = []
_texts: list[Texts] = []


def register(
    held: Iterable[Held],
    enclosed: Iterable[Enclosed] = (),
    searches: Iterable[Search] = (),
    texts: Iterable[Texts] = (),
) -> None:
    """Called once by each app when it starts, in the order in which the rows can go: parts before the whole."""
    _held[:0] = held
    _enclosed[:0] = enclosed
    _searches.extend(searches)
    _texts.extend(texts)


def all_held() -> tuple[Held, ...]:
    """Of every app, the apps above first: their rows point at those below."""
    return tuple(_held)


def all_enclosed() -> tuple[Enclosed, ...]:
    return tuple(_enclosed)


def all_searches() -> tuple[Search, ...]:
    return tuple(_searches)


def all_texts() -> tuple[Texts, ...]:
    return tuple(_texts)


def mentions(text: str, person: Person) -> bool:
    """Whether one of their addresses stands in the text by itself: not as the end of a longer one, nor in a word."""
    return person.wanted.is_in(f"{text}\n{unquote_plus(text)}")


def names(text: str, person: Person) -> bool:
    """Whether their full name stands in it. Only for texts that are looked at because of something else: of names alone
    nobody can be told.
    """
    folded = f" {fold(unquote_plus(text))} "
    return any(_stands_alone(one, folded) for one in person.names)


def _stands_alone(name: str, folded: str) -> bool:
    before, found, after = folded.partition(name)
    return bool(found) and not (before[-1:].isalnum() or after[:1].isalnum())
