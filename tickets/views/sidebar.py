"""The customer card as a page of its own, for a browser's side panel: from 320 px on, beside any other window."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.words import LONGEST
from customers.access import follow_customer, get_customer
from customers.services.remembering import read_opened, remember_opened
from tickets.services.reading import read_card
from tickets.services.searching import find_people
from tickets.services.summarizing import WORK_SHOWN, read_open_tickets


@agent_required
@require_GET
def sidebar(request: AgentRequest) -> HttpResponse:
    """Look for a customer by name, contact or order; without words, those opened last. A single one opens at once."""
    words = request.GET.get("q", "")[: LONGEST * 2].strip()
    found = find_people(words=words) if words else None
    if request.htmx:
        return render(request, "tickets/_partials/sidebar_results.html", {"found": found})
    if found and len(found) == 1:
        return redirect("tickets:sidebar_customer", found[0].customer.number)
    opened = read_opened(member=request.agent) if found is None else ()
    return render(request, "tickets/sidebar.html", {"found": found, "opened": opened, "words": words})


@agent_required
@require_GET
def sidebar_customer(request: AgentRequest, number: int) -> HttpResponse:
    """The card with orders and tickets; to htmx, its live part."""
    customer = get_customer(request, number)
    context = {
        "card": read_card(customer=customer, beside=None, reader=request.agent, at=clock.now()),
        "tickets": read_open_tickets(customer=customer, reader=request.agent)[:WORK_SHOWN],
    }
    if request.htmx:
        return render(request, "tickets/_partials/sidebar_customer.html", context)
    return render(request, "tickets/sidebar_customer.html", context)


@agent_required
@require_POST
def sidebar_opened(request: AgentRequest, number: int) -> HttpResponse:
    """The page says that it was opened: the customer stands first among the last. Reading it changes nothing."""
    remember_opened(customer=follow_customer(request, number), member=request.agent)
    return HttpResponse(status=204)
