"""The inbox: lists of tickets, a page at a time."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from tickets.access import get_ticket
from tickets.http import list_context


@agent_required
@require_GET
def list_tickets(request: AgentRequest) -> HttpResponse:
    """A view of tickets; htmx gets the list alone, which keeps the open ticket marked."""
    template = "tickets/_partials/list.html" if request.htmx else "tickets/list.html"
    return render(request, template, list_context(request))


@agent_required
@require_GET
def row(request: AgentRequest, number: int) -> HttpResponse:
    return render(request, "tickets/_partials/row.html", {"ticket": get_ticket(request, number)})
