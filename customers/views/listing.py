"""The list of customers: a page at a time, what narrows it, and its columns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from accounts.services.preferring import prefer
from core import clock
from customers.filters import PREFERENCE, CustomerFilter, chosen_columns, list_url, read_columns, read_listing
from customers.forms.filtering import FilterForm
from customers.forms.listing import ColumnsForm
from customers.services import batching
from customers.services.suggesting.listing import count_suggestions
from jobs.services.following import read_mine


@agent_required
@require_GET
def index(request: AgentRequest) -> HttpResponse:
    if "" in request.GET.values():
        # A form sends what was left empty, too: the address that people copy says only what was chosen.
        return redirect(list_url(CustomerFilter.parse(request.GET).as_query()))
    at = clock.now()
    listing = read_listing(request.GET, request.agent, at=at)
    jobs = read_mine(batches=batching.BATCHES, agent=request.agent, at=at)
    context = {"listing": listing, "jobs": jobs, "duplicates": count_suggestions()}
    return render(request, "customers/list.html", context)


@agent_required
@require_GET
def filter_panel(request: AgentRequest) -> HttpResponse:
    """The filter of a list, to be changed; htmx gets the form alone."""
    chosen = CustomerFilter.parse(request.GET)
    template = "customers/_partials/filter.html" if request.htmx else "customers/filter.html"
    return render(request, template, {"form": FilterForm(chosen), "query": chosen.as_query()})


@agent_required
@require_http_methods(["GET", "POST"])
def columns(request: AgentRequest) -> HttpResponse:
    """Which columns the agent looks at, remembered for them alone."""
    query = CustomerFilter.parse(request.GET).as_query()
    known = read_columns()
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        known=known,
        shown=[column.code for column in chosen_columns(request.agent, known)],
    )
    if form.is_valid():
        prefer(member=request.agent, key=PREFERENCE, value=form.choice())
        messages.success(request, "Saved. Only you see these columns.")
        return redirect(list_url(query))
    template = "customers/_partials/columns.html" if request.htmx else "customers/columns.html"
    return render(request, template, {"form": form, "query": query}, status=422 if form.is_bound else 200)
