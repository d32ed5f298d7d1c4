"""The inbox: lists of tickets, a page at a time."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.paging import read_page
from tickets.access import get_ticket
from tickets.filters import TicketFilter

PAGE_SIZE = 50
ORDER = ("-last_message_at", "-id")


@agent_required
@require_GET
def list_tickets(request: AgentRequest) -> HttpResponse:
    """A view of tickets; htmx gets the list alone, which keeps the open ticket marked."""
    context = list_context(request)
    template = "tickets/_partials/list.html" if request.htmx else "tickets/list.html"
    return render(request, template, context)


@agent_required
@require_GET
def row(request: AgentRequest, number: int) -> HttpResponse:
    return render(request, "tickets/_partials/row.html", {"ticket": get_ticket(request, number)})


def list_context(request: AgentRequest) -> dict:
    """What the list column needs: one page of rows and where the next begins."""
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
