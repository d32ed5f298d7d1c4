"""The customer's own page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer
from customers.services.reading import read_profile


@agent_required
@require_GET
def show(request: AgentRequest, number: int) -> HttpResponse:
    """The page; to htmx, its live part."""
    profile = read_profile(customer=get_customer(request, number), at=clock.now(), reader=request.agent)
    template = "customers/_partials/profile.html" if _is_refresh(request) else "customers/show.html"
    return render(request, template, {"card": profile})


def _is_refresh(request: AgentRequest) -> bool:
    return bool(request.htmx) and not request.htmx.boosted
