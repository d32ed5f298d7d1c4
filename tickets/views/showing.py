"""The ticket page and its parts, each of which can fetch itself again."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from tickets.access import get_ticket
from tickets.http import card_of, page_context, ticket_context
from tickets.services.preparing import read_desk


@agent_required
@require_GET
def show(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number)
    if ticket.merged_into_id is not None:
        return redirect(get_ticket(request, ticket.where_messages_go().number))
    return render(request, "tickets/show.html", page_context(request, ticket))


@agent_required
@require_GET
def header(request: AgentRequest, number: int) -> HttpResponse:
    return render(request, "tickets/_partials/header.html", {"ticket": get_ticket(request, number)})


@agent_required
@require_GET
def timeline(request: AgentRequest, number: int) -> HttpResponse:
    return render(request, "tickets/_partials/timeline.html", ticket_context(get_ticket(request, number)))


@agent_required
@require_GET
def earlier(request: AgentRequest, number: int) -> HttpResponse:
    """What stands before the part of a long timeline that the page shows; `before` is where that part begins."""
    ticket = get_ticket(request, number)
    before = request.GET.get("before", "")
    context = {**ticket_context(ticket, before=before), "before": before}
    return render(request, "tickets/showing/earlier.html" if request.htmx else "tickets/earlier.html", context)


@agent_required
@require_GET
def composer(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number)
    context = {"ticket": ticket, "desk": read_desk(ticket=ticket, member=request.agent)}
    return render(request, "tickets/_partials/composer.html", context)


@agent_required
@require_GET
def card(request: AgentRequest, number: int) -> HttpResponse:
    """The customer column."""
    ticket = get_ticket(request, number)
    return render(request, "tickets/_partials/customer.html", {"ticket": ticket, "card": card_of(request, ticket)})
