"""Say who a customer is: names, marks, language, time zone, location."""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from core.text import clean_text
from customers.kinds import CustomerEvent
from customers.models import Customer
from events.services.recording import record


@dataclass(frozen=True)
class Details:
    """What can be said of a customer beside contacts and note."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    is_vip: bool = False
    is_bad: bool = False
    language: str = ""
    time_zone: str = ""
    location: str = ""


NAMES = frozenset({"first_name", "middle_name", "last_name"})
# Lengths of the model's columns.
TEXTS = {**dict.fromkeys(NAMES, 100), "language": 35, "time_zone": 64, "location": 200}


def read_details(customer: Customer) -> Details:
    """What is said now."""
    return Details(**{field.name: getattr(customer, field.name) for field in fields(Details)})


def describe_customer(*, customer: Customer, details: Details, actor: Actor) -> frozenset[str]:
    """Replace what is said; returns the names of the fields that changed."""
    with transaction.atomic():
        customer = _lock(customer)
        return _apply(customer, read_details(customer), details, actor)


def rename_customer(*, customer: Customer, first_name: str, last_name: str, actor: Actor) -> frozenset[str]:
    """Replace first and last name; returns the names of the fields that changed."""
    with transaction.atomic():
        customer = _lock(customer)
        said = read_details(customer)
        return _apply(customer, said, replace(said, first_name=first_name, last_name=last_name), actor)


def fill_blanks(*, customer: Customer, details: Details, actor: Actor) -> frozenset[str]:
    """Fill what is empty and touch nothing else (F41); the name is filled as a whole or not at all.

    Marks are never filled: a blank one says no. Returns the names of the fields that changed.
    """
    with transaction.atomic():
        customer = _lock(customer)
        said = read_details(customer)
        blank = {name for name in TEXTS.keys() - NAMES if not getattr(said, name)}
        if not any(getattr(said, name) for name in NAMES):
            blank |= NAMES
        filled: dict[str, Any] = {name: getattr(details, name) for name in blank}
        return _apply(customer, said, replace(said, **filled), actor)


def _lock(customer: Customer) -> Customer:
    # Not FOR UPDATE, which would stop arriving messages that point to the customer.
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


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
    customer.set_names(first=after.first_name, middle=after.middle_name, last=after.last_name)
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
