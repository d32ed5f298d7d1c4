"""The fields of a filter as they stand in a query string: how each is read and written, nothing of the database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.text import clean_text

LONGEST_WORDS = 200  # characters of a search; more is a pasted letter
MOST_TAGS = 10
MOST = 2**31 - 1  # numbers people see are counted; none of them is longer
# Beyond these, adding a day or changing the zone leaves what Python and PostgreSQL can say.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)

_NUMBER = re.compile(r"[1-9][0-9]{0,9}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,19}\Z")


@dataclass(frozen=True)
class Field:
    """`read` gets every value the query string has under the field's name; it returns None for what makes no sense."""

    read: Callable[[Sequence[str]], Any]
    write: Callable[[Any], Sequence[str]] = lambda value: [str(value)]


def one_of(*words: str) -> Field:
    return Field(_last(lambda text: text if text in words else None))


def number_or(*words: str) -> Field:
    """One of the words, or a number as text."""
    return Field(_last(lambda text: text if text in words or _number(text) else None))


def word() -> Field:
    return Field(_last(lambda text: text if _WORD.match(text) else None))


def number() -> Field:
    return Field(_last(_number))


def numbers() -> Field:
    """Several numbers, each once, in order."""
    return Field(
        lambda values: tuple(sorted({found for text in values if (found := _number(text))})[:MOST_TAGS]) or None,
        lambda value: [str(one) for one in value],
    )


def day() -> Field:
    return Field(_last(_day), lambda value: [value.isoformat()])


def switch() -> Field:
    return Field(_last(lambda text: True if text == "yes" else None), lambda value: ["yes"])


def words() -> Field:
    return Field(_last(lambda text: clean_text(text).strip()[:LONGEST_WORDS].strip() or None))


def _last(read: Callable[[str], Any]) -> Callable[[Sequence[str]], Any]:
    return lambda values: read(values[-1]) if values else None


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.match(text) and int(text) <= MOST else None


def _day(text: str) -> date | None:
    if not _DAY.match(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
