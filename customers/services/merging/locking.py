"""Lock two profiles so that of two merges one waits for the other, and arriving messages for both."""

from __future__ import annotations

from collections.abc import Collection

from customers.models import Contact, Customer, CustomerContact


def lock_customers(ids: Collection[int]) -> dict[int, Customer]:
    """In the order of their ids, as whoever locks several does. Call inside a transaction."""
    rows = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in rows}


def lock_contacts(ids: Collection[int]) -> None:
    """All addresses these customers hold: whoever writes from one of them is looked up before or after, not between."""
    held = CustomerContact.objects.filter(customer__in=ids).values("contact")
    list(Contact.objects.filter(pk__in=held).order_by("kind", "value").select_for_update(of=("self",), no_key=True))


def top_of(customer: Customer) -> Customer:
    """The profile that holds what was this one's: itself, or what it was merged into, and so on."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer
