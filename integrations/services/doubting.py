"""Doubt that a store's customer with the same phone is our customer: families and offices share phones."""

from __future__ import annotations

from django.db import transaction

from core.text import fold
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from integrations.types import StoreCustomerFacts


def may_be(customer: Customer, *, facts: StoreCustomerFacts) -> bool:
    """Whether the two, who have a phone in common and no e-mail address, are surely one person.

    Who has an address in both places has two different ones, and may be father and son of one name. Where one of the
    two is nothing but the number, whoever answers it is meant; else they must bear one name.
    """
    has_address = _has_address(customer)
    if has_address and facts.emails:
        return False
    ours = _name(customer.first_name, customer.last_name)
    theirs = _name(facts.first_name, facts.last_name)
    if not (has_address or any(ours)) or not (facts.emails or any(theirs)):
        return True
    return _is_one_name(ours, theirs)


def _has_address(customer: Customer) -> bool:
    with transaction.atomic():
        return CustomerContact.objects.filter(customer=customer, contact__kind=ContactKind.EMAIL).exists()


def _name(first: str, last: str) -> tuple[str, str]:
    return fold(first), fold(last)


def _is_one_name(ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """The same first name, and no other last name."""
    return bool(ours[0]) and ours[0] == theirs[0] and (ours[1] == theirs[1] or not (ours[1] and theirs[1]))
