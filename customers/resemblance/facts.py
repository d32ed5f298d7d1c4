"""What of a customer is compared, in the one spelling in which it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from anyascii import anyascii

from core.text import fold

_APART = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")
# Raised when facts, or keys made of them, are to be written anew for everybody.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """In Latin letters, no case, no accents, single spaces: "Шевченко" and "Shevchenko" are one. `birthday` is eight
    digits, `phones` are as contacts keep them. What only their orders were placed with stands apart: it may be somebody
    else's, who bought for them.

    Contacts that are known to be of several people (info@, an office line) are not among them.
    """

    customer_id: int
    first: str = ""
    middle: str = ""
    last: str = ""
    birthday: str = ""
    sex: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    order_emails: tuple[str, ...] = ()
    order_phones: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""

    @property
    def house_number(self) -> str:
        """The first number of the street's line."""
        return _first_number(self.street)


@lru_cache(maxsize=50_000)
def _first_number(line: str) -> str:
    found = _NUMBER.search(line)
    return found.group() if found else ""


def write_said(facts: Facts) -> dict[str, Any]:
    """As JSON holds them: only what is said."""
    said = {name: getattr(facts, name) for name in _NAMES}
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}
    return {**kept, "version": VERSION}


def read_said(customer_id: int, said: Mapping[str, Any]) -> Facts:
    """What `write_said` wrote."""
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    known.pop("version", None)
    return Facts(customer_id, **known)


def read_facts(
    customer_id: int,
    *,
    names: tuple[str, str, str] = ("", "", ""),
    birthday: date | None = None,
    sex: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    handles: Iterable[str] = (),
    order_emails: Iterable[str] = (),
    order_phones: Iterable[str] = (),
    place: tuple[str, str, str, str] = ("", "", "", ""),
) -> Facts:
    """`names` are first, middle and last; `place` is street, city, region and postal code."""
    first, middle, last = map(_words, names)
    street, city, region, postal_code = map(_words, place)
    return Facts(
        customer_id,
        first,
        middle,
        last,
        birthday.strftime("%Y%m%d").rjust(8, "0") if birthday else "",
        sex,
        tuple(emails),
        tuple(phones),
        tuple(handles),
        tuple(order_emails),
        tuple(order_phones),
        street,
        city,
        region,
        postal_code.replace(" ", ""),
    )


def _words(text: str) -> str:
    return _APART.sub(" ", anyascii(fold(text)).lower()).strip()


_NAMES = tuple(field.name for field in fields(Facts) if field.name != "customer_id")
