"""Try again to send what could not be sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_message, get_ticket
from tickets.http import ticket_context
from tickets.services import retrying


@agent_required
@require_POST
def retry(request: AgentRequest, number: int, position: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    try:
        retrying.retry_message(message=get_message(request, number, position), at=clock.now())
    except retrying.NothingToRetry:
        messages.info(request, "This message is on its way already.")
    context = ticket_context(get_ticket(request, number))
    return respond(request, "tickets/retrying/retried.html", context, otherwise=ticket)
