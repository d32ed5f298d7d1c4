"""The fields of a list's query string: how each is read and written, nothing of the database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.text import clean_text

MOST = 2**31 - 1  # numbers people see are counted; none of them is longer
MOST_SEVERAL = 10  # values of one field
# Beyond these, adding a day or changing the zone leaves what Python and PostgreSQL can say.
FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2199, 12, 31)

_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,9})\Z")
_DECIMAL = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,4})?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True)
class Field:
    """`read` gets every value the query string has under the field's name; it returns None for what makes no sense."""

    read: Callable[[Sequence[str]], Any]
    write: Callable[[Any], Sequence[str]] = lambda value: [str(value)]


def one_of(*words: str) -> Field:
    return Field(_last(lambda text: text if text in words else None))


def number_or(*words: str) -> Field:
    """One of the words, or a number from 1 on, as text."""
    return Field(_last(lambda text: text if text in words or _number(text) else None))


def number() -> Field:
    """A whole number from 0 on."""
    return Field(_last(_number))


def decimal() -> Field:
    """An amount from 0 on, with a point or a comma."""
    return Field(_last(_decimal), lambda value: [format(value.normalize(), "f")])


def day() -> Field:
    return Field(_last(_day), lambda value: [value.isoformat()])


def switch() -> Field:
    return Field(_last(lambda text: True if text == "yes" else None), lambda value: ["yes"])


def words(longest: int) -> Field:
    """A line of text."""
    return Field(_last(lambda text: _line(text, longest) or None))


def several(longest: int) -> Field:
    """Lines of text, each once, in order."""
    return Field(
        lambda texts: tuple(sorted({line for one in texts if (line := _line(one, longest))})[:MOST_SEVERAL]) or None,
        lambda value: value,
    )


def _last(read: Callable[[str], Any]) -> Callable[[Sequence[str]], Any]:
    return lambda values: read(values[-1]) if values else None


def _line(text: str, longest: int) -> str:
    return " ".join(clean_text(text[: longest * 4]).split())[:longest].strip()


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.match(text) and int(text) <= MOST else None


def _decimal(text: str) -> Decimal | None:
    text = text.strip()
    return Decimal(text.replace(",", ".")) if _DECIMAL.match(text) else None


def _day(text: str) -> date | None:
    if not _DAY.match(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
