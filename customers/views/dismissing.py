"""Not the same person: said, and taken back (B4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import follow_customer
from customers.http import came_from
from customers.models import Customer
from customers.services.suggesting import dismissing

DONE = "customers/dismissing/dismissed.html"


@agent_required
@require_POST
def dismiss(request: AgentRequest, number: int, other_number: int) -> HttpResponse:
    """They are two: nobody suggests them again. The answer takes the suggestion off the page and offers to undo it."""
    customer, other = follow_customer(request, number), follow_customer(request, other_number)
    try:
        pair = dismissing.pair_of(customer, other)
        dismissing.dismiss(pair=pair, why=request.POST.get("why", ""), actor=request.agent.as_actor(), at=clock.now())
    except dismissing.OnePerson:
        messages.info(request, "A colleague merged these two a moment ago.")
    except dismissing.AlreadyDismissed:
        messages.info(request, "A colleague said so a moment ago.")
    else:
        undo = reverse("customers:suggest_again", args=[number, other_number])
        words = f"{customer.display_name} and {other.display_name} are not the same person."
        messages.success(request, words, extra_tags=undo)
    return _answer(request, customer)


@agent_required
@require_POST
def suggest_again(request: AgentRequest, number: int, other_number: int) -> HttpResponse:
    """They may be one after all."""
    customer, other = follow_customer(request, number), follow_customer(request, other_number)
    try:
        pair = dismissing.pair_of(customer, other)
        dismissing.undismiss(pair=pair, actor=request.agent.as_actor(), at=clock.now())
    except dismissing.OnePerson:
        messages.info(request, "A colleague merged these two a moment ago.")
    except dismissing.NotDismissed:
        messages.info(request, "A colleague was first: they may be the same person again.")
    else:
        messages.success(request, f"{customer.display_name} and {other.display_name} may be the same person again.")
    return _answer(request, customer)


def _answer(request: AgentRequest, customer: Customer) -> HttpResponse:
    return respond(request, DONE, {}, otherwise=came_from(request, customer))
