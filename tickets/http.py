"""What the pages and answers about tickets share: their contexts."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from accounts.http import AgentRequest
from accounts.models import Membership
from core import clock
from core.paging import read_page
from customers.services.reading import read_presence
from events.links import Link
from events.models import Event
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.services import reading
from tickets.services.assigning import answerers_of

PAGE_SIZE = 50
ORDER = ("-last_message_at", "-id")


def list_context(request: AgentRequest) -> dict[str, Any]:
    """The list column: one page of rows and where the next begins."""
    chosen = TicketFilter.parse(request.GET)
    before = request.GET.get("before", "")
    page = read_page(chosen.apply(request.agent), order=ORDER, cursor=before, size=PAGE_SIZE)
    selected = request.GET.get("selected", "")
    return {
        "tickets": page.rows,
        "view": "" if chosen.words else chosen.view,
        "query": chosen.words,
        "next_cursor": page.next_cursor,
        "before": before,
        "selected": int(selected) if selected.isdecimal() and len(selected) < 19 else None,
    }


def ticket_context(ticket: Ticket) -> dict[str, Any]:
    """The ticket column: timeline, who may be assigned, the customer's dot."""
    customer = ticket.customer
    return {
        **_column(ticket),
        "presence": read_presence(customer=customer, at=clock.now()) if customer else None,
    }


def page_context(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """All three columns."""
    card = card_of(request, ticket)
    return {
        **list_context(request),
        **_column(ticket),
        "presence": card.presence if card else None,
        "card": card,
    }


def card_of(request: AgentRequest, ticket: Ticket) -> reading.CustomerCard | None:
    """The customer beside the ticket, None when nobody is known."""
    if ticket.customer is None:
        return None
    return reading.read_card(customer=ticket.customer, beside=ticket, reader=request.agent, at=clock.now())


def links_of(member: Membership, events: Collection[Event]) -> dict[int, Link]:
    """Event's id -> the ticket it is about, for those of the events whose ticket the member sees."""
    wanted = {event.ticket_id for event in events if event.ticket_id}
    tickets = {ticket.pk: ticket for ticket in Ticket.objects.visible_to(member).filter(pk__in=wanted)}
    return {
        event.pk: Link(reverse("tickets:show", args=[ticket.number]), ticket.subject or f"Ticket {ticket.number}")
        for event in events
        if event.ticket_id and (ticket := tickets.get(event.ticket_id))
    }


def _column(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "entries": reading.read_timeline(ticket=ticket),
        "assignees": answerers_of(ticket.inbox),
    }
