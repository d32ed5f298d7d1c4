"""Keyset paging: the next page begins after a row, not at a count, so no page gets slower or shifts."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value

M = TypeVar("M", bound=models.Model)

LONGEST_CURSOR = 2000  # characters
AFTER, BEFORE = "a", "b"


@dataclass(frozen=True)
class Section(Generic[M]):
    """A stretch of a list with an order of its own, by columns that are never null in it.

    They all rise or all fall ("-id"), the last of them is unique. A column of a row's one-to-one partner is named
    "partner__column"; the partner is then read with the row.
    """

    rows: models.QuerySet[M, M]
    order: Sequence[str]


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in the list's order. A cursor is None where the list ends; it stands in URLs as it is."""

    rows: tuple[M, ...]
    next_cursor: str | None
    previous_cursor: str | None


class BadCursor(ValueError):
    """Not a cursor of this list."""


def read_page(
    rows: models.QuerySet[M, M], *, order: Sequence[str], cursor: str | None = None, size: int = 50
) -> Page[M]:
    """One page of `rows` by `order`, which is as in Section.

    Rows are compared as a whole, `(a, b) < (x, y)`, which an index on (tenant, a, b) answers at once, also under
    row-level security. A cursor we cannot read means the first page: it may be old, or somebody's experiment.
    """
    return read_sections([Section(rows, order)], cursor=cursor, size=size)


def read_sections(sections: Sequence[Section[M]], *, cursor: str | None = None, size: int = 50) -> Page[M]:
    """One page of a list whose sections follow each other: a later one is read only where the earlier ones end."""
    parts = [_Part(one.rows, *_split(one.order)) for one in sections]
    try:
        way, place, values = _read(cursor or "", parts)
    except BadCursor:
        return _forward(parts, None, size)
    edge = _Edge(place, values)
    return _forward(parts, edge, size) if way == AFTER else _backward(parts, edge, size)


@dataclass(frozen=True)
class _Part(Generic[M]):
    """A section whose order was taken apart."""

    rows: models.QuerySet[M, M]
    names: tuple[str, ...]
    falling: bool


@dataclass(frozen=True)
class _Edge:
    """The row a page begins after, or ends before: which section it is in, and what stands in its columns."""

    place: int
    values: list[Any]


_Found = tuple[int, Any]  # the place of the section, the row


def _forward(parts: Sequence[_Part[M]], after: _Edge | None, size: int) -> Page[M]:
    found: list[_Found] = []
    for place, part in enumerate(parts):
        if len(found) <= size and (after is None or place >= after.place):
            values = after.values if after and after.place == place else None
            rows = _beyond(part, part.falling, values)[: size + 1 - len(found)]
            found += [(place, row) for row in rows]
    if after is not None and not found:
        return _forward(parts, None, size)  # the rest of the list has gone meanwhile
    page = found[:size]
    return Page(
        rows=tuple(row for _, row in page),
        next_cursor=_write(AFTER, page[-1], parts) if len(found) > size else None,
        previous_cursor=_write(BEFORE, page[0], parts) if page and after is not None else None,
    )


def _backward(parts: Sequence[_Part[M]], before: _Edge, size: int) -> Page[M]:
    found: list[_Found] = []
    for place in range(before.place, -1, -1):
        if len(found) <= size:
            part, values = parts[place], before.values if place == before.place else None
            rows = _beyond(part, not part.falling, values)[: size + 1 - len(found)]
            found += [(place, row) for row in rows]
    if len(found) <= size:
        return _forward(parts, None, size)  # the start of the list: a full page of it
    page = found[:size][::-1]
    return Page(tuple(row for _, row in page), _write(AFTER, page[-1], parts), _write(BEFORE, page[0], parts))


def _beyond(part: _Part[M], falling: bool, edge: list[Any] | None) -> models.QuerySet[M, M]:
    ordered = part.rows.order_by(*(f"-{name}" if falling else name for name in part.names))
    if edge is None:
        return ordered
    fields = [_field(part.rows.model, name) for name in part.names]
    here = _Row(*(F(name) for name in part.names))
    there = _Row(*(Value(value, output_field=field) for value, field in zip(edge, fields, strict=True)))
    return ordered.filter(_Compared(here, there, arg_joiner=" < " if falling else " > "))


def _split(order: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    falling = {name.startswith("-") for name in order}
    if len(falling) != 1:
        raise ValueError("the columns of a keyset all fall or all rise")
    return tuple(name.lstrip("-") for name in order), falling.pop()


def _field(model: type[models.Model], name: str) -> Any:
    """The column, of the model itself or of its partner."""
    *partners, column = name.split("__")
    for partner in partners:
        relation: Any = model._meta.get_field(partner)
        model = relation.related_model
    field: Any = model._meta.get_field(column)
    return getattr(field, "target_field", field)


def _value(row: models.Model, name: str) -> str:
    """What stands in the column, as `_clean` reads it again."""
    found = functools.reduce(getattr, name.split("__"), row)
    return found.isoformat() if isinstance(found, datetime) else str(found)


def _write(way: str, edge: _Found, parts: Sequence[_Part[M]]) -> str:
    place, row = edge
    values = [_value(row, name) for name in parts[place].names]
    head = f"{way}{place or ''}"  # the first section needs no number
    return base64.urlsafe_b64encode(json.dumps([head, *values]).encode()).decode().rstrip("=")


def _read(cursor: str, parts: Sequence[_Part[M]]) -> tuple[str, int, list[Any]]:
    """Which way, from which section, and from which values. Raises BadCursor."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        raise BadCursor
    try:
        head, *texts = _plain_texts(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
        way, place = head[:1], int(head[1:] or "0")
        if way not in (AFTER, BEFORE) or not 0 <= place < len(parts):
            raise BadCursor
        part = parts[place]
        values = [_clean(_field(part.rows.model, name), text) for name, text in zip(part.names, texts, strict=True)]
    except (ValueError, OverflowError, RecursionError, ValidationError) as error:
        raise BadCursor from error
    return way, place, values


def _plain_texts(parts: Any) -> list[str]:
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
        raise BadCursor
    return parts


def _clean(field: Any, text: str) -> Any:
    """What the column can hold. Raises ValueError or ValidationError."""
    if "\x00" in text:
        raise ValueError("PostgreSQL keeps no NUL")
    text.encode()
    value = field.to_python(text)
    field.run_validators(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        # PostgreSQL knows fewer zones than Python reads.
        return value.astimezone(UTC)
    return value


class _Row(Func):
    """`(a, b)`: compared from left to right as one value."""

    template = "(%(expressions)s)"
    output_field = models.Field()


class _Compared(Func):
    template = "%(expressions)s"
    output_field = models.BooleanField()
