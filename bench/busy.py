"""The customer of whom there is a lot: forty phones, twelve e-mails, three stores, nine hundred tickets."""

from datetime import timedelta

from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.services.numbering import next_number, take_numbers
from accounts.tenancy import tenant_scope
from bench.population import END, Workspace
from bench.vocabulary import BUSIEST
from customers.kinds import ContactKind
from customers.models import Customer
from customers.services.creating import NewContact, create_customer
from integrations.models import Connection, StoreCustomer
from tickets.models import Message, Ticket

PHONES, EMAILS, STORES, TICKETS, MESSAGES = 40, 12, 3, 900, 3


def add_busy_customer(workspace: Workspace) -> None:
    """Make them, their links with three stores, and their tickets, oldest first."""
    with tenant_scope(workspace.tenant), transaction.atomic():
        contacts = [NewContact(ContactKind.PHONE, f"+35121{number:07d}") for number in range(PHONES)]
        contacts += [
            NewContact(ContactKind.EMAIL, f"{BUSIEST.lower()}{n}@{workspace.slug}.example") for n in range(EMAILS)
        ]
        customer = create_customer(
            actor=SYSTEM, at=END, first_name=BUSIEST, last_name="Customer", contacts=contacts, note="Call first."
        )
        for number in range(STORES):
            _link(workspace, customer, number)
        add_tickets(workspace, customer, TICKETS)


def _link(workspace: Workspace, customer: Customer, number: int) -> None:
    store = Connection.objects.create(
        number=next_number("connection"),
        kind="shopify",
        shop=f"{workspace.slug}-{number + 2}.myshopify.com",
        token="",
        secrets="[]",
        sync_notes=False,
    )
    StoreCustomer.objects.create(connection=store, customer=customer, remote_id=str(number), display_name=BUSIEST)


def add_tickets(workspace: Workspace, customer: Customer, many: int) -> None:
    """So many of the customer's, of a few messages each, oldest first. Call inside a transaction."""
    numbers = take_numbers("ticket", many)
    begin = END - timedelta(days=many)
    tickets = [
        Ticket(
            number=number,
            inbox_id=workspace.inboxes[place % len(workspace.inboxes)],
            subject=f"Again about order {place}",
            status="open" if place % 50 == 0 else "closed",
            customer=customer,
            created_at=begin + timedelta(days=place),
            last_message_at=begin + timedelta(days=place, hours=2),
            message_count=MESSAGES,
        )
        for place, number in enumerate(numbers)
    ]
    Ticket.objects.bulk_create(tickets, batch_size=100)
    Message.objects.bulk_create(
        [_message(ticket, customer, position) for ticket in tickets for position in range(1, MESSAGES + 1)],
        batch_size=500,
    )


def _message(ticket: Ticket, customer: Customer, position: int) -> Message:
    is_in = position % 2 == 1
    return Message(
        ticket=ticket,
        number=position,
        direction="in" if is_in else "out",
        author_customer=customer if is_in else None,
        author_name=BUSIEST if is_in else "Agent",
        text=f"The {position}. word about it.",
        created_at=ticket.created_at + timedelta(hours=position),
        delivery_state="" if is_in else "sent",
    )
