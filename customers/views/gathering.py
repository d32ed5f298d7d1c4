"""Export everything about one customer, after saying what that is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, admin_required
from core import clock
from customers.access import find_customer
from customers.services import gathering


@admin_required
@require_http_methods(["GET", "POST"])
def gather(request: AgentRequest, number: int) -> HttpResponse:
    """What the file will hold, and the button; then a worker writes it."""
    customer = find_customer(number)
    if request.method == "POST":
        try:
            gathering.start_person_export(agent=request.agent, customer=customer, at=clock.now())
        except gathering.Erased:
            messages.info(request, "This customer was erased: there is nothing to export.")
            return redirect(customer)
        return redirect("customers:exports")
    return render(request, "customers/gather.html", {"customer": customer})
