"""What a customer bought, as a tab of their page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from core.steady import Place
from customers.access import get_customer
from integrations.services.purchasing import read_orders


@agent_required
@require_GET
def orders(request: AgentRequest, number: int) -> HttpResponse:
    """Orders with their main changes, for every agent: customers are the whole workspace's (D28)."""
    customer = get_customer(request, number)
    found = read_orders(customer=customer, place=Place.parse(request.GET), at=clock.now())
    part = "integrations/_partials/customer_orders.html"
    context = {"customer": customer, "title": "Orders", "part": part, "found": found, "area": "customers"}
    is_part = request.htmx and not request.htmx.boosted
    return render(request, part if is_part else "customers/part.html", context)
