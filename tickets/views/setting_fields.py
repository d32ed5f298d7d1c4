"""What custom fields say of a ticket (F8)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from customers.access import custom_fields
from customers.forms.setting_fields import CustomFieldsForm
from customers.kinds import FieldTarget
from customers.services.writing_fields import FieldsContested, NotFitting, read_of
from tickets import rules
from tickets.access import get_ticket
from tickets.models import Ticket
from tickets.services import setting_fields


@agent_required
@require_GET
def fields(request: AgentRequest, number: int) -> HttpResponse:
    """The line under the header; `back` puts the focus where the form was opened."""
    context = {"ticket": get_ticket(request, number), "is_back": "back" in request.GET}
    return render(request, "tickets/_partials/fields.html", context)


@agent_required
@require_http_methods(["GET", "POST"])
def set_fields(request: AgentRequest, number: int) -> HttpResponse:
    """The fields as a form, in the place of the line. What a colleague wrote meanwhile is shown, never lost."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    is_part = request.htmx and not request.htmx.boosted
    form = _form(request, ticket)
    if form.is_bound and form.is_valid() and _saved(request, ticket, form):
        if not is_part:
            messages.success(request, "Saved.")
            return redirect(ticket)
        return render(request, "tickets/setting_fields/set.html", {"ticket": get_ticket(request, number)})
    form.take_focus()
    template = "tickets/_partials/fields_form.html" if is_part else "tickets/set_fields.html"
    return render(request, template, {"ticket": ticket, "form": form}, status=422 if form.is_bound else 200)


def _form(request: AgentRequest, ticket: Ticket) -> CustomFieldsForm:
    return CustomFieldsForm(
        request.POST if request.method == "POST" else None,
        fields=list(custom_fields(FieldTarget.TICKET).filter(is_active=True).prefetch_related("options")),
        held=read_of(ticket),
        zone=ZoneInfo(request.agent.time_zone),
        auto_id="ticket-%s",
    )


def _saved(request: AgentRequest, ticket: Ticket, form: CustomFieldsForm) -> bool:
    """Whether it could be saved; else the form says why not."""
    try:
        setting_fields.set_fields(
            ticket=ticket,
            typed=form.typed(),
            zone=ZoneInfo(request.agent.time_zone),
            actor=request.agent.as_actor(),
            based_on=form.based_on(),
        )
    except FieldsContested as contested:
        form.contest(contested.theirs)
    except NotFitting as refused:
        form.refuse(refused.problems)
    else:
        return True
    return False
