"""Makers of customers' rows."""

from typing import Any

from accounts.services.numbering import next_number
from customers.kinds import ContactKind
from customers.models import Contact, Customer, CustomerContact


def make_customer(first_name: str = "Ana", last_name: str = "Lopes", **fields: Any) -> Customer:
    customer = Customer(number=next_number("customer"), **fields)
    customer.set_names(first=first_name, last=last_name)
    customer.save()
    return customer


def make_contact(customer: Customer, value: str, kind: str = ContactKind.EMAIL, **fields: Any) -> CustomerContact:
    contact, _ = Contact.objects.get_or_create(kind=kind, value=value)
    return CustomerContact.objects.create(contact=contact, customer=customer, typed=value, **fields)
