"""Say who a customer is: names, marks, language, time zone, location."""

from dataclasses import dataclass, fields

from django.db import transaction

from accounts.kinds import Actor
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
        names = {"first_name": first_name[:100], "last_name": last_name[:100]}
        return _apply(customer, said, _with(said, names), actor)


def fill_blanks(*, customer: Customer, details: Details, actor: Actor) -> frozenset[str]:
    """Fill what is empty and touch nothing else (F41); the name is filled as a whole or not at all.

    Marks are never filled: a blank one says no. Returns the names of the fields that changed.
    """
    with transaction.atomic():
        customer = _lock(customer)
        said = read_details(customer)
        blank = {name for name in ("language", "time_zone", "location") if not getattr(said, name)}
        if not any(getattr(said, name) for name in NAMES):
            blank |= NAMES
        return _apply(customer, said, _with(said, {name: getattr(details, name) for name in blank}), actor)


def _lock(customer: Customer) -> Customer:
    # Not FOR UPDATE, which would stop arriving messages that point to the customer.
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def _with(details: Details, changes: dict[str, str]) -> Details:
    return Details(**{field.name: changes.get(field.name, getattr(details, field.name)) for field in fields(Details)})


def _apply(customer: Customer, before: Details, after: Details, actor: Actor) -> frozenset[str]:
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
