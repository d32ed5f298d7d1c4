"""Take a message back before it goes out."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_message, get_ticket
from tickets.http import writing_context
from tickets.services import withdrawing


@agent_required
@require_POST
def withdraw(request: AgentRequest, number: int, position: int) -> HttpResponse:
    """Undo: the words stand in the composer again."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    message = get_message(request, number, position)
    template = "tickets/withdrawing/withdrawn.html"
    try:
        withdrawing.withdraw_message(message=message, agent=request.agent, at=clock.now())
    except withdrawing.AlreadyOnItsWay:
        template = "tickets/withdrawing/late.html"
        messages.error(request, "Already on its way.")
    except withdrawing.NotTheAuthor:
        template = "tickets/withdrawing/late.html"
        messages.error(request, "Only who wrote a message takes it back.")
    context = writing_context(request, get_ticket(request, number))
    return respond(request, template, context, otherwise=ticket)
