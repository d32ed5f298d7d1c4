"""Assign a ticket; set its customer."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.assigning import AssignForm
from tickets.http import ticket_context
from tickets.services import assigning


@agent_required
@require_POST
def assign(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    form = AssignForm(request.POST, members=assigning.answerers_of(ticket.inbox))
    if form.is_valid():
        assigning.assign_ticket(ticket=ticket, assignee=form.cleaned_data["assignee"], actor=request.agent.as_actor())
    else:
        messages.error(request, "This person may not answer this inbox. Choose somebody from the list.")
    context = ticket_context(get_ticket(request, number))
    return respond(request, "tickets/assigning/assigned.html", context, otherwise=ticket)
