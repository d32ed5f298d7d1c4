"""The columns of the list: which there are, which an agent looks at, and what they need read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import Membership
from accounts.services.configuring import read_all
from accounts.services.preferring import read_preferences
from customers.field_tests import PREFIX
from customers.filters import cells
from customers.filters.cells import Around, Cell, Look, Show
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import (
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomField,
    LegalDetails,
)
from customers.options import cutoffs_of
from customers.presence import Cutoffs
from customers.stores import read_stores

PREFERENCE = "customers.columns"
NUMERIC = frozenset({FieldKind.INTEGER, FieldKind.NUMBER})


@dataclass(frozen=True)
class Column:
    """`partners` are rows read with the customer, `contact` what to put on it of a main contact: its kind and column.

    `address` is a column of the address for delivery, `legal` one of the legal details.
    `sort` is the order that the heading chooses.
    """

    code: str
    label: str
    show: Show
    look: Look = ""
    sort: str = ""
    partners: tuple[str, ...] = ()
    contact: tuple[str, ContactKind, str] | None = None
    address: str = ""
    legal: str = ""
    field: CustomField | None = None


@dataclass(frozen=True)
class Row:
    """One customer with what stands in the chosen columns."""

    customer: Customer
    cells: Sequence[Cell]


def _contact(
    code: str, label: str, kind: ContactKind, column: str, show: Show | None = None, look: Look = ""
) -> Column:
    name = f"main_{code}"
    return Column(code, label, show or cells.plain(name), look, contact=(name, kind, column))


def _place(code: str, label: str, show: Show | None = None) -> Column:
    return Column(code, label, show or cells.plain(f"main_{code}"), address=code)


def _source(code: str, label: str) -> Column:
    return Column(code, label, cells.of_partner("source_row", code), partners=("source_row",))


OWN: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column("number", "Number", cells.number, "number"),
        _contact("email", "E-mail", ContactKind.EMAIL, "typed"),
        _contact("phone", "Phone", ContactKind.PHONE, "contact__value", cells.phone, "short"),
        _contact("handle", "Handle", ContactKind.HANDLE, "typed"),
        Column("location", "Location", cells.plain("location")),
        _place("city", "City"),
        _place("region", "Region"),
        _place("country", "Country", cells.country),
        Column("contractor", "Contractor type", cells.contractor, legal="contractor_type"),
        Column("seen", "Last seen", cells.seen, "short", "seen", ("presence_row",)),
        Column("orders", "Orders", cells.orders, "number", "orders", ("totals_row",)),
        Column("spent", "Spent", cells.spent, "number", "spent", ("totals_row",)),
        Column("registered", "Registered", cells.registered, "short", "registered"),
        Column("manager", "Manager", cells.manager, partners=("manager__user",)),
        Column("store", "Store", cells.store),
        Column("tags", "Tags", cells.tags, "tags"),
        Column("sex", "Sex", cells.sex),
        Column("supposed_sex", "Supposed sex", cells.supposed_sex, "short"),
        Column("birthday", "Birthday", cells.birthday, "short"),
        Column("language", "Language", cells.language),
        Column("channel", "Preferred channel", cells.channel),
        _contact("subscription", "Subscription", ContactKind.EMAIL, "contact__subscription", cells.subscription),
        Column("note", "Note", cells.of_partner("note_row", "text"), partners=("note_row",)),
        Column("time_zone", "Time zone", cells.plain("time_zone")),
        Column("discount", "Personal discount", cells.percent("personal_discount"), "number"),
        Column("cumulative", "Cumulative discount", cells.percent("cumulative_discount"), "number"),
        Column("card", "Discount card", cells.plain("discount_card")),
        Column("reference", "External number", cells.plain("reference")),
        _source("source", "Source"),
        _source("medium", "Medium"),
        _source("campaign", "Campaign"),
        Column("origin", "Made by", cells.origin),
    )
}
DEFAULT = ("email", "phone", "location", "seen", "orders", "spent")


def read_columns() -> dict[str, Column]:
    """Every column one may choose, by code, in their order; custom fields by their codes as filters have them."""
    fields = CustomField.objects.of(FieldTarget.CUSTOMER).active()
    return {**OWN, **{f"{PREFIX}{field.code}": _custom(field) for field in fields}}


def chosen_columns(member: Membership, columns: Mapping[str, Column]) -> list[Column]:
    """Those the member looks at, in their order; until they choose, the usual ones and what admins put into lists."""
    wanted: Any = read_preferences(member=member).get(PREFERENCE)
    if wanted is None:
        wanted = [*DEFAULT, *(column.code for column in columns.values() if column.field and column.field.in_list)]
    return [column for code, column in columns.items() if code in wanted]


def with_columns(customers: QuerySet[Customer], columns: Sequence[Column]) -> QuerySet[Customer]:
    """With what the columns show, in the same query; tags and custom fields in one more each."""
    partners = {partner for column in columns for partner in column.partners}
    customers = customers.select_related("photo", *sorted(partners))
    contacts = {column.contact[0]: _main(*column.contact[1:]) for column in columns if column.contact}
    places = {f"main_{column.code}": _of_place(column.address) for column in columns if column.address}
    papers = {f"legal_{column.code}": _of_papers(column.legal) for column in columns if column.legal}
    customers = customers.annotate(**contacts, **places, **papers)
    if any(column.code == "tags" for column in columns):
        customers = customers.prefetch_related("tags")
    if asked := [column.field.pk for column in columns if column.field]:
        values = CustomerFieldValue.objects.filter(field__in=asked).select_related("option")
        customers = customers.prefetch_related(Prefetch("field_values", values))
    return customers


def show_rows(
    customers: Iterable[Customer], columns: Sequence[Column], *, reader: Membership, at: datetime
) -> list[Row]:
    """What stands in the columns of each, for a reader."""
    codes, zone = {column.code for column in columns}, ZoneInfo(reader.time_zone)
    around = Around(
        at=at,
        zone=zone,
        today=at.astimezone(zone).date(),
        stores=read_stores() if "store" in codes else {},
        cutoffs=cutoffs_of(read_all()) if "seen" in codes else Cutoffs(),
    )
    return [Row(customer, [_cell(column, customer, around) for column in columns]) for customer in customers]


def _cell(column: Column, customer: Customer, around: Around) -> Cell:
    said = column.show(customer, around)
    return Cell(column.label, said.text, said.hint, column.look, said.moment, said.dot, said.items, said.is_quiet)


def _custom(field: CustomField) -> Column:
    look: Look = "number" if FieldKind(field.kind) in NUMERIC else ""
    return Column(f"{PREFIX}{field.code}", field.name, cells.custom(field), look, field=field)


def _main(kind: ContactKind, column: str) -> Subquery:
    lines = CustomerContact.objects.filter(customer=OuterRef("pk"), contact__kind=kind)
    return Subquery(lines.in_order().values(column)[:1])


def _of_place(column: str) -> Subquery:
    return Subquery(CustomerAddress.objects.filter(customer=OuterRef("pk"), is_main=True).values(column)[:1])


def _of_papers(column: str) -> Subquery:
    return Subquery(LegalDetails.objects.filter(customer=OuterRef("pk")).values(column)[:1])
