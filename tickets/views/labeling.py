"""Say what a ticket is about."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.labeling import TopicForm
from tickets.http import Menu, show_menu
from tickets.kinds import Topic
from tickets.services import labeling

MENU = Menu("Topic", "tickets/_partials/topic_menu.html")


@agent_required
@require_http_methods(["GET", "POST"])
def label(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        return show_menu(request, ticket, MENU, {"topics": Topic})
    form = TopicForm(request.POST)
    if valid := form.is_valid():
        labeling.set_topic(ticket=ticket, topic=form.cleaned_data["topic"], actor=request.agent.as_actor())
    else:
        messages.error(request, "Choose a topic from the list.")
    context = {"ticket": get_ticket(request, number)}
    status = 200 if valid else 422
    return respond(request, "tickets/labeling/labeled.html", context, otherwise=ticket, status=status)
