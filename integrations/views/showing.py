"""The stores of a workspace, and one of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, admin_required
from integrations.access import get_connection, list_connections
from integrations.services import aligning, reading


@admin_required
@require_GET
def list_stores(request: AgentRequest) -> HttpResponse:
    connections = [reading.show_connection(connection) for connection in list_connections(request)]
    return render(request, "integrations/list.html", {"connections": connections})


@admin_required
@require_GET
def show(request: AgentRequest, number: int) -> HttpResponse:
    """The page; to htmx, which asks when something has changed, its changing part alone."""
    connection = get_connection(request, number)
    context = {
        "connection": reading.show_connection(connection),
        "counts": reading.read_counts(connection=connection),
        "preview": None if connection.syncs_notes else aligning.preview_alignment(connection=connection),
        "differences": aligning.list_differences(connection=connection) if connection.syncs_notes else [],
        "may_change": True,
    }
    is_part = request.htmx and not request.htmx.boosted
    return render(request, "integrations/_partials/connection.html" if is_part else "integrations/show.html", context)
