"""What a file of customers says in each of its columns: the whole value, as an import reads it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.money import minor_digits
from core.tables.writing import Cell
from customers.field_values import Value, write_value
from customers.kinds import ContactKind, FieldKind
from customers.models import CustomField

_NOWHERE: Mapping[str, str] = {}
BETWEEN = ";"  # of several values in one cell, as an import splits them
TWITTER = "twitter"


class Line(NamedTuple):
    """One contact, as it is known to a file."""

    kind: str
    value: str
    typed: str
    tag: str
    extension: str
    subscription: str


class Said(NamedTuple):
    """What one custom field says; several choices are several of it."""

    field: int
    value: Value
    option: str
    place: tuple[int, int]


@dataclass(frozen=True)
class Beside:
    """What was read beside some customers, by their ids; moments are written in `zone`."""

    zone: ZoneInfo
    stores: Mapping[int, str]
    contacts: Mapping[int, Sequence[Line]] = field(default_factory=dict)
    tags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    addresses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[int, Sequence[Said]] = field(default_factory=dict)


# What was read of one customer, by the names of columns and, across two underlines, of rows beside it. A million rows
# of models would take three times as long to make.
Read = Mapping[str, Any]
Write = Callable[[Read, Beside], Cell]


def plain(name: str) -> Write:
    """A column as it stands, empty where there is no row beside the customer's."""
    return lambda customer, beside: _written(customer[name], beside)


def of_address(name: str) -> Write:
    """Of the address for delivery, or of the only one."""
    return lambda customer, beside: beside.addresses.get(customer["pk"], _NOWHERE).get(name, "")


def emails(customer: Read, beside: Beside) -> str:
    return BETWEEN.join(line.typed for line in _lines(customer, beside, ContactKind.EMAIL))


def phones(customer: Read, beside: Beside) -> str:
    """With their country codes, however they were typed: elsewhere nobody knows where we are."""
    return BETWEEN.join(
        f"{line.value} ext. {line.extension}" if line.extension else line.value
        for line in _lines(customer, beside, ContactKind.PHONE)
    )


def twitter(customer: Read, beside: Beside) -> str:
    return BETWEEN.join(line.typed for line in _lines(customer, beside, ContactKind.HANDLE) if line.tag == TWITTER)


def handles(customer: Read, beside: Beside) -> str:
    """Those of other networks, each behind the name of its own."""
    others = (line for line in _lines(customer, beside, ContactKind.HANDLE) if line.tag != TWITTER)
    return BETWEEN.join(f"{line.tag}:{line.typed}" if line.tag else line.typed for line in others)


def subscription(customer: Read, beside: Beside) -> str:
    return next((line.subscription for line in _lines(customer, beside, ContactKind.EMAIL)), "")


def tags(customer: Read, beside: Beside) -> str:
    return BETWEEN.join(beside.tags.get(customer["pk"], ()))


def store(customer: Read, beside: Beside) -> str:
    number = customer["store_number"]
    return "" if number is None else beside.stores.get(number, f"Store {number}")


def spent(customer: Read, beside: Beside) -> Cell:
    """In whole units of the currency beside it."""
    currency = customer["totals_row__currency"]
    return Decimal(customer["totals_row__spent"]).scaleb(-minor_digits(currency)) if currency else None


def custom(column: CustomField) -> Write:
    """As `field_values.read_value` reads it; numbers stay numbers."""
    kind = FieldKind(column.kind)

    def write(customer: Read, beside: Beside) -> Cell:
        held = [said for said in beside.values.get(customer["pk"], ()) if said.field == column.pk]
        if not held:
            return None
        if kind.has_options:
            return BETWEEN.join(one.option for one in sorted(held, key=lambda one: one.place) if one.option)
        value = held[0].value
        text = write_value(value, zone=beside.zone)
        return Decimal(text) if value.number is not None else text

    return write


def _lines(customer: Read, beside: Beside, *kinds: ContactKind) -> Sequence[Line]:
    return [line for line in beside.contacts.get(customer["pk"], ()) if line.kind in kinds]


def _written(value: Any, beside: Beside) -> Cell:
    if isinstance(value, str):  # most are
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(beside.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | Decimal) else str(value)
