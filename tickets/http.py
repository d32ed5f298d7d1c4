"""What the pages and answers about a ticket share."""

from typing import Any

from core import clock
from customers.services.reading import read_presence
from tickets.models import Ticket
from tickets.services import reading
from tickets.services.assigning import answerers_of


def ticket_context(ticket: Ticket) -> dict[str, Any]:
    """Ticket, timeline, who may be assigned, and the customer's dot."""
    customer = ticket.customer
    return {
        "ticket": ticket,
        "entries": reading.read_timeline(ticket=ticket),
        "assignees": answerers_of(ticket.inbox),
        "presence": read_presence(customer=customer, at=clock.now()) if customer else None,
    }
