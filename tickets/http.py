"""What the pages and answers about tickets share: their contexts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import AgentRequest
from accounts.models import Membership
from core import clock
from customers.models import Customer
from customers.services.naming_merged import mark_origins
from customers.services.reading import read_presence
from events.links import Link
from events.models import Event
from tickets.filters import links_to_views, read_listing
from tickets.models import Ticket
from tickets.services import reading, tagging, timelining
from tickets.services.excerpting import read_excerpts
from tickets.services.preparing import read_desk


@dataclass(frozen=True)
class Menu:
    """Something to choose for a ticket: a popover with scripts, a page of its own without."""

    title: str
    template: str


def list_context(request: AgentRequest) -> dict[str, Any]:
    """The list column: one page of rows, what narrows it, and where else one may go."""
    listing = read_listing(request.GET, request.agent)
    return {"listing": listing, "view": listing.view, "views": links_to_views(listing.chosen)}


def show_part(request: AgentRequest, customer: Customer, title: str, part: str, found: object) -> HttpResponse:
    """A part of the customer's page: alone for htmx, which puts it there; else on a page of its own."""
    context = {"customer": customer, "title": title, "part": part, "found": found, "area": "customers"}
    is_part = request.htmx and not request.htmx.boosted
    return render(request, part if is_part else "customers/part.html", context)


def list_url(query: str) -> str:
    """The page of the list that a filter's query string names."""
    return f"{reverse('tickets:list')}{'?' if query else ''}{query}"


def ticket_context(ticket: Ticket, *, before: str = "") -> dict[str, Any]:
    """The ticket column: timeline and the customer's dot. `before` is the cursor of an earlier part of the timeline."""
    customer = ticket.customer
    return {
        **_column(ticket, before),
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
        "desk": read_desk(ticket=ticket, member=request.agent),
    }


def writing_context(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """The ticket column with the composer, which begins anew."""
    return {**ticket_context(ticket), "desk": read_desk(ticket=ticket, member=request.agent)}


def show_menu(request: AgentRequest, ticket: Ticket, menu: Menu, choices: Mapping[str, Any]) -> HttpResponse:
    """The menu alone for htmx, which puts it into a popover; else a page around it."""
    context = {"ticket": ticket, "menu": menu, "choices": choices}
    return render(request, menu.template if request.htmx else "tickets/menu.html", context)


def tag_choices(ticket: Ticket) -> dict[str, Any]:
    """What the menu of tags offers: those the ticket carries first."""
    carried = tagging.read_tags(ticket=ticket)
    others = [tag for tag in tagging.read_tags() if tag not in carried]
    return {"carried": carried, "others": others, "longest": tagging.LONGEST}


def card_of(request: AgentRequest, ticket: Ticket) -> reading.CustomerCard | None:
    """The customer beside the ticket, None when nobody is known. The ticket says with which profile it came, where that
    was merged into theirs.
    """
    if ticket.customer is None:
        return None
    mark_origins(ticket.customer, [ticket])
    return reading.read_card(customer=ticket.customer, beside=ticket, reader=request.agent, at=clock.now())


def links_of(member: Membership, events: Collection[Event]) -> dict[int, Link]:
    """Event's id -> the ticket it is about, for those of the events whose ticket the member sees."""
    wanted = {event.ticket_id for event in events if event.ticket_id}
    tickets = {ticket.pk: ticket for ticket in Ticket.objects.visible_to(member).filter(pk__in=wanted)}
    told = [event for event in events if event.ticket_id in tickets]
    texts = read_excerpts(events=told, ticket_ids=tickets)
    return {event.pk: _link(tickets[event.ticket_id or 0], texts.get(event.pk, "")) for event in told}


def sight_of(member: Membership, events: QuerySet[Event]) -> QuerySet[Event]:
    """Without events of tickets the member may not see."""
    if member.is_admin or member.sees_all_inboxes:
        return events
    seen = Ticket.objects.visible_to(member).filter(pk=OuterRef("ticket_id"))
    return events.filter(Q(ticket_id=None) | Exists(seen))


def _link(ticket: Ticket, text: str) -> Link:
    return Link(reverse("tickets:show", args=[ticket.number]), ticket.subject or f"Ticket {ticket.number}", text)


def _column(ticket: Ticket, before: str = "") -> dict[str, Any]:
    return {
        "ticket": ticket,
        "entries": timelining.read_timeline(ticket=ticket, before=before),
    }
