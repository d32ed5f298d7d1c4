"""Reply to the customer."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.writing import Refused, ReplyForm, say
from tickets.http import page_context, writing_context
from tickets.kinds import DraftKind
from tickets.models import Message, Ticket
from tickets.services import addressing, carrying, drafting, replying


@agent_required
@require_POST
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """Send a reply, and close the ticket when asked to."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, ticket, form.problem())
    try:
        message = _send(request, ticket, form)
    except Refused as error:
        return _refuse(request, ticket, say(error))
    context = {**writing_context(request, get_ticket(request, number)), "sent": message}
    return respond(request, "tickets/replying/sent.html", context, otherwise=ticket)


def _send(request: AgentRequest, ticket: Ticket, form: ReplyForm) -> Message:
    with transaction.atomic():
        taken = drafting.take_draft(member=request.agent, ticket=ticket, kind=DraftKind.REPLY)
        files: list[carrying.Carried] = [*taken.files, *carrying.keep_uploads(form.cleaned_data["files"])]
        return replying.reply(
            ticket=ticket,
            body=form.body(files),
            agent=request.agent,
            at=clock.now(),
            recipients=form.recipients(default=addressing.recipient_of(ticket)),
            files=files,
            closes=form.cleaned_data["close"],
        )


def _refuse(request: AgentRequest, ticket: Ticket, error: str) -> HttpResponse:
    """What was typed stands in the fields again, with scripts and without."""
    typed = {name: request.POST.get(name, "") for name in ("text", "html", "to", "cc", "bcc")}
    if request.htmx:
        context = {**writing_context(request, ticket), **typed, "error": error}
        return render(request, "tickets/replying/invalid.html", context, status=422)
    context = {**page_context(request, ticket), **typed, "error": error}
    return render(request, "tickets/show.html", context, status=422)
