"""Find a customer beside a ticket and open their profile there; find the other one of a merge (F33, F46)."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from core.words import LONGEST
from customers.access import follow_customer
from customers.http import ours_or
from customers.services.merging.permitting import may_merge
from customers.services.merging.pooling import find_sharers
from tickets import rules
from tickets.access import get_ticket
from tickets.services.reading import read_card
from tickets.services.searching import find_people

SHORTEST = 2  # characters; less finds everything and nothing


@agent_required
@require_GET
def find_beside(request: AgentRequest, number: int) -> HttpResponse:
    """Customers by name, contact or order, for htmx; without scripts the page that finds and sets the customer."""
    ticket = get_ticket(request, number)
    words = _words(request)
    if not request.htmx:
        return redirect(f"{reverse('tickets:set_customer', args=[number])}?{urlencode({'q': words})}")
    found = find_people(words=words) if len(words) >= SHORTEST else None
    return render(request, "tickets/_partials/beside_results.html", {"ticket": ticket, "found": found})


@agent_required
@require_GET
def beside(request: AgentRequest, number: int, customer_number: int) -> HttpResponse:
    """A profile beside the ticket, to be set as its customer or merged with them; the ticket stays where it is."""
    ticket = get_ticket(request, number)
    customer = follow_customer(request, customer_number)
    if request.htmx and customer == ticket.customer:
        return render(request, "tickets/_partials/beside.html", {"ticket": ticket})
    context = {
        "ticket": ticket,
        "card": read_card(customer=customer, beside=None, reader=request.agent, at=clock.now()),
        "can_set": rules.can_reply(request.agent, ticket),
    }
    is_part = request.htmx and not request.htmx.boosted
    return render(request, "tickets/_partials/beside.html" if is_part else "tickets/beside.html", context)


@agent_required
@require_GET
def beside_close(request: AgentRequest, number: int) -> HttpResponse:
    """The ticket's own customer again."""
    ticket = get_ticket(request, number)
    return render(request, "tickets/_partials/beside.html", {"ticket": ticket}) if request.htmx else redirect(ticket)


@agent_required
@require_GET
def find_other(request: AgentRequest, number: int) -> HttpResponse:
    """Who shall be merged into a customer; before somebody looks, who shares an address or number with them."""
    if not may_merge(request.agent):
        raise Http404
    customer, words = follow_customer(request, number), _words(request)
    back = ours_or(request, request.GET.get("next", ""), customer.get_absolute_url())
    people = [one.customer for one in find_people(words=words)] if words else find_sharers(customer=customer)
    context = {
        "customer": customer,
        "words": words,
        "found": [one for one in people if one != customer],
        "back": back,
        "next": urlencode({"next": back}),
        "area": "customers",
    }
    is_part = request.htmx and not request.htmx.boosted
    return render(request, "tickets/_partials/others.html" if is_part else "tickets/find_other.html", context)


def _words(request: AgentRequest) -> str:
    return request.GET.get("q", "")[: LONGEST * 2].strip()
