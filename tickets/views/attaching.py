"""Files on a draft: upload them while one writes, take them off again."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.drafting import FileForm, FileKeyForm
from tickets.kinds import DraftKind
from tickets.models import Draft, Ticket
from tickets.services import attaching, drafting

FILES = "tickets/_partials/draft_files.html"


@agent_required
@require_POST
def add(request: AgentRequest, number: int) -> HttpResponse:
    return _add(request, get_ticket(request, number, allowed=rules.can_reply))


@agent_required
@require_POST
def add_new(request: AgentRequest) -> HttpResponse:
    return _add(request, None)


@agent_required
@require_POST
def remove(request: AgentRequest, number: int) -> HttpResponse:
    return _remove(request, get_ticket(request, number, allowed=rules.can_reply))


@agent_required
@require_POST
def remove_new(request: AgentRequest) -> HttpResponse:
    return _remove(request, None)


def _add(request: AgentRequest, ticket: Ticket | None) -> HttpResponse:
    """Answers the list of files; 422 with one sentence in plain text when the file is refused."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid() or (form.cleaned_data["kind"] == DraftKind.NEW) != (ticket is None):
        return HttpResponse("Choose a file.", status=422, content_type="text/plain; charset=utf-8")
    upload, kind = form.upload(), form.cleaned_data["kind"]
    try:
        draft = attaching.add_file(
            member=request.agent,
            ticket=ticket,
            kind=kind,
            name=upload.name or "",
            content_type=upload.content_type or "application/octet-stream",
            content=upload,
            size=upload.size or 0,
            at=clock.now(),
        )
    except attaching.FileRefused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    return _show(request, ticket, draft)


def _remove(request: AgentRequest, ticket: Ticket | None) -> HttpResponse:
    form = FileKeyForm(request.POST)
    if not form.is_valid():
        return HttpResponse("There is no such file.", status=422, content_type="text/plain; charset=utf-8")
    kind = form.cleaned_data["kind"]
    draft = drafting.read_draft(member=request.agent, ticket=ticket, kind=kind)
    if draft is not None:
        attaching.remove_file(draft=draft, key=form.cleaned_data["key"])
    return _show(request, ticket, draft or Draft(kind=kind))


def _show(request: AgentRequest, ticket: Ticket | None, draft: Draft) -> HttpResponse:
    if not request.htmx:
        return redirect(ticket or reverse("tickets:new"))
    fresh = drafting.read_draft(member=request.agent, ticket=ticket, kind=draft.kind)
    return render(request, FILES, {"draft": fresh or draft, "ticket": ticket})
