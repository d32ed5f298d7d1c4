"""Who else has the ticket open, and who is typing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from events.services.notifying import mark_read_of_ticket
from tickets.access import get_ticket
from tickets.forms.labeling import LookingForm
from tickets.services import looking


@agent_required
@require_http_methods(["GET", "POST"])
def people(request: AgentRequest, number: int) -> HttpResponse:
    """GET: the colleagues on this ticket. POST: the page says that it is open, that somebody types, or that it closes.

    One URL for both, since the element that shows them also says it.
    """
    ticket = get_ticket(request, number)
    if request.method == "POST":
        form = LookingForm(request.POST)
        said = form.cleaned_data if form.is_valid() else {}
        if said.get("gone"):
            looking.mark_gone(ticket=ticket, agent=request.agent)
        else:
            looking.mark_looking(ticket=ticket, agent=request.agent, is_typing=said.get("typing", False))
            mark_read_of_ticket(member=request.agent, ticket_id=ticket.pk, at=clock.now())
        return HttpResponse(status=204)
    context = {"ticket": ticket, "people": looking.read_people(ticket=ticket, besides=request.agent)}
    return render(request, "tickets/looking/seen.html", context)
