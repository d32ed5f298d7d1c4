"""The inbox: lists of tickets, a page at a time."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from tickets.access import get_row
from tickets.filters import TicketFilter, strangers_in
from tickets.http import list_context, list_url

LISTED = "listed"  # in a row's own address: the row stands in the list that the rest of the query string names


@agent_required
@require_GET
def list_tickets(request: AgentRequest) -> HttpResponse:
    """A list of tickets; htmx gets the rows alone, which keep the open ticket marked."""
    if strangers_in(request.GET):
        raise BadRequest("This list has no such field.")
    if not request.htmx and "" in request.GET.values():
        # A form sends what was left empty, too: the address that people copy says only what was chosen.
        return redirect(list_url(TicketFilter.parse(request.GET).as_query()))
    template = "tickets/_partials/list.html" if request.htmx else "tickets/list.html"
    return render(request, template, list_context(request))


@agent_required
@require_GET
def row(request: AgentRequest, number: int) -> HttpResponse:
    """One row. In a list it says whether it still belongs there: it stays, gray, until the list is read anew."""
    ticket = get_row(request, number)
    is_gone = LISTED in request.GET and not TicketFilter.parse(request.GET).apply(request.agent).filter(pk=ticket.pk)
    query = request.GET.copy()
    query.pop(LISTED, None)
    return render(
        request, "tickets/_partials/row.html", {"ticket": ticket, "place": query.urlencode(), "is_gone": is_gone}
    )
