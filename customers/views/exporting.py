"""Export the customers of a list, and what was exported."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from accounts.services.preferring import prefer, read_preferences
from core import clock
from customers.access import get_export, get_export_file
from customers.filters import CustomerFilter, chips_of
from customers.filters.export_columns import read_export_columns, usual_columns
from customers.forms.exporting import ExportForm
from customers.services import exporting, listing_exports
from files.http import file_response

PREFERENCE = "customers.export_columns"


@admin_required
@require_http_methods(["GET", "POST"])
def export(request: AgentRequest) -> HttpResponse:
    """Choose the columns; then a worker writes the file."""
    known = read_export_columns()
    chosen = read_preferences(member=request.agent).get(PREFERENCE) or usual_columns(known)
    query = CustomerFilter.parse(request.GET).as_query()
    form = ExportForm(request.POST if request.method == "POST" else None, query=query, known=known, chosen=chosen)
    if form.is_valid():
        columns = form.cleaned_data["columns"]
        prefer(member=request.agent, key=PREFERENCE, value=columns)
        exporting.start_list_export(
            agent=request.agent, query=form.cleaned_data["query"], columns=columns, at=clock.now()
        )
        return redirect("customers:exports")
    shown = CustomerFilter.parse(request.POST.get("query", "") if form.is_bound else request.GET)
    context = {"form": form, "query": shown.as_query(), "chips": chips_of(shown)}
    return render(request, "customers/export.html", context, status=422 if form.is_bound else 200)


@admin_required
@require_GET
def exports(request: AgentRequest) -> HttpResponse:
    """What was exported, by whom, and the files that are still there."""
    read = listing_exports.read_exports(cursor=request.GET.get("before", ""), at=clock.now())
    return render(request, "customers/exports.html", {"read": read})


@admin_required
@require_GET
def export_line(request: AgentRequest, export_number: int) -> HttpResponse:
    """One export as it is now."""
    line = listing_exports.read_line(export=get_export(request, export_number), at=clock.now())
    if not request.htmx:
        return redirect("customers:exports")
    return render(request, "customers/_partials/export.html", {"line": line})


@admin_required
@require_GET
def export_file(request: AgentRequest, export_number: int) -> HttpResponseBase:
    """The file, until it expires; whoever takes it stands in the audit."""
    file = get_export_file(request, export_number, at=clock.now())
    exporting.record_download(export=get_export(request, export_number), agent=request.agent)
    return file_response(file)


@admin_required
@require_POST
def export_drop(request: AgentRequest, export_number: int) -> HttpResponse:
    """Drop the file before its time."""
    exporting.drop_by_hand(export=get_export(request, export_number), agent=request.agent)
    messages.success(request, "The file is gone.")
    return redirect("customers:exports")
