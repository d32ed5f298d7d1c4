"""What is said of a customer beside contacts and note, as lines for people: birthday, manager, custom fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from customers.changes import CUSTOM
from customers.field_values import Value, write_value
from customers.kinds import Sex
from customers.models import Customer, CustomerFieldValue
from customers.stores import read_stores


@dataclass(frozen=True)
class Fact:
    """`hint` stands beside the value in gray: a guess, an age, "Not active" for what was switched off (F14).

    `code` is what history and choices call it: the detail's name, `custom_<code>` for a custom field.
    """

    code: str
    label: str
    value: str
    hint: str = ""


def state_facts(*, customer: Customer, zone: ZoneInfo, today: date, has_custom: bool = True) -> tuple[Fact, ...]:
    """Those that are known, in the order of the page: one query for the custom fields, one more for a chosen store.

    `customer` is read with its manager; `zone` is the reader's. Without `has_custom` no custom values are asked for.
    """
    return (*_own(customer, today), *(_custom(customer, zone) if has_custom else ()))


def _own(customer: Customer, today: date) -> Iterator[Fact]:
    if customer.sex:
        yield Fact("sex", "Sex", str(Sex(customer.sex).label))
    elif customer.supposed_sex:
        yield Fact("sex", "Sex", str(Sex(customer.supposed_sex).label), "supposed from the name")
    if customer.birthday:
        yield Fact(
            "birthday",
            "Birthday",
            _day(customer.birthday),
            _age(customer.birthday, today),
        )
    if customer.manager:
        is_active = customer.manager.is_active and customer.manager.user.is_active
        yield Fact("manager_id", "Manager", customer.manager.name, "" if is_active else "Not active")
    if customer.store_number is not None:
        store = read_stores().get(customer.store_number)
        name = store.name if store else f"Store {customer.store_number}"
        yield Fact("store_number", "Store", name, "" if store and store.is_active else "Not active")
    if customer.personal_discount is not None:
        yield Fact("personal_discount", "Personal discount", _percent(customer.personal_discount))
    if customer.cumulative_discount is not None:
        yield Fact("cumulative_discount", "Cumulative discount", _percent(customer.cumulative_discount))
    if customer.discount_card:
        yield Fact("discount_card", "Discount card", customer.discount_card)


def _custom(customer: Customer, zone: ZoneInfo) -> Iterator[Fact]:
    rows = CustomerFieldValue.objects.filter(customer=customer, field__is_active=True)
    ordered = rows.select_related("field", "option").order_by("field__position", "field_id", "option__position", "pk")
    for field, several in groupby(ordered, key=lambda row: row.field):
        held = list(several)
        shown = [row.option.label if row.option else _shown(row, zone) for row in held]
        gone = any(row.option and not row.option.is_active for row in held)
        yield Fact(f"{CUSTOM}{field.code}", field.name, ", ".join(shown), "Not active" if gone else "")


def _shown(row: CustomerFieldValue, zone: ZoneInfo) -> str:
    value = Value(text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment)
    if value.date is not None:
        return _day(value.date)
    if value.moment is not None:
        here = value.moment.astimezone(zone)
        return f"{_day(here)}, {here:%H:%M}"
    written = write_value(value, zone=zone)
    return written.capitalize() if value.flag is not None else written


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _age(birthday: date, today: date) -> str:
    """In whole years; who was born on February 29 is a year older on March 1."""
    years = today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
    return f"{years} years" if years > 0 else ""


def _percent(number: Decimal) -> str:
    return f"{number.normalize():f} %"
