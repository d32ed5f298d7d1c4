"""Narrow customers, orders or tickets by what their custom fields say (F8), and tell it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, F, Func, Model, OuterRef, Q, QuerySet, Subquery, Value

from core.database.among import Gathered
from core.text import fold
from customers.field_tests import NOTHING, SOMETHING, FieldTest
from customers.field_values import LONGEST_KEY, BadValue, read_value
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField

# Owners that are read at once; of more, one in a few hundred fits.
MANY = 5_000
COLUMNS = {
    FieldKind.INTEGER: "key",
    FieldKind.NUMBER: "key",
    FieldKind.DATE: "date",
    FieldKind.FLAG: "flag",
}
RANGED = frozenset({FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.DATE, FieldKind.MOMENT})
TEXTS = frozenset({FieldKind.STRING, FieldKind.TEXT, FieldKind.EMAIL})
FLAGS = {"yes": "Yes", "no": "No"}
GONE = "that no longer exists"

M = TypeVar("M", bound=Model)
Q_ = TypeVar("Q_", bound=QuerySet[Any])


class _Unreadable(Exception):
    """What is asked is nothing that a field of this kind could say."""


def narrow_by_fields(
    queryset: Q_, *, tests: Sequence[FieldTest], target: FieldTarget, zone: ZoneInfo, as_whole: bool = False
) -> Q_:
    """Those that fit every test; nothing fits one of a field that does not exist. No query without tests.

    `as_whole` is for reading all of them, not the first few in some order.
    """
    fields = fields_of(tests, target)
    for test in tests:
        field = fields.get(test.code)
        if field is None:
            return queryset.none()
        queryset = matching(queryset, field=field, test=test, owner=target, zone=zone, as_whole=as_whole)
    return queryset


def fields_of(tests: Sequence[FieldTest], target: FieldTarget) -> dict[str, CustomField]:
    """The fields that are asked about, by code, those switched off too: what was said of them is still there."""
    if not tests:
        return {}
    rows = CustomField.objects.of(target).filter(code__in=[test.code for test in tests])
    return {field.code: field for field in rows.prefetch_related("options")}


def matching(
    queryset: Q_, *, field: CustomField, test: FieldTest, owner: str, zone: ZoneInfo, as_whole: bool = False
) -> Q_:
    """Those of `queryset` whose field fits; none when the field could never say what is asked.

    `owner` is what they are ("customer", "order", "ticket": a FieldTarget); days of moments are days of `zone`.
    One small query to know how to ask, none when they are read as a whole.
    """
    relation: Any = queryset.model._meta.get_field("field_values")
    values = relation.related_model.objects.filter(field=field)
    if test.values == (NOTHING,):
        if as_whole:
            return queryset.exclude(pk__in=values.values(f"{owner}_id"))
        return _asked_each(queryset, values, field, owner, has=False)
    try:
        condition = Q() if test.values == (SOMETHING,) else _condition(field, test, zone)
    except _Unreadable:
        return queryset.none()
    fitting = values.filter(condition)
    if as_whole:
        return queryset.filter(Gathered("pk", fitting.values(f"{owner}_id")))
    if fitting.values("pk")[: MANY + 1].count() <= MANY:
        return queryset.filter(pk__in=fitting.values(f"{owner}_id"))
    return _asked_each(queryset, fitting, field, owner, has=True)


def tell_tests(tests: Sequence[FieldTest], target: FieldTarget) -> list[tuple[FieldTest, str]]:
    """Each test with its words for people: "Shoe size: Forty, Forty one". At most two queries."""
    fields = fields_of(tests, target)
    return [(test, _told(test, fields.get(test.code))) for test in tests]


def _asked_each(queryset: Q_, values: QuerySet[Any], field: CustomField, owner: str, *, has: bool) -> Q_:
    """In the list's own order each row is asked, until the page is full. A scalar subquery, for PostgreSQL would turn
    EXISTS into a join of all of them.
    """
    one: Any = Subquery(values.filter(**{owner: OuterRef("pk")}).values("pk")[:1])
    name = f"said_{field.pk}"
    return queryset.alias(**{name: one}).filter(**{f"{name}__isnull": not has})


def _condition(field: CustomField, test: FieldTest, zone: ZoneInfo) -> Q:
    """Of rows of values. Raises _Unreadable."""
    kind = FieldKind(field.kind)
    if kind.has_options:
        chosen = [one.pk for one in field.options.all() if one.code in test.values]
        if not chosen:
            raise _Unreadable
        return Q(option=chosen[0]) if len(chosen) == 1 else Q(option__in=chosen)
    if test.values:
        return _any(_said(kind, value, zone) for value in test.values)
    if kind not in RANGED:
        raise _Unreadable
    return _within(kind, test, zone)


def _said(kind: FieldKind, typed: str, zone: ZoneInfo) -> Q:
    if kind in TEXTS:
        return Q(_begins(typed))
    if kind == FieldKind.MOMENT:
        return _within(kind, FieldTest("", start=typed, end=typed), zone)
    return Q(**{COLUMNS[kind]: _read(kind, typed, zone)})


def _begins(typed: str) -> Func:
    # `^@` is leakproof and uses the index; LIKE would not, under row-level security.
    start = fold(typed)[:LONGEST_KEY]
    return Func(F("key"), Value(start), template="%(expressions)s", arg_joiner=" ^@ ", output_field=BooleanField())


def _within(kind: FieldKind, test: FieldTest, zone: ZoneInfo) -> Q:
    condition = Q()
    if kind != FieldKind.MOMENT:
        kind = FieldKind.NUMBER if kind == FieldKind.INTEGER else kind  # up to 4.5 is up to 4
        for side, typed in (("gte", test.start), ("lte", test.end)):
            if typed:
                condition &= Q(**{f"{COLUMNS[kind]}__{side}": _read(kind, typed, zone)})
        return condition
    if test.start:
        condition &= Q(moment__gte=_read(kind, test.start, zone))
    if test.end:
        condition &= Q(moment__lt=_after(test.end, zone))
    return condition


def _after(typed: str, zone: ZoneInfo) -> datetime:
    """The first moment after the day, or the minute, that was typed."""
    try:
        if len(typed) > len("2026-11-23"):
            moment: datetime = _read(FieldKind.MOMENT, typed, zone)
            return moment + timedelta(minutes=1)
        day = _read(FieldKind.DATE, typed, zone) + timedelta(days=1)
        return datetime.combine(day, time.min, zone)
    except OverflowError as error:
        raise _Unreadable from error


def _read(kind: FieldKind, typed: str, zone: ZoneInfo) -> Any:
    try:
        value = read_value(kind, typed, zone=zone)
    except BadValue as error:
        raise _Unreadable from error
    return value.moment if kind == FieldKind.MOMENT else getattr(value, COLUMNS[kind])


def _any(conditions: Iterable[Q]) -> Q:
    first, *rest = conditions
    for one in rest:
        first |= one
    return first


def _told(test: FieldTest, field: CustomField | None) -> str:
    if field is None:
        return f"field {test.code} {GONE}"
    name = field.name if field.is_active else f"{field.name} (Not active)"
    if test.values in ((NOTHING,), (SOMETHING,)):
        return f"{name}: {'nothing said' if test.values == (NOTHING,) else 'anything said'}"
    if test.values:
        labels: Mapping[str, str] = {one.code: one.label for one in field.options.all()}
        labels = FLAGS if FieldKind(field.kind) == FieldKind.FLAG else labels
        return f"{name}: {', '.join(labels.get(value, value) for value in test.values)}"
    ends = [f"from {test.start}"] if test.start else []
    ends += [f"until {test.end}"] if test.end else []
    return f"{name} {' '.join(ends)}"
