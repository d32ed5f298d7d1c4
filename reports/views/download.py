"""The tables of a report as files for a spreadsheet."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from core.tables.writing import write_rows
from reports import tables
from reports.filters import ReportFilter
from reports.services.reading import read_report


@agent_required
@require_GET
def download(request: AgentRequest, table: str) -> HttpResponse:
    """One of the tables. Times are in seconds, so that they can be reckoned with."""
    scope = ReportFilter.parse(request.GET).scope(request.agent, at=clock.now())
    rows = tables.rows_of(read_report(scope), table)
    response = HttpResponse(b"".join(write_rows(tables.HEAD, rows)), content_type="text/csv; charset=utf-8")
    name = f"{table}-{scope.period.first}-{scope.period.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
