"""Reply to the customer."""

from django.contrib import messages
from django.db import transaction
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
from tickets.services import closing, replying


@agent_required
@require_POST
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """Send a reply, and close the ticket when asked to."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _refuse(request, ticket, f"A reply has at most {TEXT_LIMIT:,} characters.")
    try:
        _send(request, ticket, text=form.cleaned_data["text"], close=form.cleaned_data["close"])
    except replying.EmptyText:
        return _refuse(request, ticket, "Write something first.")
    except replying.NoRecipient:
        return _refuse(request, ticket, "Nobody on this ticket has an address to answer to.")
    context = ticket_context(get_ticket(request, number))
    return respond(request, "tickets/replying/sent.html", context, otherwise=ticket)


def _send(request: AgentRequest, ticket: Ticket, *, text: str, close: bool) -> None:
    now = clock.now()
    with transaction.atomic():
        replying.reply(ticket=ticket, text=text, agent=request.agent, at=now)
        if close and ticket.is_open:
            try:
                closing.close_ticket(ticket=ticket, actor=request.agent.as_actor(), at=now)
            except closing.AlreadyClosed:
                messages.info(request, "A colleague closed this ticket a moment ago.")


def _refuse(request: AgentRequest, ticket: Ticket, error: str) -> HttpResponse:
    """What was typed stands in the field again, with scripts and without."""
    text = request.POST.get("text", "")
    if request.htmx:
        context = {"ticket": ticket, "text": text, "error": error}
        return render(request, "tickets/replying/invalid.html", context, status=422)
    context = {**page_context(request, ticket), "text": text, "error": error}
    return render(request, "tickets/show.html", context, status=422)
