"""Erase a customer, after saying what goes and what stays."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, admin_required
from core import clock
from customers.access import find_customer
from customers.forms.erasing import EraseForm
from customers.services import erasing


@admin_required
@require_http_methods(["GET", "POST"])
def erase(request: AgentRequest, number: int) -> HttpResponse:
    """What cannot be undone is asked with the customer's number to be written."""
    customer = find_customer(number)
    if customer.is_erased:
        return redirect(customer)
    form = EraseForm(request.POST if request.method == "POST" else None, number=number)
    if form.is_valid():
        try:
            erasing.plan_erasure(customer=customer, actor=request.agent.as_actor(), at=clock.now())
            messages.success(request, "The customer is being erased. The audit says when it is done.")
        except erasing.AlreadyErased:
            messages.info(request, "A colleague was first: this customer is erased.")
        return redirect("customers:list")
    context = {"customer": customer, "form": form}
    return render(request, "customers/erase.html", context, status=422 if form.is_bound else 200)
