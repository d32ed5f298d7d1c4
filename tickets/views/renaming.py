"""Change the subject of a ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.labeling import RenameForm
from tickets.http import Menu, show_menu
from tickets.services import renaming

MENU = Menu("Subject", "tickets/_partials/rename_form.html")


@agent_required
@require_http_methods(["GET", "POST"])
def rename(request: AgentRequest, number: int) -> HttpResponse:
    """With scripts the heading itself becomes the field; the page is for browsers without."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    if request.method == "GET":
        return show_menu(request, ticket, MENU, {})
    form, status = RenameForm(request.POST), 200
    subject = form.cleaned_data["subject"] if form.is_valid() else None
    try:
        if subject is None:
            raise renaming.TooLong
        renaming.rename_ticket(ticket=ticket, subject=subject, actor=request.agent.as_actor())
    except renaming.TooLong:
        status = 422
        messages.error(request, f"A subject has at most {renaming.LONGEST} characters.")
    context = {"ticket": get_ticket(request, number)}
    return respond(request, "tickets/renaming/renamed.html", context, otherwise=ticket, status=status)
