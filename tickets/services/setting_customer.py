"""Set the customer of a ticket by hand (F33, F100)."""

from django.db import transaction

from accounts.kinds import Actor
from customers.models import Customer
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Ticket


def set_customer(*, ticket: Ticket, customer: Customer | None, actor: Actor) -> Ticket:
    """Put another profile, or none, on a ticket, open or closed. Messages keep who wrote them."""
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        before = ticket.customer_id
        if before == (customer.pk if customer else None):
            return ticket
        ticket.customer = customer
        ticket.customer_reason = f"Set by {actor.name}"[:200]
        ticket.save(update_fields=["customer", "customer_reason"])
        record(
            TicketEvent.CUSTOMER_SET,
            subject=ticket,
            actor=actor,
            data={"customer": ticket.customer_id, "before": before},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket
