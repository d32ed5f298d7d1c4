"""Change many tickets at once: choose, do, follow, undo."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from accounts.services.listing import list_members
from core import clock
from core.htmx import respond
from customers.forms.setting_fields import CustomFieldsForm
from jobs.access import get_job
from jobs.services.batching import MOST, NothingChosen, NothingToUndo
from jobs.services.following import dismiss, read_mine, read_progress
from tickets.filters import TicketFilter
from tickets.forms.batching import BatchForm, SelectionForm, bulk_fields
from tickets.http import list_url
from tickets.kinds import Priority, Topic
from tickets.services import assigning, batching, previewing, setting_customer, snoozing, tagging

ROWS = 50  # of a selection, named one by one


@agent_required
@require_http_methods(["GET", "POST"])
def bulk(request: AgentRequest) -> HttpResponse:
    """Everything that can be done with a selection, as a page; and doing it."""
    if request.method == "GET":
        return render(request, "tickets/bulk.html", _choices(request))
    form = BatchForm(request.POST, request.agent)
    if not form.is_valid():
        messages.error(request, form.problem())
        return _answer(request, request.POST.get("query", ""), status=422)
    ids = form.tickets().order_by().values_list("pk", flat=True)[:MOST]
    try:
        batching.plan_batch(
            agent=request.agent, verb=form.cleaned_data["verb"], values=form.cleaned_data["values"], ticket_ids=ids
        )
    except NothingChosen:
        messages.info(request, "No ticket is selected.")
    return _answer(request, form.cleaned_data["query"])


@agent_required
@require_GET
def bulk_choices(request: AgentRequest) -> HttpResponse:
    """What the bar below the list offers, fetched once something is selected."""
    # The boxes of the list are the selection: it need not stand in the links.
    return render(request, "tickets/_partials/bulk_choices.html", {**_choices(request), "selection": ""})


@agent_required
@require_GET
def bulk_customer(request: AgentRequest) -> HttpResponse:
    """Choose the customer of many tickets."""
    form = _selection(request)
    words = request.GET.get("q", "").strip()
    context = {
        "ticket": None,
        "words": words,
        "found": setting_customer.find_customers(words=words),
        "post_to": reverse("tickets:bulk"),
        "search_at": reverse("tickets:bulk_customer"),
        "hidden": [*form.pairs(), ("act", "customer")],
    }
    template = "tickets/_partials/customer_choices.html" if request.htmx else "tickets/set_customer.html"
    return render(request, template, context)


@agent_required
@require_GET
def bulk_field(request: AgentRequest) -> HttpResponse:
    """Say the same of many tickets: the custom fields that are offered for it, each a form of its own."""
    zone = ZoneInfo(request.agent.time_zone)
    forms = [(one, CustomFieldsForm(fields=[one], held={}, zone=zone)) for one in bulk_fields()]
    return render(request, "tickets/bulk_field.html", {"forms": forms, "hidden": _selection(request).pairs()})


@agent_required
@require_GET
def bulk_merge(request: AgentRequest) -> HttpResponse:
    """Choose which of the selected tickets stays, and look at what would happen."""
    form = _selection(request)
    tickets = list(form.tickets().unmerged().with_people().order_by("number")[: ROWS + 1])
    if not 2 <= len(tickets) <= ROWS:
        messages.info(request, f"Select two to {ROWS} tickets to merge them.")
        return redirect(list_url(form.cleaned_data["query"]))
    wanted = request.GET.get("into", "")
    into = next((one for one in tickets if str(one.number) == wanted), tickets[-1])
    sources = [one for one in tickets if one != into]
    context = {
        "preview": previewing.preview_merge(sources=sources, into=into),
        "tickets": tickets,
        "hidden": [("query", form.cleaned_data["query"]), *(("number", one.number) for one in sources)],
        "choosing": form.pairs(),
    }
    return render(request, "tickets/bulk_merge.html", context)


@agent_required
@require_GET
def bulk_jobs(request: AgentRequest) -> HttpResponse:
    """What of mine still runs, or ended a moment ago."""
    template = "tickets/_partials/bulk_jobs.html" if request.htmx else "tickets/bulk_jobs.html"
    return render(request, template, _jobs(request))


@agent_required
@require_GET
def bulk_job(request: AgentRequest, job_id: int) -> HttpResponse:
    """One of them as it is now."""
    progress = read_progress(batches=batching.BATCHES, job=get_job(request, job_id))
    return render(request, "tickets/_partials/bulk_job.html", {"progress": progress})


@agent_required
@require_POST
def bulk_undo(request: AgentRequest, job_id: int) -> HttpResponse:
    job = get_job(request, job_id)
    try:
        batching.undo_batch(job=job, agent=request.agent)
    except NothingToUndo:
        messages.info(request, "There is nothing to undo any more.")
    return _answer(request, "")


@agent_required
@require_POST
def bulk_dismiss(request: AgentRequest, job_id: int) -> HttpResponse:
    """Its end was read."""
    dismiss(job=get_job(request, job_id))
    return _answer(request, "")


def _answer(request: AgentRequest, query: str, status: int = 200) -> HttpResponse:
    otherwise = list_url(TicketFilter.parse(query).as_query())
    return respond(request, "tickets/bulk/planned.html", _jobs(request), otherwise=otherwise, status=status)


def _jobs(request: AgentRequest) -> dict[str, Any]:
    return {"jobs": read_mine(batches=batching.BATCHES, agent=request.agent, at=clock.now())}


def _selection(request: AgentRequest) -> SelectionForm:
    """A query string that makes no sense selects nothing."""
    form = SelectionForm(request.GET, request.agent)
    if not form.is_valid():
        form.cleaned_data = {"query": "", "everything": False}
    return form


def _choices(request: AgentRequest) -> dict[str, Any]:
    form = _selection(request)
    everything = form.chosen_view().apply(request.agent).unmerged()
    return {
        "members": list_members(),
        "teams": assigning.find_teams(),
        "tags": tagging.read_tags(),
        "presets": snoozing.presets(at=clock.now(), zone=timezone.get_current_timezone()),
        "priorities": Priority.choices,
        "topics": Topic.choices,
        "has_fields": bulk_fields().exists(),
        "total": everything.order_by()[: MOST + 1].count(),
        "most": MOST,
        "hidden": form.pairs(),
        "chosen": len(form.numbers),
        "selection": urlencode(form.pairs()),
    }
