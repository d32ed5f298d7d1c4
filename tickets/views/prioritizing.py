"""Say how pressing a ticket is."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.labeling import PriorityForm
from tickets.http import Menu, show_menu
from tickets.kinds import Priority
from tickets.services import prioritizing

MENU = Menu("Priority", "tickets/_partials/priority_menu.html")


@agent_required
@require_http_methods(["GET", "POST"])
def prioritize(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        return show_menu(request, ticket, MENU, {"priorities": reversed(Priority)})
    form = PriorityForm(request.POST)
    if valid := form.is_valid():
        priority = form.cleaned_data["priority"]
        prioritizing.set_priority(ticket=ticket, priority=priority, actor=request.agent.as_actor())
    else:
        messages.error(request, "Choose a priority from the list.")
    context = {"ticket": get_ticket(request, number)}
    status = 200 if valid else 422
    return respond(request, "tickets/prioritizing/prioritized.html", context, otherwise=ticket, status=status)
