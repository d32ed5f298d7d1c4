"""The gear of the customer's page: which custom fields the member sees there."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import get_customer
from customers.services.choosing_fields import choose_fields
from customers.services.presenting import present_customer


@agent_required
@require_POST
def choose(request: AgentRequest, number: int) -> HttpResponse:
    """On every customer's page from now on; what is put away is not lost, what there is no more is passed over."""
    customer = get_customer(request, number)
    choose_fields(member=request.agent, shown=frozenset(request.POST.getlist("shown")))
    page = present_customer(customer=customer, reader=request.agent, at=clock.now())
    return respond(request, "customers/choosing_fields/chosen.html", {"page": page}, otherwise=customer)
