"""What a file of customers says in each of its columns: the whole value, as an import reads it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.money import minor_digits
from core.tables.writing import Cell
from customers.field_values import Value, write_value
from customers.kinds import ContactKind, FieldKind
from customers.models import Customer, CustomerAddress, CustomerFieldValue, CustomField

BETWEEN = ";"  # of several values in one cell, as an import splits them
TWITTER = "twitter"


@dataclass(frozen=True)
class Line:
    """One contact, as it is known to a file."""

    kind: str
    value: str
    typed: str
    tag: str
    extension: str
    subscription: str


@dataclass(frozen=True)
class Beside:
    """What was read beside some customers, by their ids; moments are written in `zone`."""

    zone: ZoneInfo
    stores: Mapping[int, str]
    contacts: Mapping[int, Sequence[Line]] = field(default_factory=dict)
    tags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    addresses: Mapping[int, CustomerAddress] = field(default_factory=dict)
    values: Mapping[int, Sequence[CustomerFieldValue]] = field(default_factory=dict)


Write = Callable[[Customer, Beside], Cell]


def plain(name: str) -> Write:
    """A column of the customer's own row."""
    return lambda customer, beside: _written(getattr(customer, name), beside)


def of_partner(partner: str, name: str) -> Write:
    """A column of a row that is read with the customer's, empty where there is none."""
    return lambda customer, beside: _written(getattr(getattr(customer, partner, None), name, None), beside)


def of_address(name: str) -> Write:
    """Of the address for delivery, or of the only one."""
    return lambda customer, beside: getattr(beside.addresses.get(customer.pk), name, "")


def emails(customer: Customer, beside: Beside) -> str:
    return BETWEEN.join(line.typed for line in _lines(customer, beside, ContactKind.EMAIL))


def phones(customer: Customer, beside: Beside) -> str:
    """With their country codes, however they were typed: elsewhere nobody knows where we are."""
    return BETWEEN.join(
        f"{line.value} ext. {line.extension}" if line.extension else line.value
        for line in _lines(customer, beside, ContactKind.PHONE)
    )


def twitter(customer: Customer, beside: Beside) -> str:
    return BETWEEN.join(line.typed for line in _lines(customer, beside, ContactKind.HANDLE) if line.tag == TWITTER)


def handles(customer: Customer, beside: Beside) -> str:
    """Those of other networks, each behind the name of its own."""
    others = (line for line in _lines(customer, beside, ContactKind.HANDLE) if line.tag != TWITTER)
    return BETWEEN.join(f"{line.tag}:{line.typed}" if line.tag else line.typed for line in others)


def subscription(customer: Customer, beside: Beside) -> str:
    return next((line.subscription for line in _lines(customer, beside, ContactKind.EMAIL)), "")


def tags(customer: Customer, beside: Beside) -> str:
    return BETWEEN.join(beside.tags.get(customer.pk, ()))


def store(customer: Customer, beside: Beside) -> str:
    number = customer.store_number
    return "" if number is None else beside.stores.get(number, f"Store {number}")


def manager(customer: Customer, beside: Beside) -> str:
    return customer.manager.email if customer.manager else ""


def spent(customer: Any, beside: Beside) -> Cell:
    """In whole units of the currency beside it."""
    row = getattr(customer, "totals_row", None)
    return Decimal(row.spent).scaleb(-minor_digits(row.currency)) if row and row.currency else None


def custom(column: CustomField) -> Write:
    """As `field_values.read_value` reads it; numbers stay numbers."""
    kind = FieldKind(column.kind)

    def write(customer: Customer, beside: Beside) -> Cell:
        held = [row for row in beside.values.get(customer.pk, ()) if row.field_id == column.pk]
        if not held:
            return None
        if kind.has_options:
            chosen = sorted((row.option for row in held if row.option), key=lambda one: (one.position, one.pk))
            return BETWEEN.join(one.code for one in chosen)
        row = held[0]
        value = Value(text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment)
        text = write_value(value, zone=beside.zone)
        return Decimal(text) if value.number is not None else text

    return write


def _lines(customer: Customer, beside: Beside, *kinds: ContactKind) -> Sequence[Line]:
    return [line for line in beside.contacts.get(customer.pk, ()) if line.kind in kinds]


def _written(value: Any, beside: Beside) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(beside.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | Decimal) else str(value)
