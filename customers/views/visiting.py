"""What is known of a customer's visits (F16): the first one and the last sign of them, as a pop-up or a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer
from customers.services.visiting import read_visits


@agent_required
@require_GET
def visit(request: AgentRequest, number: int) -> HttpResponse:
    customer = get_customer(request, number)
    context = {"customer": customer, "visits": read_visits(customer=customer, at=clock.now())}
    return render(request, "customers/_partials/visits.html" if request.htmx else "customers/visits.html", context)
