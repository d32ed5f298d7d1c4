"""Import customers from a file, for admins: choose it, say what its columns are, try it, do it, read the outcome."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from accounts.tenancy import tenant_scope
from core.streaming import PiecewiseResponse
from core.tables.problems import UnreadableTable
from core.tables.writing import write_rows
from customers.access import get_import
from customers.forms.importing import START, FileForm, MappingForm, WritingForm
from customers.models import CustomerImport
from customers.models.customer_import import ImportMatch
from customers.services.importing import reporting, undoing, uploading, working
from customers.services.importing.mapping import read_mapping, targets
from customers.services.importing.presenting import Presented, list_imports, present_import

GONE_ON = "This import runs already, or has ended."


@admin_required
@require_http_methods(["GET", "POST"])
def imports(request: AgentRequest) -> HttpResponse:
    """The imports so far, and a file for the next."""
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            file = form.content()
            taken = uploading.take_file(agent=request.agent, name=form.cleaned_data["file"].name, file=file)
        except UnreadableTable as error:
            form.add_error("file", str(error))
        else:
            return redirect("customers:import", taken.number)
    status = 422 if form.is_bound else 200
    context = {"form": form, "imports": list_imports()}
    return render(request, "customers/imports.html", context, status=status)


@admin_required
@require_GET
def import_page(request: AgentRequest, import_number: int) -> HttpResponse:
    """One import: its columns before, its rows afterwards."""
    taken = get_import(request, import_number)
    page = present_import(taken=taken, after=_line(request, "after"), after_remark=_line(request, "after_remark"))
    return render(request, "customers/import.html", _context(page))


@admin_required
@require_GET
def import_body(request: AgentRequest, import_number: int) -> HttpResponse:
    """The same as a part, fetched at each step."""
    page = present_import(taken=get_import(request, import_number))
    return render(request, "customers/_partials/import.html", _context(page))


@admin_required
@require_POST
def import_work(request: AgentRequest, import_number: int) -> HttpResponse:
    """Try it, or import it, with these columns."""
    taken = get_import(request, import_number)
    page = present_import(taken=taken)
    form = _mapping_form(page, request)
    if not form.is_valid():
        return render(request, "customers/import.html", {**_context(page), "mapping": form}, status=422)
    plan = working.plan_import if form.cleaned_data["act"] == START else working.plan_trial
    try:
        match = ImportMatch(form.cleaned_data["match"])
        taken = uploading.choose(taken=taken, mapping=form.mapping(), match=match, agent=request.agent)
        plan(taken=taken, agent=request.agent)
    except uploading.NotNow:
        messages.info(request, GONE_ON)
    return redirect("customers:import", import_number)


@admin_required
@require_POST
def import_go_on(request: AgentRequest, import_number: int) -> HttpResponse:
    """Take a stopped import up again."""
    try:
        working.plan_import(taken=get_import(request, import_number), agent=request.agent)
    except uploading.NotNow:
        messages.info(request, GONE_ON)
    return redirect("customers:import", import_number)


@admin_required
@require_POST
def import_writing(request: AgentRequest, import_number: int) -> HttpResponse:
    """Read the file in another way."""
    taken, form = get_import(request, import_number), WritingForm(request.POST)
    if form.is_valid():
        try:
            uploading.read_anew(taken=taken, **form.cleaned_data)
        except UnreadableTable as error:
            messages.error(request, str(error))
        except uploading.NotNow:
            messages.info(request, GONE_ON)
    return redirect("customers:import", import_number)


@admin_required
@require_POST
def import_forget(request: AgentRequest, import_number: int) -> HttpResponse:
    """Drop a file that was not imported."""
    try:
        uploading.forget(taken=get_import(request, import_number))
    except uploading.NotNow:
        messages.info(request, GONE_ON)
        return redirect("customers:import", import_number)
    return redirect("customers:imports")


@admin_required
@require_POST
def import_undo(request: AgentRequest, import_number: int) -> HttpResponse:
    """Take it back as a whole."""
    try:
        undoing.plan_undoing(taken=get_import(request, import_number), agent=request.agent)
    except undoing.NotUndoable:
        messages.info(request, "There is nothing to undo any more.")
    except undoing.Touched as touched:
        messages.error(request, f"It cannot be undone: something else happened since to customer {touched}.")
    return redirect("customers:import", import_number)


@admin_required
@require_GET
def import_refused(request: AgentRequest, import_number: int) -> PiecewiseResponse:
    """The refused rows as a table, to be mended and sent again."""
    taken = get_import(request, import_number)
    rows = _refused_rows(request.tenant.pk, taken)
    response = PiecewiseResponse(write_rows(reporting.header_of(taken), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{taken.number}.csv"'
    return response


def _refused_rows(tenant_id: int, taken: CustomerImport) -> Iterator[Sequence[str | int]]:
    """Read after the view has answered: each batch opens the workspace anew, and holds a connection no longer."""
    after = 0
    while True:
        with transaction.atomic(), tenant_scope(tenant_id):
            rows = reporting.read_refused(taken=taken, after=after)
        if not connection.in_atomic_block:
            connection.close()  # back to the pool, for as long as the reader takes
        yield from rows
        if not rows:
            return
        after = int(rows[-1][1])


def _context(page: Presented) -> dict[str, Any]:
    mapping = _mapping_form(page) if page.is_open else None
    writing = WritingForm(initial={"encoding": page.dialect.encoding.name, "delimiter": page.dialect.delimiter})
    return {"page": page, "mapping": mapping, "writing": writing}


def _mapping_form(page: Presented, request: AgentRequest | None = None) -> MappingForm:
    return MappingForm(
        request.POST if request else None,
        columns=page.dialect.columns,
        known=targets(),
        mapping=read_mapping(page.taken.mapping),
        match=page.taken.match,
        samples=page.samples,
    )


def _line(request: AgentRequest, name: str) -> int:
    after = request.GET.get(name, "")
    return int(after) if after.isdecimal() and len(after) < 19 else 0
