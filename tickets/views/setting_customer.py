"""Say whose ticket it is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from customers.services.merging.permitting import may_merge
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.setting_customer import NOBODY, CustomerForm
from tickets.models import Ticket
from tickets.services import setting_customer
from tickets.services.searching import find_people


@agent_required
@require_http_methods(["GET", "POST"])
def set_customer(request: AgentRequest, number: int) -> HttpResponse:
    """Look for a customer and choose, or say that it is nobody's."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    # Undoing posts without a body: the address says whose it was.
    form = CustomerForm(request.POST if "customer" in request.POST else request.GET)
    if request.method == "GET":
        return _choose(request, ticket)
    if not form.is_valid():
        messages.error(request, "This customer is not there any more. Choose another.")
        return _choose(request, ticket)
    former, chosen = ticket.customer, form.cleaned_data["customer"]
    if chosen == former:
        return redirect(ticket)
    setting_customer.set_customer(ticket=ticket, customer=chosen, actor=request.agent.as_actor())
    before = former.number if former else NOBODY
    undo = f"{reverse('tickets:set_customer', args=[ticket.number])}?customer={before}"
    words = f"This ticket is {chosen.display_name}'s." if chosen else "This ticket is nobody's."
    messages.success(request, words, extra_tags=undo)
    return redirect(ticket)


def _choose(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    people = [one.customer for one in find_people(words=words)] if words else None
    found = setting_customer.suggest_customers(ticket=ticket) if people is None else people
    context = {
        "ticket": ticket,
        "words": words,
        "found": found,
        "post_to": reverse("tickets:set_customer", args=[ticket.number]),
        "hidden": [],
        "can_merge": may_merge(request.agent),
    }
    template = "tickets/_partials/customer_choices.html" if request.htmx else "tickets/set_customer.html"
    return render(request, template, context)
