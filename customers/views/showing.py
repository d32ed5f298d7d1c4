"""The customer's own page (S4)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer, get_tab
from customers.services.earlier import read_earlier
from customers.services.presenting import present_customer
from customers.tabs import ALL


@agent_required
@require_GET
def show(request: AgentRequest, number: int) -> HttpResponse:
    """The page; to htmx, its live part. `tab` says which one of "Earlier" is open."""
    customer = get_customer(request, number)
    page = present_customer(customer=customer, reader=request.agent, at=clock.now())
    if request.htmx and not request.htmx.boosted:
        return render(request, "customers/_partials/profile.html", {"page": page})
    tab = get_tab(request.GET.get("tab", ALL))
    earlier = read_earlier(customer=page.customer, reader=request.agent, tab=tab)
    return render(request, "customers/show.html", {"page": page, "earlier": earlier})
