"""The page of reports."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from reports import drawing
from reports.filters import CHOICES, ReportFilter
from reports.services.reading import read_choices, read_report


@agent_required
@require_GET
def overview(request: AgentRequest) -> HttpResponse:
    """Tiles, charts and tables of a period."""
    return render(request, "reports/overview.html", _context(request))


def _context(request: AgentRequest) -> dict[str, Any]:
    chosen = ReportFilter.parse(request.GET)
    scope = chosen.scope(request.agent, at=clock.now())
    report = read_report(scope)
    agents, inboxes = read_choices(request.agent)
    return {
        "report": report,
        "charts": drawing.draw(report),
        "chosen": chosen,
        "scope": scope,
        "choices": [(days, chosen.of_days(days)) for days in CHOICES],
        "agents": agents,
        "inboxes": inboxes,
    }
