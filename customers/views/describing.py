"""Edit mode: names, marks, language, time zone, location (F7)."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from customers.access import get_customer
from customers.forms import DetailsForm
from customers.http import edit_context
from customers.services.describing import describe_customer, read_details


@agent_required
@require_http_methods(["GET", "POST"])
def edit(request: AgentRequest, number: int) -> HttpResponse:
    customer = get_customer(request, number)
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=asdict(read_details(customer)))
    if not form.is_valid():
        context = edit_context(request, customer, form=form)
        return render(request, "customers/edit.html", context, status=422 if form.is_bound else 200)
    describe_customer(customer=customer, details=form.details(), actor=request.agent.as_actor())
    return redirect(customer)
