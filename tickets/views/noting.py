"""Internal notes on a ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms import TEXT_LIMIT, MessageForm
from tickets.http import ticket_context
from tickets.models import Ticket
from tickets.services import noting


@agent_required
@require_POST
def note(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _refuse(request, ticket, f"A note has at most {TEXT_LIMIT:,} characters.")
    try:
        noting.add_note(ticket=ticket, text=form.cleaned_data["text"], agent=request.agent, at=clock.now())
    except noting.EmptyNote:
        return _refuse(request, ticket, "Write something first.")
    context = ticket_context(get_ticket(request, number))
    return respond(request, "tickets/noting/added.html", context, otherwise=ticket)


def _refuse(request: AgentRequest, ticket: Ticket, error: str) -> HttpResponse:
    context = {"ticket": ticket, "text": request.POST.get("text", ""), "error": error}
    if not request.htmx:
        messages.error(request, error)
    return respond(request, "tickets/noting/invalid.html", context, otherwise=ticket, status=422)
