"""The audit of a workspace, for admins."""

from collections.abc import Iterable, Iterator, Sequence

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
    customers = list(find_subjects(CUSTOMER, (wanted.customer_ids or ())[:1]).values())
    context = {
        "page": auditing.read_audit(wanted=wanted, cursor=request.GET.get("page")),
        "chosen": chosen,
        "query": chosen.as_query(),
        "scope": chosen.in_words(),
        "now": clock.now(),
        "groups": AUDIT_GROUPS,
        "people": auditing.read_people(),
        "machines": MACHINES,
        "customer": customers[0] if customers else None,
    }
    return render(request, "events/audit.html", context)


@admin_required
@require_POST
def export_audit(request: AgentRequest) -> HttpResponseBase:
    """All of it that was chosen, as a file; a POST, since the export itself is recorded."""
    chosen = AuditFilter.parse(request.POST)
    auditing.record_export(agent=request.agent, query=chosen.in_words())
    rows = _rows(request.tenant.pk, chosen.wanted(request.agent))
    response = PiecewiseResponse(write_rows(HEAD, rows), content_type="text/csv; charset=utf-8")
    day = timezone.localdate(clock.now())
    response["Content-Disposition"] = f'attachment; filename="audit-{request.tenant.slug}-{day}.csv"'
    return response


def _rows(tenant_id: int, wanted: Wanted) -> Iterator[Sequence[str | int]]:
    """Read after the view has answered: each batch opens the workspace anew, and holds a connection no longer."""
    cursor: str | None = None
    while True:
        with transaction.atomic(), tenant_scope(tenant_id):
            page = auditing.read_batch(wanted=wanted, cursor=cursor)
        if not connection.in_atomic_block:
            connection.close()  # back to the pool, for as long as the reader takes
        yield from map(_row, page.lines)
        cursor = page.next_cursor
        if cursor is None:
            return


def _listed(values: Iterable[tuple[str, str | None]]) -> str:
    """Several in one cell, each on a line of its own behind what it is."""
    return "\n".join(f"{label}: {value}" if label else value for label, value in values if value is not None)


def _row(line: AuditLine) -> Sequence[str | int]:
    event, customer = line.event, line.customer
    return (
        event.created_at.strftime("%Y-%m-%d %H:%M:%S"),
        line.who,
        event.actor_kind,
        line.heading,
        line.said.words,
        _listed((one.label, one.before) for one in line.said.changes),
        _listed((one.label, one.after) for one in line.said.changes),
        line.about.title if line.about else "",
        customer.number if customer else "",
        customer.title if customer else "",
        event.type,
    )
