"""The worklist of possible duplicates, and the list of those who were said to be two (B21, B4)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, admin_required, agent_required
from core import clock
from customers.services.merging.permitting import may_merge
from customers.services.suggesting import working
from customers.services.suggesting.listing import read_dismissed, read_worklist


@agent_required
@require_GET
def duplicates(request: AgentRequest) -> HttpResponse:
    """The page; to htmx, its live part."""
    cursor = request.GET.get("before")
    work = read_worklist(cursor=cursor, at=clock.now())
    is_part = request.htmx and not request.htmx.boosted
    template = "customers/_partials/duplicates.html" if is_part else "customers/duplicates.html"
    context = {"work": work, "place": request.get_full_path(), "can_merge": may_merge(request.agent)}
    context["can_compare"] = request.agent.is_admin
    return render(request, template, context)


@admin_required
@require_POST
def compare(request: AgentRequest) -> HttpResponse:
    """A worker compares all customers; the page says how far it is."""
    working.start(member=request.agent)
    return redirect("customers:duplicates")


@agent_required
@require_GET
def dismissed(request: AgentRequest) -> HttpResponse:
    """Who was said not to be the same person, by whom and why."""
    said = read_dismissed(cursor=request.GET.get("before"), at=clock.now())
    is_part = request.htmx and not request.htmx.boosted
    template = "customers/_partials/dismissed.html" if is_part else "customers/dismissed.html"
    return render(request, template, {"said": said})
