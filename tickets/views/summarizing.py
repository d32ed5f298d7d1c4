"""What a customer's page says at a glance; customers stand below tickets, so their page asks for it by URL."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer
from tickets.http import show_part
from tickets.services.summarizing import read_totals, read_work


@agent_required
@require_GET
def work(request: AgentRequest, number: int) -> HttpResponse:
    """The block "In work" (F87)."""
    customer = get_customer(request, number)
    found = read_work(customer=customer, reader=request.agent, at=clock.now())
    return show_part(request, customer, "In work", "tickets/_partials/customer_work.html", found)


@agent_required
@require_GET
def totals(request: AgentRequest, number: int) -> HttpResponse:
    """Key indicators, communications and popular categories (F18, F19, F21)."""
    customer = get_customer(request, number)
    found = read_totals(customer=customer, reader=request.agent)
    return show_part(request, customer, "Totals", "tickets/_partials/customer_totals.html", found)
