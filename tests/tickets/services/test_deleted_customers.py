"""Nobody is offered a deleted customer: not when writing, not when searching, not when choosing whose a ticket is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from customers.kinds import ContactKind
from customers.models import Customer
from customers.services import comparing, deleting
from customers.services.creating import NewContact, create_customer
from tests.factories.tickets import make_ticket
from tickets.forms.setting_customer import CustomerForm
from tickets.services import searching
from tickets.services.addressing import suggest_people
from tickets.services.setting_customer import find_customers

Find = Callable[[Membership], list[Any]]

WAYS: dict[str, Find] = {
    "recipients": lambda member: [one.address for one in suggest_people(words="Ana")],
    "recipients by address": lambda member: [one.address for one in suggest_people(words="ana@shopper.example")],
    "whose a ticket is": lambda member: [one.number for one in find_customers(words="Ana")],
    "by number": lambda member: [1] if CustomerForm({"customer": "1"}).is_valid() else [],
    "search": lambda member: list(searching.find(words="Ana Lopes", agent=member).customers),
    "sidebar": lambda member: list(searching.find_people(words="Ana Lopes")),
    "lookalikes": lambda member: list(comparing.read_lookalikes(name="Ana Lopes", contacts=[])),
}


@pytest.fixture
def customer(in_acme: Tenant, ada: Membership) -> Customer:
    contacts = [NewContact(ContactKind.EMAIL, "ana@shopper.example")]
    return create_customer(
        actor=ada.as_actor(), at=timezone.now(), first_name="Ana", last_name="Lopes", contacts=contacts
    )


@pytest.mark.parametrize("way", WAYS)
def test_deleted_customer_is_offered_nowhere(customer: Customer, ada: Membership, way: str) -> None:
    find = WAYS[way]
    assert len(find(ada)) == 1

    deleting.delete_customer(customer=customer, actor=ada.as_actor(), at=timezone.now())

    assert find(ada) == []


def test_tickets_of_a_deleted_customer_stay_theirs(customer: Customer, ada: Membership) -> None:
    ticket = make_ticket(customer=customer)

    deleting.delete_customer(customer=customer, actor=ada.as_actor(), at=timezone.now())

    ticket.refresh_from_db()
    assert ticket.customer == customer
