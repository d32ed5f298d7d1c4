"""Assign a ticket to an agent, a team, or nobody."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.assigning import AssignForm
from tickets.http import Menu, show_menu
from tickets.models import Ticket
from tickets.services import assigning

MENU = Menu("Assign", "tickets/_partials/assign_menu.html")


@agent_required
@require_http_methods(["GET", "POST"])
def assign(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        choices = {"candidates": assigning.read_candidates(inbox=ticket.inbox), "agent": request.agent}
        return show_menu(request, ticket, MENU, choices)
    members, teams = assigning.answerers_of(ticket.inbox), assigning.find_teams()
    form = AssignForm(request.POST, members=members, teams=teams)
    status = 200 if form.is_valid() and _assign(request, ticket, form) else 422
    if status != 200:
        messages.error(request, "They may not answer this inbox. Choose somebody from the list.")
    context = {"ticket": get_ticket(request, number)}
    return respond(request, "tickets/assigning/assigned.html", context, otherwise=ticket, status=status)


def _assign(request: AgentRequest, ticket: Ticket, form: AssignForm) -> bool:
    """Only what was sent changes: a ticket may have an assignee and a team."""
    actor = request.agent.as_actor()
    try:
        if "team" in form.given:
            assigning.assign_team(ticket=ticket, team=form.cleaned_data["team"], actor=actor)
        if form.cleaned_data["take"]:
            assigning.assign_ticket(ticket=ticket, assignee=request.agent, actor=actor)
        elif "assignee" in form.given:
            assigning.assign_ticket(ticket=ticket, assignee=form.cleaned_data["assignee"], actor=actor)
    except assigning.MayNotAnswer:
        return False
    return True
