"""Keyset paging: the next page begins after a row, not at a count, so no page gets slower or shifts."""

from __future__ import annotations

import base64
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
    """One page of `rows` by `order`: own columns that are never null, all ascending or all descending ("-id"),
    the last of them unique.

    Rows are compared as a whole, `(a, b) < (x, y)`, which an index on (tenant, a, b) answers at once, also under
    row-level security. A cursor we cannot read means the first page: it may be old, or somebody's experiment.
    """
    names, falling = _split(order)
    try:
        way, values = _read(cursor or "", rows.model, names)
    except BadCursor:
        return _forward(rows, names, falling, None, size)
    if way == AFTER:
        return _forward(rows, names, falling, values, size)
    return _backward(rows, names, falling, values, size)


def _forward(
    rows: models.QuerySet[M, M], names: Sequence[str], falling: bool, after: list[Any] | None, size: int
) -> Page[M]:
    found = list(_beyond(rows, names, falling, after)[: size + 1])
    if after is not None and not found:
        return _forward(rows, names, falling, None, size)  # the rest of the list has gone meanwhile
    page = tuple(found[:size])
    return Page(
        rows=page,
        next_cursor=_write(AFTER, page[-1], names) if len(found) > size else None,
        previous_cursor=_write(BEFORE, page[0], names) if page and after is not None else None,
    )


def _backward(
    rows: models.QuerySet[M, M], names: Sequence[str], falling: bool, before: list[Any], size: int
) -> Page[M]:
    found = list(_beyond(rows, names, not falling, before)[: size + 1])
    if len(found) <= size:
        return _forward(rows, names, falling, None, size)  # the start of the list: a full page of it
    page = tuple(reversed(found[:size]))
    return Page(page, _write(AFTER, page[-1], names), _write(BEFORE, page[0], names))


def _beyond(
    rows: models.QuerySet[M, M], names: Sequence[str], falling: bool, edge: list[Any] | None
) -> models.QuerySet[M, M]:
    ordered = rows.order_by(*(f"-{name}" if falling else name for name in names))
    if edge is None:
        return ordered
    fields: list[Any] = [rows.model._meta.get_field(name) for name in names]
    here = _Row(*(F(name) for name in names))
    there = _Row(*(Value(value, output_field=field) for value, field in zip(edge, fields, strict=True)))
    return ordered.filter(_Compared(here, there, arg_joiner=" < " if falling else " > "))


def _split(order: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    falling = {name.startswith("-") for name in order}
    if len(falling) != 1:
        raise ValueError("the columns of a keyset all fall or all rise")
    return tuple(name.lstrip("-") for name in order), falling.pop()


def _write(way: str, row: models.Model, names: Sequence[str]) -> str:
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    values = [field.value_to_string(row) for field in fields]
    return base64.urlsafe_b64encode(json.dumps([way, *values]).encode()).decode().rstrip("=")


def _read(cursor: str, model: type[models.Model], names: Sequence[str]) -> tuple[str, list[Any]]:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        raise BadCursor
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not _is_plain(parts, len(names) + 1):
            raise BadCursor
        values = [_clean(model._meta.get_field(name), text) for name, text in zip(names, parts[1:], strict=True)]
    except (ValueError, OverflowError, RecursionError, ValidationError) as error:
        raise BadCursor from error
    return parts[0], values


def _is_plain(parts: Any, length: int) -> bool:
    texts = isinstance(parts, list) and len(parts) == length and all(isinstance(part, str) for part in parts)
    return texts and parts[0] in (AFTER, BEFORE)


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
