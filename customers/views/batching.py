"""Change many customers at once: choose, do, follow, undo."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import AgentRequest, agent_required
from accounts.models import Membership
from accounts.services.listing import list_members
from core import clock
from core.database.bounding import TookTooLong
from core.htmx import respond
from customers.filters import CustomerFilter, list_url
from customers.forms.batching import BatchForm, SelectionForm, offered_fields
from customers.forms.setting_fields import CustomFieldsForm
from customers.models import CustomField
from customers.services import batching
from customers.services.tagging_customer import suggest_tags
from customers.stores import read_stores
from jobs.access import get_job
from jobs.services.batching import MOST, NothingChosen, NothingToUndo
from jobs.services.following import dismiss, read_mine, read_progress

NAMED = 20  # of a selection, one by one
TAGS = 12  # that the menu offers
SLOW = "The list takes too long to read. Narrow it down, or select by hand."


@agent_required
@require_http_methods(["GET", "POST"])
def bulk(request: AgentRequest) -> HttpResponse:
    """Everything that can be done with a selection, as a page; and doing it."""
    if request.method == "GET":
        return render(request, "customers/bulk.html", _choices(request))
    form = BatchForm(request.POST, request.agent)
    if not form.is_valid():
        return _refuse(request, form)
    try:
        batching.change_many(
            agent=request.agent,
            verb=form.cleaned_data["verb"],
            values=form.cleaned_data["values"],
            customer_ids=form.ids(),
            at=clock.now(),
        )
    except NothingChosen:
        messages.info(request, "No customer is selected.")
    except TookTooLong:
        messages.error(request, SLOW)
    return _to_list(request)


@agent_required
@require_GET
def bulk_choices(request: AgentRequest) -> HttpResponse:
    """What the bar below the list offers, fetched once something is selected."""
    # The boxes of the list are the selection: it need not stand in the links.
    return render(request, "customers/_partials/bulk_choices.html", {**_choices(request), "selection": ""})


@agent_required
@require_GET
def bulk_fields(request: AgentRequest) -> HttpResponse:
    """Choose what a custom field is to say of many."""
    context = {**_selected(_selection(request.GET, request.agent)), "forms": _field_forms(request)}
    return render(request, "customers/bulk_fields.html", context)


@agent_required
@require_GET
def bulk_delete(request: AgentRequest) -> HttpResponse:
    """Ask once more before many are deleted."""
    return render(request, "customers/bulk_delete.html", _selected(_selection(request.GET, request.agent)))


@agent_required
@require_GET
def bulk_job(request: AgentRequest, job_id: int) -> HttpResponse:
    """One piece of work as it is now."""
    progress = read_progress(batches=batching.BATCHES, job=get_job(request, job_id))
    context = {"progress": progress, "query": _known(request.GET.get("query", ""))}
    return render(request, "customers/_partials/bulk_job.html", context)


@agent_required
@require_POST
def bulk_undo(request: AgentRequest, job_id: int) -> HttpResponse:
    job = get_job(request, job_id)
    try:
        batching.undo_batch(job=job, agent=request.agent, at=clock.now())
    except NothingToUndo:
        messages.info(request, "There is nothing to undo any more.")
    return _to_list(request)


@agent_required
@require_POST
def bulk_dismiss(request: AgentRequest, job_id: int) -> HttpResponse:
    """Its end was read."""
    job = get_job(request, job_id)
    dismiss(job=job)
    jobs = read_mine(batches=batching.BATCHES, agent=request.agent, at=clock.now())
    query = request.POST.get("query", "")
    context = {"jobs": jobs, "query": _known(query)}
    return respond(request, "customers/batching/dismissed.html", context, otherwise=_list_at(query))


def _to_list(request: AgentRequest) -> HttpResponse:
    """The page of the list they were chosen on, read anew."""
    url = _list_at(request.POST.get("query", ""))
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _list_at(query: str) -> str:
    return list_url(_known(query))


def _known(query: str) -> str:
    """Of a query string that somebody sent, only what a list knows."""
    before = QueryDict(query).get("before", "")
    known = CustomerFilter.parse(query).as_query()
    return "&".join(part for part in (known, urlencode({"before": before}) if before else "") if part)


def _refuse(request: AgentRequest, form: BatchForm) -> HttpResponse:
    """Why nothing was changed, where it was asked for: what was ticked and typed stays."""
    verb, _, code = request.POST.get("act", "").partition(":")
    if verb == "field" and any(field.code == code for field in offered_fields()):
        chosen = _selected(_selection(request.POST, request.agent))
        context = {**chosen, "forms": _field_forms(request, code, form.problem())}
        return render(request, "customers/bulk_fields.html", context, status=422)
    messages.error(request, form.problem())
    otherwise = _list_at(request.POST.get("query", ""))
    return respond(request, "customers/batching/refused.html", {}, otherwise=otherwise, status=422)


def _field_forms(
    request: AgentRequest, wrong: str = "", problem: str = ""
) -> Sequence[tuple[CustomField, CustomFieldsForm]]:
    """A form for each field that can be set for many; `wrong` is the code of the one that was refused."""
    zone, forms = ZoneInfo(request.agent.time_zone), []
    for field in offered_fields():
        form = CustomFieldsForm(request.POST if field.code == wrong else None, fields=[field], held={}, zone=zone)
        if form.is_bound:
            form.is_valid()
            form.refuse({field.code: problem})
            form.take_focus()
        forms.append((field, form))
    return forms


def _selection(sent: QueryDict, agent: Membership) -> SelectionForm:
    """A query string that makes no sense selects nobody."""
    form = SelectionForm(sent, agent)
    if not form.is_valid():
        form.cleaned_data = {"query": "", "everything": False}
    return form


def _choices(request: AgentRequest) -> dict[str, Any]:
    form = _selection(request.GET, request.agent)
    return {
        "members": list_members(),
        "stores": [store for store in read_stores().values() if store.is_active],
        "tags": suggest_tags(most=TAGS),
        "has_fields": bool(offered_fields()),
        "is_of_deleted": form.chosen_list().deleted,
        "total": form.total(),
        "most": MOST,
        "hidden": form.pairs(),
        "chosen": len(form.numbers),
        "query": form.cleaned_data["query"],
        "selection": urlencode(form.pairs()),
    }


def _selected(form: SelectionForm) -> dict[str, Any]:
    """The selection as a page names it; the first of them where they can be read in time."""
    try:
        named, count = form.first(NAMED), form.count()
    except TookTooLong:
        named, count = [], None
    return {"named": named, "count": count, "hidden": form.pairs(), "query": form.cleaned_data["query"]}
