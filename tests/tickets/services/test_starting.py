"""Tickets that agents start."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from events.models import Event
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox
from tests.tickets.services.test_replying import ANA, RUI
from tickets.addresses import Recipients
from tickets.bodies import body_from_text
from tickets.models import Message, Participant, Ticket
from tickets.services import addressing, replying, starting


def start(agent: Membership, **fields: Any) -> Message:
    fields = {
        "inbox": fields.get("inbox") or make_inbox(),
        "subject": "Your order",
        "body": body_from_text("Hello Ana"),
        "recipients": Recipients.of(to=[ANA], cc=[RUI]),
        "at": timezone.now(),
        **fields,
    }
    return starting.start_ticket(agent=agent, **fields)


def test_ticket_is_opened_and_assigned_to_its_author(in_acme: Tenant, bela: Membership) -> None:
    message = start(bela)

    ticket = message.ticket
    assert (message.number, message.delivery_state) == (1, "queued")
    assert (ticket.subject, ticket.assignee, ticket.awaits_reply) == ("Your order", bela, False)
    assert Event.objects.get(type="ticket.opened").actor_id == bela.pk
    people = Participant.objects.filter(ticket=ticket).order_by("address")
    assert [(one.address, one.customer_id) for one in people] == [
        (ANA.address, ticket.customer_id),
        (RUI.address, None),
    ]


def test_stranger_becomes_a_customer_who_has_not_written(in_acme: Tenant, bela: Membership) -> None:
    customer = start(bela).ticket.customer

    assert customer is not None
    line = customer.contacts.get()
    assert (line.contact.value, line.last_wrote_at) == (ANA.address, None)
    assert customer.origin == "agent"


def test_holder_of_the_address_is_the_customer(in_acme: Tenant, bela: Membership) -> None:
    known = make_customer()
    make_contact(known, ANA.address)

    message = start(bela)

    assert message.ticket.customer == known
    assert Customer.objects.count() == 1


def test_of_several_holders_the_chosen_one_is_meant(in_acme: Tenant, bela: Membership) -> None:
    for name in ("Ana", "Bea"):
        customer = make_customer(name)
        make_contact(customer, ANA.address)

    assert start(bela).ticket.customer is None
    assert start(bela, customer=customer, inbox=make_inbox("b@acme.example")).ticket.customer == customer


def test_customer_without_the_address_is_not_meant(in_acme: Tenant, bela: Membership) -> None:
    other = make_customer("Other")

    assert start(bela, customer=other).ticket.customer != other


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"subject": " \n"}, starting.NoSubject),
        ({"body": body_from_text("")}, replying.EmptyText),
        ({"recipients": Recipients.of(to=[], cc=[RUI])}, addressing.NoRecipient),
    ],
)
def test_incomplete_letter_leaves_nothing_behind(
    in_acme: Tenant, bela: Membership, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        start(bela, **fields)

    assert not Ticket.objects.exists() and not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_letters_to_one_stranger_make_one_customer(acme: Tenant, ada: Membership, bela: Membership) -> None:
    with tenant_scope(acme), transaction.atomic():
        inbox = make_inbox()

    def write(agent: Membership) -> None:
        try:
            with tenant_scope(acme), transaction.atomic():
                start(agent, inbox=inbox)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(agent,)) for agent in (ada, bela)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    with tenant_scope(acme), transaction.atomic():
        assert (Ticket.objects.count(), Customer.objects.count()) == (2, 1)
