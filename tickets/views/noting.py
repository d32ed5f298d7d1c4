"""Internal notes on a ticket."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.writing import NoteForm, Refused, say
from tickets.http import page_context, writing_context
from tickets.kinds import DraftKind
from tickets.models import Message, Ticket
from tickets.services import carrying, drafting, noting


@agent_required
@require_POST
def note(request: AgentRequest, number: int) -> HttpResponse:
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, ticket, form.problem())
    try:
        _add(request, ticket, form)
    except Refused as error:
        return _refuse(request, ticket, say(error))
    context = writing_context(request, get_ticket(request, number))
    return respond(request, "tickets/noting/added.html", context, otherwise=ticket)


def _add(request: AgentRequest, ticket: Ticket, form: NoteForm) -> Message:
    with transaction.atomic():
        taken = drafting.take_draft(member=request.agent, ticket=ticket, kind=DraftKind.NOTE)
        files: list[carrying.Carried] = [*taken.files, *carrying.keep_uploads(form.cleaned_data["files"])]
        return noting.add_note(ticket=ticket, body=form.body(files), agent=request.agent, at=clock.now(), files=files)


def _refuse(request: AgentRequest, ticket: Ticket, error: str) -> HttpResponse:
    """What was typed stands in the field again, with scripts and without."""
    text, html = request.POST.get("text", ""), request.POST.get("html", "")
    if request.htmx:
        context = {**writing_context(request, ticket), "text": text, "html": html, "error": error}
        return render(request, "tickets/noting/invalid.html", context, status=422)
    context = {**page_context(request, ticket), "note_text": text, "note_html": html, "note_error": error}
    return render(request, "tickets/show.html", context, status=422)
