"""Close and reopen."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.services import closing


@agent_required
@require_POST
def close(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    try:
        closing.close_ticket(ticket=ticket, actor=request.agent.as_actor(), at=clock.now())
    except closing.AlreadyClosed:
        messages.info(request, "A colleague closed this ticket a moment ago.")
    context = {"ticket": get_ticket(request, number)}
    return respond(request, "tickets/closing/closed.html", context, otherwise=ticket)


@agent_required
@require_POST
def reopen(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    try:
        closing.reopen_ticket(ticket=ticket, actor=request.agent.as_actor())
    except closing.IsMerged:
        messages.info(request, "A colleague merged this ticket into another one.")
    except closing.AlreadyOpen:
        messages.info(request, "This ticket is open already.")
    context = {"ticket": get_ticket(request, number)}
    return respond(request, "tickets/closing/reopened.html", context, otherwise=ticket)
