"""Rows of the tables of history, each with what stood there before: only those that changed something one sees.

A page reads a page, however long the history is: where it is narrowed, the database does the looking through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, F, Field, Func, Max, Q, QuerySet, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Lag, NullIf

from accounts.kinds import ActorKind
from customers.changes import Cut, Narrowing


def read_former(
    rows: QuerySet[Any, Any],
    *,
    columns: Sequence[str],
    prefix: str,
    narrowing: Narrowing,
    cut: Cut | None,
    size: int,
    whole: bool = False,
) -> list[Any]:
    """The newest of the rows of history that come after the cut, with what the columns held before as `was_<name>`.

    `was_nothing` is True for the first row of a thing. With `whole` the row itself is the change when it came or went,
    as a contact does; else one that came counts by what it says. `prefix` is the first letter of its places.
    """
    later = rows.filter(_after(cut, prefix, date="history_date", key="history_id")) if cut else rows
    found = _find_newest(later, size) if narrowing.is_any else None
    told = _told(rows, found, columns) if found else []
    # Nearly every row is a change; where one was none, the page would be short of one.
    if found is None or (len(found) == size and not all(_is_change(row, columns, whole) for row in told)):
        told = _told(rows, list(_find_changes(later, columns, narrowing, whole)[:size]), columns)
    return told


Found = list[tuple[int, int | None]]  # ids of rows of history, each with that of the row before it, newest first


def _told(rows: QuerySet[Any, Any], found: Found, columns: Sequence[str]) -> list[Any]:
    known = {row.history_id: row for row in rows.filter(history_id__in={key for pair in found for key in pair if key})}
    told = []
    for key, former in found:
        row, was = known[key], known.get(former or 0)
        row.was_nothing = was is None
        for name in columns:
            setattr(row, f"was_{name}", getattr(was, name, None))
        told.append(row)
    return told


def _is_change(row: Any, columns: Sequence[str], whole: bool) -> bool:
    return (whole and row.history_type != "~") or bool(differing(row, columns))


def _find_newest(rows: QuerySet[Any, Any], size: int) -> Found:
    """The newest rows whether they changed something or not: the time it takes hardly grows with the history."""
    newest = list(rows.order_by("-history_date", "-history_id").values_list("history_id", "id")[:size])
    formers: dict[int, list[int]] = {}
    for key, thing in newest:
        formers.setdefault(thing, []).append(key)
    if newest:
        older = rows.filter(id__in=list(formers), history_id__lt=min(key for key, _ in newest))
        for thing, key in older.order_by().values_list("id").annotate(last=Max("history_id")):
            formers[thing].append(key)
    before = {key: former for keys in formers.values() for key, former in pairwise(sorted(keys, reverse=True))}
    return [(key, before.get(key)) for key, _ in newest]


def _find_changes(
    rows: QuerySet[Any, Any], columns: Sequence[str], narrowing: Narrowing, whole: bool
) -> QuerySet[Any, tuple[int, int | None]]:
    """The rows that changed something that was asked for. The database compares them all, and sorts nothing wide."""
    window: dict[str, Any] = {"partition_by": [F("id")], "order_by": F("history_id").asc()}
    said = _Row(*(_shown(rows, name) for name in columns))
    is_change: Combinable = _Differs(said, Window(Lag(said), **window))
    if whole:
        is_change = _AnyOf(is_change, _Differs(F("history_type"), Value("~")))
    if narrowing.who:
        # Part of what is compared after the window: a condition on the row would hide what stood there before.
        author = ExpressionWrapper(written_by(narrowing.who, "actor_name", "actor_kind"), BooleanField())
        is_change = _AllOf(is_change, author)
    rows = rows.annotate(former=Window(Lag("history_id"), **window), is_change=is_change).filter(is_change=True)
    return rows.order_by("-history_date", "-history_id").values_list("history_id", "former")


def written_by(who: str, name: str, kind: str) -> Q:
    """Rows of an author as the history calls them: by name, or by the way it was written where there is no name."""
    kinds = [one for one in ActorKind if str(one.label) == who]
    return Q(**{name: who}) | Q(**{name: "", f"{kind}__in": kinds}) if kinds else Q(**{name: who})


def rows_after(rows: QuerySet[Any, Any], *, cut: Cut | None, prefix: str, date: str, key: str) -> QuerySet[Any, Any]:
    """The same of rows that are changes by themselves, newest first."""
    if cut:
        rows = rows.filter(_after(cut, prefix, date=date, key=key))
    return rows.order_by(f"-{date}", f"-{key}")


def place_of(prefix: str, key: int, order: int = 0, name: str = "") -> str:
    """Sorts changes of one instant, newest first; those of one row by `order`, the first of them first."""
    return f"{prefix}{key:020}" + (f".{99 - order:02}{name}" if name else "")


def _after(cut: Cut, prefix: str, *, date: str, key: str) -> Q:
    """Rows that may hold changes below the cut; of the row that was cut through, some are above it."""
    older, same = Q(**{f"{date}__lt": cut.at}), Q(**{date: cut.at})
    if prefix == cut.place[0]:
        return older | (same & Q(**{f"{key}__lte": min(int(cut.place[1:21]), 2**63 - 1)}))
    return older | same if prefix < cut.place[0] else older


def _shown(rows: QuerySet[Any, Any], name: str) -> Combinable:
    """Nothing and "" are one, as for people."""
    field = cast("Field[Any, Any]", rows.model._meta.get_field(name))
    return NullIf(F(name), Value("")) if field.get_internal_type() in ("CharField", "TextField") else F(name)


class _Row(Func):
    """Several columns as one value."""

    template = "ROW(%(expressions)s)"
    output_field = Field()


class _Differs(Func):
    """One is no number, text or date equal to the other, where nothing equals nothing."""

    arg_joiner = " IS DISTINCT FROM "
    template = "(%(expressions)s)"
    output_field = BooleanField()


class _AllOf(Func):
    arg_joiner = " AND "
    template = "(%(expressions)s)"
    output_field = BooleanField()


class _AnyOf(Func):
    arg_joiner = " OR "
    template = "(%(expressions)s)"
    output_field = BooleanField()


def differing(row: Any, names: Iterable[str]) -> list[str]:
    """The columns of a row of `read_former` that hold something else than before, as people see it."""
    return [name for name in names if _bare(getattr(row, name)) != _bare(getattr(row, f"was_{name}"))]


def _bare(value: Any) -> Any:
    return None if value is False or value == "" else value
