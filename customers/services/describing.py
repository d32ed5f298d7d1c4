"""Say who a customer is: names, marks, sex, birthday, manager, store, language, place, channel, discounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from core.text import clean_text
from customers.kinds import CustomerEvent
from customers.models import Customer
from customers.supposed_sex import suppose_sex
from events.services.recording import record


@dataclass(frozen=True)
class Details:
    """What can be said of a customer beside contacts, custom fields and note. `manager_id` is a membership's."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    is_vip: bool = False
    is_bad: bool = False
    sex: str = ""
    birthday: date | None = None
    manager_id: int | None = None
    store_number: int | None = None
    language: str = ""
    time_zone: str = ""
    location: str = ""
    preferred_channel: str = ""
    personal_discount: Decimal | None = None
    discount_card: str = ""


NAMES = frozenset({"first_name", "middle_name", "last_name"})
# Lengths of the model's columns.
TEXTS = {**dict.fromkeys(NAMES, 100), "language": 35, "time_zone": 64, "location": 200, "discount_card": 50}
LOOKED_BACK = 50  # changes
# What machines may fill when it is blank (F41); marks, manager and discounts are people's.
FILLED = frozenset({"language", "time_zone", "location", "sex", "birthday"})


class Contested(Exception):
    """Somebody else changed the same fields meanwhile. Nothing was saved; `theirs` is what is said now.

    `who` are the names of those who wrote it, as far back as one looks for them.
    """

    def __init__(self, names: frozenset[str], theirs: Details, who: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names, self.theirs, self.who = names, theirs, dict(who)


def read_details(customer: Customer) -> Details:
    """What is said now."""
    return Details(**{field.name: getattr(customer, field.name) for field in fields(Details)})


def describe_customer(
    *, customer: Customer, details: Details, actor: Actor, based_on: Details | None = None
) -> frozenset[str]:
    """Say it anew; returns the names of the fields that changed.

    With `based_on`, what the writer had before them, only what they changed is written: two people who edit different
    fields both win. Raises Contested when a field they changed was changed by somebody else too, to another value.
    """
    with transaction.atomic():
        customer = _lock(customer)
        now = read_details(customer)
        if based_on is not None:
            details = _joined(customer, now, _fitted(details), based_on)
        return _apply(customer, now, details, actor)


def rename_customer(*, customer: Customer, first_name: str, last_name: str, actor: Actor) -> frozenset[str]:
    """Replace first and last name; returns the names of the fields that changed."""
    with transaction.atomic():
        customer = _lock(customer)
        said = read_details(customer)
        return _apply(customer, said, replace(said, first_name=first_name, last_name=last_name), actor)


def fill_blanks(*, customer: Customer, details: Details, actor: Actor) -> frozenset[str]:
    """Fill what is empty and touch nothing else (F41); the name is filled as a whole or not at all.

    Returns the names of the fields that changed.
    """
    with transaction.atomic():
        customer = _lock(customer)
        said = read_details(customer)
        blank = {name for name in FILLED if not getattr(said, name)}
        if not any(getattr(said, name) for name in NAMES):
            blank |= NAMES
        filled: dict[str, Any] = {name: getattr(details, name) for name in blank}
        return _apply(customer, said, replace(said, **filled), actor)


def _lock(customer: Customer) -> Customer:
    return Customer.objects.locked_unmerged(customer)


def _joined(customer: Customer, now: Details, wanted: Details, based_on: Details) -> Details:
    touched = {f.name for f in fields(Details) if getattr(wanted, f.name) != getattr(based_on, f.name)}
    moved = {name for name in touched if getattr(now, name) not in (getattr(based_on, name), getattr(wanted, name))}
    if moved:
        raise Contested(frozenset(moved), now, _authors(customer, moved))
    changes: dict[str, Any] = {name: getattr(wanted, name) for name in touched}
    return replace(now, **changes)


def _authors(customer: Customer, names: Iterable[str]) -> dict[str, str]:
    """Who wrote what is said now, for fields that somebody changed a moment ago."""
    rows = list(customer.history.order_by("-history_id")[:LOOKED_BACK])
    found: dict[str, str] = {}
    for row, former in pairwise(rows):
        for name in names:
            if name not in found and getattr(row, name) != getattr(former, name):
                found[name] = row.actor_name
    return found


def _fitted(details: Details) -> Details:
    """What the columns can hold: stores send any text at all."""
    texts: dict[str, Any] = {
        name: " ".join(clean_text(getattr(details, name)).split())[:length] for name, length in TEXTS.items()
    }
    return replace(details, **texts)


def _apply(customer: Customer, before: Details, after: Details, actor: Actor) -> frozenset[str]:
    after = _fitted(after)
    changed = frozenset(f.name for f in fields(Details) if getattr(before, f.name) != getattr(after, f.name))
    if not changed:
        return changed
    for name in changed - NAMES:
        setattr(customer, name, getattr(after, name))
    names = {"first": after.first_name, "middle": after.middle_name, "last": after.last_name}
    customer.set_names(**names, supposed_sex=suppose_sex(**names))
    customer.sign(actor)
    customer.save()
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": sorted(changed)},
        customer_id=customer.pk,
        live=[customer.live_name],
    )
    return changed
