"""Queries of the ORM that are put together once and asked again and again with other values.

To put one together takes the ORM several times as long as to send it and read the answer. For what is asked for each
mail or each page.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from django.db.models.query import get_related_populators

from core.database.session import active_tenant

M = TypeVar("M", bound=models.Model)

Value = int | str | Sequence[int] | Sequence[str]
# Stands for the first value while the SQL is made, the next number for the second, and so on. Larger than any id.
STAND_IN = 7_000_000_000_000_000_000
TENANT = STAND_IN - 1


class Query(Generic[M]):
    """`make` answers the queryset for the values it is given: numbers, texts, or lists of either, as they are to stand
    in the SQL. What it decides by itself it decides once.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M]]) -> None:
        self._make = make
        self._count = len(inspect.signature(make).parameters)
        self._made: dict[tuple[Any, ...], _Made] = {}

    def all(self, *values: Value) -> list[M]:
        """The rows for these values; none where a list of values is empty."""
        if len(values) != self._count:
            raise TypeError(f"{self._count} values wanted, {len(values)} given")
        if any(not isinstance(one, int | str) and not one for one in values):
            return []
        shape = tuple(_shape(one) for one in values)
        made = self._made.get(shape)
        if made is None:
            made = self._made[shape] = _Made(self._make, shape)
        return cast("list[M]", made.ask(values))

    def first(self, *values: Value) -> M | None:
        """The first of the rows. They are all read: where they may be many, `make` must say that they are not."""
        return next(iter(self.all(*values)), None)


class _Made:
    """The SQL for values of one shape, and how to read its answer."""

    def __init__(self, make: Callable[..., models.QuerySet[Any]], shape: tuple[Any, ...]) -> None:
        stand_ins, places = _stand_ins(shape)
        before = active_tenant.set(str(TENANT) if active_tenant.get() else "")
        try:
            queryset = make(*stand_ins)
        finally:
            active_tenant.reset(before)
        self._compiler: Any = queryset.query.get_compiler("default")
        self._sql, params = self._compiler.as_sql()
        # Where in the values each parameter comes from; None for those that `make` has decided.
        self._params = [(one, places.get(one)) for one in params]
        found = {place for _, place in self._params}
        if not found.issuperset(place for place in places.values() if place != OF_TENANT):
            raise ValueError("a value does not reach the SQL as it is given")
        self._read_columns()

    def ask(self, values: tuple[Value, ...]) -> list[models.Model]:
        params = [one if place is None else _value(values, place) for one, place in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            rows = cursor.fetchall()
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._model_of(row) for row in rows]

    def _read_columns(self) -> None:
        select, info = self._compiler.select, self._compiler.klass_info
        fields = info["select_fields"]
        self._model, self._begin, self._end = info["model"], fields[0], fields[-1] + 1
        self._names = [one[0].target.attname for one in select[self._begin : self._end]]
        self._annotations = dict(self._compiler.annotation_col_map)
        self._related = get_related_populators(info, select, "default")  # type: ignore[call-arg]  # the stubs are of 6.1
        self._converters = self._compiler.get_converters([one[0] for one in select[: self._compiler.col_count]])

    def _model_of(self, row: Sequence[Any]) -> models.Model:
        found: models.Model = self._model.from_db("default", self._names, row[self._begin : self._end])
        for related in self._related:
            related.populate(row, found)
        for name, column in self._annotations.items():
            setattr(found, name, row[column])
        return found


_Place = tuple[int, int]  # which value, and which of a list
OF_TENANT = (-1, 0)


def _shape(value: Value) -> Any:
    if isinstance(value, int | str):
        return "text" if isinstance(value, str) else "number"
    return (_shape(value[0]), len(value))


def _stand_ins(shape: tuple[Any, ...]) -> tuple[list[Any], dict[Any, _Place]]:
    places: dict[Any, _Place] = {TENANT: OF_TENANT} if active_tenant.get() else {}
    stand_ins: list[Any] = []
    for which, one in enumerate(shape):
        kind, count = (one, 1) if isinstance(one, str) else one
        many = [_stand_in(kind, len(places) + number) for number in range(count)]
        places |= {stand_in: (which, number) for number, stand_in in enumerate(many)}
        stand_ins.append(many[0] if isinstance(one, str) else many)
    return stand_ins, places


def _stand_in(kind: str, number: int) -> int | str:
    return STAND_IN + number if kind == "number" else f"\x02{number}\x02"


def _value(values: tuple[Value, ...], place: _Place) -> int | str:
    which, number = place
    if place == OF_TENANT:
        return int(active_tenant.get())
    value = values[which]
    return value if isinstance(value, int | str) else value[number]
