"""The customers of a list as rows of a file, a few thousand at a time."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Membership
from core.database.among import Among
from core.tables.writing import Cell
from customers.field_values import Value
from customers.filters.customer_filter import CustomerFilter
from customers.filters.export_cells import Beside, Line, Said
from customers.filters.export_columns import ExportColumn, Part, read_export_columns
from customers.filters.narrowing import narrow
from customers.filters.sorting import sections_of
from customers.models import Customer, CustomerAddress, CustomerContact, CustomerFieldValue, CustomerTag
from customers.stores import read_stores

# All rows are wanted, not the first of them.
_WHOLE = "SELECT set_config('cursor_tuple_fraction', '1', true)"
_FETCHED = 10_000  # ids at a time
_VALUE = ("option_id", "option__code", "option__position", "text", "number", "flag", "date", "moment")
_LINE = ("contact__kind", "contact__value", "typed", "tag", "extension", "contact__subscription")


@dataclass(frozen=True)
class Export:
    """A file's heading, whom it is about in the list's order, and how to read what stands in the rows."""

    columns: Sequence[ExportColumn]
    ids: Sequence[int]
    zone: ZoneInfo

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self, ids: Sequence[int]) -> list[list[Cell]]:
        """Of these customers, in their order; those that are gone meanwhile are left out. A few queries."""
        customers = {
            row["pk"]: row for row in Customer.objects.filter(Among("pk", ids)).values("pk", *self._reads(None))
        }
        beside = self._read_beside(ids)
        found = (customers.get(pk) for pk in ids)
        return [[column.write(one, beside) for column in self.columns] for one in found if one]

    def _reads(self, part: Part | None) -> list[str]:
        return sorted({name for column in self.columns if column.part is part for name in column.reads})

    @cached_property
    def _parts(self) -> Collection[Part]:
        return {column.part for column in self.columns if column.part}

    @cached_property
    def _nothing_beside(self) -> Beside:
        stores = {number: store.name for number, store in read_stores().items()}
        return Beside(self.zone, stores if any(one.name == "store" for one in self.columns) else {})

    def _read_beside(self, ids: Sequence[int]) -> Beside:
        beside = self._nothing_beside
        if Part.CONTACTS in self._parts:
            beside = replace(beside, contacts=_contacts(ids))
        if Part.TAGS in self._parts:
            tags = CustomerTag.objects.filter(Among("customer", ids)).order_by("name_folded")
            beside = replace(beside, tags=_by_customer(tags.values_list("customer_id", "name")))
        if Part.ADDRESSES in self._parts:
            beside = replace(beside, addresses=_addresses(ids, self._reads(Part.ADDRESSES)))
        if Part.VALUES in self._parts:
            fields = [column.field.pk for column in self.columns if column.field]
            beside = replace(beside, values=_by_customer(_said(ids, fields)))
        return beside


def read_export(query: str, columns: Collection[str], agent: Membership) -> Export:
    """Whom a list's query string names for the agent, in the order of that list, and the chosen columns.

    Eight bytes for each customer are held, nothing else that grows. Columns that nobody knows any more are left out.
    """
    known = read_export_columns()
    chosen = CustomerFilter.parse(query)
    return Export(
        columns=[column for name, column in known.items() if name in columns],
        ids=_ids(chosen, agent),
        zone=ZoneInfo(agent.time_zone),
    )


def _ids(chosen: CustomerFilter, agent: Membership) -> array[int]:
    found = array("q")
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE)
    for section in sections_of(chosen, partial(narrow, chosen, agent), as_whole=True):
        ordered = section.rows.order_by(*section.order).values_list("pk", flat=True)
        found.extend(ordered.iterator(chunk_size=_FETCHED))
    return found


def _contacts(ids: Sequence[int]) -> Mapping[int, Sequence[Line]]:
    lines = CustomerContact.objects.filter(Among("customer", ids)).in_order()
    return _by_customer((pk, Line(*rest)) for pk, *rest in lines.values_list("customer_id", *_LINE))


def _addresses(ids: Sequence[int], names: Sequence[str]) -> Mapping[int, Mapping[str, str]]:
    """The main one of each, else the first."""
    addresses: dict[int, Mapping[str, str]] = {}
    for address in CustomerAddress.objects.filter(Among("customer", ids)).in_order().values("customer_id", *names):
        addresses.setdefault(address["customer_id"], address)
    return addresses


def _said(ids: Sequence[int], fields: Sequence[int]) -> Iterator[tuple[int, Said]]:
    values = CustomerFieldValue.objects.filter(Among("customer", ids), field__in=fields).order_by("pk")
    for pk, field, option_id, option, position, *value in values.values_list("customer_id", "field_id", *_VALUE):
        yield pk, Said(field, Value(*value), option or "", (position or 0, option_id or 0))


def _by_customer(rows: Any) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for customer_id, row in rows:
        found[customer_id].append(row)
    return found
