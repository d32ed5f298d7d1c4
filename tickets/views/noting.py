"""Internal notes on a ticket."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.writing import TEXT_LIMIT, MessageForm
from tickets.http import page_context, ticket_context
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
    """What was typed stands in the field again, with scripts and without."""
    text = request.POST.get("text", "")
    if request.htmx:
        context = {"ticket": ticket, "text": text, "error": error}
        return render(request, "tickets/noting/invalid.html", context, status=422)
    context = {**page_context(request, ticket), "note_text": text, "note_error": error}
    return render(request, "tickets/show.html", context, status=422)
