"""The audit of a workspace, for admins."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, admin_required
from accounts.tenancy import tenant_scope
from core import clock
from core.streaming import PiecewiseResponse
from core.tables.writing import write_rows
from events.filters import MACHINES, AuditFilter
from events.kinds import AUDIT_GROUPS
from events.links import find_subjects
from events.services import auditing
from events.services.auditing import CUSTOMER, AuditLine, Wanted

HEAD = ("When (UTC)", "Who", "Kind", "Heading", "What", "Before", "After", "About", "Customer", "Customer name", "Type")


@admin_required
@require_GET
def audit(request: AgentRequest) -> HttpResponse:
    """One page of it, newest first."""
    chosen = AuditFilter.parse(request.GET)
    wanted = chosen.wanted(request.agent)
    customers = find_subjects(CUSTOMER, [wanted.customer_id]) if wanted.customer_id else {}
    context = {
        "page": auditing.read_audit(wanted=wanted, cursor=request.GET.get("page")),
        "chosen": chosen,
        "query": chosen.as_query(),
        "groups": AUDIT_GROUPS,
        "people": auditing.read_people(),
        "machines": MACHINES,
        "customer": customers.get(wanted.customer_id or 0),
    }
    return render(request, "events/audit.html", context)


@admin_required
@require_POST
def export_audit(request: AgentRequest) -> HttpResponseBase:
    """All of it that was chosen, as a file; a POST, since the export itself is recorded."""
    chosen = AuditFilter.parse(request.POST)
    auditing.record_export(agent=request.agent, query=chosen.as_query())
    rows = _rows(request.tenant.pk, chosen.wanted(request.agent))
    response = PiecewiseResponse(write_rows(HEAD, rows), content_type="text/csv; charset=utf-8")
    day = timezone.localdate(clock.now())
    response["Content-Disposition"] = f'attachment; filename="audit-{request.tenant.slug}-{day}.csv"'
    return response


def _rows(tenant_id: int, wanted: Wanted) -> Iterator[Sequence[str | int]]:
    """Read after the view has answered: each batch opens the workspace anew, and holds a connection no longer."""
    before: int | None = None
    read = partial(auditing.read_batch, wanted=wanted)
    while True:
        with transaction.atomic(), tenant_scope(tenant_id):
            lines = read(before=before)
        if not connection.in_atomic_block:
            connection.close()  # back to the pool, for as long as the reader takes
        yield from map(_row, lines)
        if len(lines) < auditing.BATCH:
            return
        before = lines[-1].event.pk


def _row(line: AuditLine) -> Sequence[str | int]:
    event, customer = line.event, line.customer
    return (
        event.created_at.strftime("%Y-%m-%d %H:%M:%S"),
        line.who,
        event.actor_kind,
        line.heading,
        line.said.words,
        line.said.before or "",
        line.said.after or "",
        line.about.title if line.about else "",
        customer.number if customer else "",
        customer.title if customer else "",
        event.type,
    )
