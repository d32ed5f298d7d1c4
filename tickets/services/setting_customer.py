"""Say whose ticket it is (F33, F100)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.kinds import Actor
from core.text import fold
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services.finding import find_contact
from customers.services.following import replace_merged
from events.services.recording import record
from integrations.models import Order
from tickets.kinds import TicketEvent
from tickets.models import Message, Participant, Ticket

FOUND = 20  # customers offered at once


def set_customer(*, ticket: Ticket, customer: Customer | None, actor: Actor) -> Ticket:
    """Give the ticket to a customer, or to none; open or closed. What happened before stays the former one's.

    Who wrote and who was copied stays as it is: they are people on the ticket, whoever it belongs to (F97).
    """
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        former = ticket.customer
        if ticket.customer_id == (customer.pk if customer else None):
            return ticket
        ticket.mark_customer(customer=customer, reason=f"Set by {actor.name}")
        record(
            TicketEvent.CUSTOMER_SET,
            subject=ticket,
            actor=actor,
            data={
                "from": former.number if former else None,
                "from_name": former.display_name if former else "",
                "to": customer.number if customer else None,
                "to_name": customer.display_name if customer else "",
            },
            ticket_id=ticket.pk,
            customer_id=next(one.pk for one in (customer, former) if one),
            live=(ticket.live_name, "inbox", *(one.live_name for one in (former, customer) if one)),
        )
    return ticket


def find_customers(*, words: str) -> Sequence[Customer]:
    """Whose name begins so, who holds this address or number, who placed the order of this name; with main contacts."""
    if not words.strip():
        return []
    contacts = [find_contact(kind=kind, typed=words) for kind in (ContactKind.EMAIL, ContactKind.PHONE)]
    holders = CustomerContact.objects.filter(contact__in=[one for one in contacts if one])
    orders = Order.objects.filter(name_folded__in={fold(words), fold(f"#{words}")})
    found = [
        *holders.values_list("customer_id", flat=True)[:FOUND],
        *orders.values_list("store_customer__customer_id", flat=True)[:FOUND],
        *Customer.objects.alive().named_like(words).order_by("name_folded", "pk").values_list("pk", flat=True)[:FOUND],
    ]
    return _in_order([pk for pk in found if pk])


def suggest_customers(*, ticket: Ticket) -> Sequence[Customer]:
    """Who wrote on the ticket or was copied, and is somebody we know."""
    wrote = Message.objects.filter(ticket=ticket, author_customer__isnull=False).order_by("-number")
    copied = Participant.objects.filter(ticket=ticket, customer__isnull=False).order_by("pk")
    found = [
        *wrote.values_list("author_customer_id", flat=True)[:FOUND],
        *copied.values_list("customer_id", flat=True)[:FOUND],
    ]
    survivors = replace_merged(found)
    return _in_order([pk for one in found if (pk := survivors.get(one, one)) != ticket.customer_id])


def _in_order(ids: Sequence[int]) -> Sequence[Customer]:
    wanted = list(dict.fromkeys(ids))[:FOUND]
    rows = {one.pk: one for one in Customer.objects.alive().filter(pk__in=wanted).with_main_contacts()}
    return [rows[pk] for pk in wanted if pk in rows]
