"""Put tags on a ticket and take them off."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import find_tag, get_ticket
from tickets.forms.labeling import TagForm
from tickets.http import Menu, show_menu, tag_choices
from tickets.models import Ticket
from tickets.services import tagging

MENU = Menu("Tags", "tickets/_partials/tag_menu.html")


@agent_required
@require_http_methods(["GET", "POST"])
def tag(request: AgentRequest, number: int) -> HttpResponse:
    """The menu of tags, which stays open: one tag is seldom the last."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        return show_menu(request, ticket, MENU, tag_choices(ticket))
    problem = _tag(request, ticket)
    if problem:
        messages.error(request, problem)
    ticket = get_ticket(request, number)
    context = {"ticket": ticket, "choices": tag_choices(ticket)}
    status = 422 if problem else 200
    return respond(request, "tickets/tagging/tagged.html", context, otherwise=ticket, status=status)


def _tag(request: AgentRequest, ticket: Ticket) -> str:
    """Why it could not be done, "" when it was."""
    form = TagForm(request.POST)
    if not form.is_valid():
        return "Choose a tag from the list, or type a new one."
    wanted = form.cleaned_data
    try:
        add = [one for one in [find_tag(wanted["add"])] if one]
        remove = [one for one in [find_tag(wanted["remove"])] if one]
        # The field that narrows the list is sent along with the tag that was pressed.
        if wanted["name"] and not (wanted["add"] or wanted["remove"]):
            add = [tagging.find_or_make_tag(name=wanted["name"], actor=request.agent.as_actor())]
        tagging.tag_ticket(ticket=ticket, add=add, remove=remove, actor=request.agent.as_actor())
    except tagging.BadName:
        return f"A tag has at most {tagging.LONGEST} characters."
    except tagging.TooManyTags:
        return f"A ticket carries at most {tagging.MOST} tags. Take one off first."
    return ""
