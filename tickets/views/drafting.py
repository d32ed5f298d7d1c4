"""Keep the words of the editor while one writes; throw them away, and have them back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from tickets import rules
from tickets.access import get_ticket, inboxes_of
from tickets.forms.drafting import DraftForm, KindForm
from tickets.kinds import DraftKind
from tickets.models import Draft, Ticket
from tickets.services import discarding, drafting


@agent_required
@require_POST
def save(request: AgentRequest, number: int) -> HttpResponse:
    return _save(request, get_ticket(request, number, allowed=rules.can_reply))


@agent_required
@require_POST
def save_new(request: AgentRequest) -> HttpResponse:
    return _save(request, None)


@agent_required
@require_POST
def discard(request: AgentRequest, number: int) -> HttpResponse:
    return _discard(request, get_ticket(request, number, allowed=rules.can_reply))


@agent_required
@require_POST
def discard_new(request: AgentRequest) -> HttpResponse:
    return _discard(request, None)


@agent_required
@require_POST
def restore(request: AgentRequest, number: int) -> HttpResponse:
    return _restore(request, get_ticket(request, number, allowed=rules.can_reply))


@agent_required
@require_POST
def restore_new(request: AgentRequest) -> HttpResponse:
    return _restore(request, None)


def _save(request: AgentRequest, ticket: Ticket | None) -> HttpResponse:
    """Answers the new version; 409 with what another window made of the draft, when this one has not seen it."""
    form = DraftForm(request.POST, inboxes=inboxes_of(request))
    if not form.is_valid() or not _fits(form, ticket):
        return JsonResponse({"error": "This is too long to be kept as a draft."}, status=422)
    kind, words = form.cleaned_data["kind"], form.words()
    try:
        draft = drafting.save_draft(member=request.agent, ticket=ticket, kind=kind, at=clock.now(), **words)
    except drafting.ChangedElsewhere as changed:
        return JsonResponse(_state(request, ticket, kind, changed.draft), status=409)
    return JsonResponse({"version": draft.version if draft else 0})


def _discard(request: AgentRequest, ticket: Ticket | None) -> HttpResponse:
    form = KindForm(request.POST)
    if not form.is_valid() or not _fits(form, ticket):
        return JsonResponse({"error": "There is no such draft."}, status=422)
    kind = form.cleaned_data["kind"]
    discarding.discard_draft(member=request.agent, ticket=ticket, kind=kind, at=clock.now())
    if request.htmx:
        return JsonResponse({"version": 0})
    messages.success(request, "Draft discarded.")
    return redirect(ticket or reverse("tickets:list"))


def _restore(request: AgentRequest, ticket: Ticket | None) -> HttpResponse:
    """Answers the whole draft; 409 when something new stands in its place."""
    form = KindForm(request.POST)
    if not form.is_valid() or not _fits(form, ticket):
        return JsonResponse({"error": "There is no such draft."}, status=422)
    kind = form.cleaned_data["kind"]
    try:
        discarding.restore_draft(member=request.agent, ticket=ticket, kind=kind)
    except discarding.NothingToRestore:
        return JsonResponse({"error": "The draft is gone: something new was begun."}, status=409)
    return JsonResponse(
        _state(request, ticket, kind, drafting.read_draft(member=request.agent, ticket=ticket, kind=kind))
    )


def _fits(form: KindForm, ticket: Ticket | None) -> bool:
    """A new ticket's draft stands on no ticket, the others on one."""
    return bool((form.cleaned_data["kind"] == DraftKind.NEW) == (ticket is None))


def _state(request: AgentRequest, ticket: Ticket | None, kind: str, draft: Draft | None) -> dict[str, Any]:
    """A draft as the editor shows it; an empty one when there is none."""
    draft = draft or Draft(kind=kind)
    words = {name: value for name, value in draft.words().items() if name != "inbox"}
    context = {"draft": draft, "ticket": ticket}
    files = render_to_string("tickets/_partials/draft_files.html", context, request=request)
    return {**words, "inbox": draft.inbox.number if draft.inbox else None, "version": draft.version, "files": files}
