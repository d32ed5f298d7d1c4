"""Snooze a ticket until a time."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.snoozing import SnoozeForm
from tickets.http import Menu, show_menu
from tickets.models import Ticket
from tickets.services import closing, snoozing

MENU = Menu("Snooze", "tickets/_partials/snooze_menu.html")


@agent_required
@require_http_methods(["GET", "POST"])
def snooze(request: AgentRequest, number: int) -> HttpResponse:
    """The menu with times in the agent's zone, and what it posts."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        now, zone = clock.now(), timezone.get_current_timezone()
        choices = {"presets": snoozing.presets(at=now, zone=zone), "now": now, "zone": request.agent.time_zone}
        return show_menu(request, ticket, MENU, choices)
    problem = _snooze(request, ticket)
    if problem:
        messages.error(request, problem)
    context = {"ticket": get_ticket(request, number)}
    status = 422 if problem else 200
    return respond(request, "tickets/snoozing/snoozed.html", context, otherwise=ticket, status=status)


def _snooze(request: AgentRequest, ticket: Ticket) -> str:
    """What is wrong with the time, "" when nothing is."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return form.problem()
    until, actor = form.cleaned_data["until"], request.agent.as_actor()
    try:
        snoozing.snooze_ticket(ticket=ticket, until=until, actor=actor, at=clock.now())
    except snoozing.HasPassed:
        return "That time has passed. Choose one that is still to come."
    except closing.IsMerged:
        return "A colleague merged this ticket into another one."
    except snoozing.TooFarAhead:
        return "That is more than a year ahead. Choose a nearer day, or close the ticket."
    return ""
