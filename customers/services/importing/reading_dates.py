"""Read the days that a table writes, in whichever order its writer puts day, month and year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

_YEAR_FIRST = re.compile(r"(\d{4})[./-]?(\d{1,2})[./-]?(\d{1,2})(?:[T ].*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)


class Order(StrEnum):
    """What stands first where the year stands last."""

    DAY = "day"
    MONTH = "month"


def agreed_order(told: Iterable[Order | None]) -> Order | None:
    """In which order a column is written: 25/12/1990 tells it for 3/4/1990 too. None when nothing tells, or both."""
    found = set(told) - {None}
    return found.pop() if len(found) == 1 else None


def read_date(text: str, order: Order | None = None) -> date | None:
    """None for what is no day, or may be two: 3/4/1990 when `order` is not known. With points the day comes first."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(*map(int, found.groups()))
    if not (found := _YEAR_LAST.fullmatch(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    order = Order.DAY if found[2] == "." or first == second else order_of(text) or order
    if order is None:
        return None
    return _date(year, second, first) if order is Order.DAY else _date(year, first, second)


def order_of(text: str) -> Order | None:
    """What one date says by itself."""
    found = _YEAR_LAST.fullmatch(text)
    if not found or found[2] == ".":
        return None
    first, second = int(found[1]), int(found[3])
    if 31 >= first > 12 >= second:
        return Order.DAY
    return Order.MONTH if 31 >= second > 12 >= first else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
