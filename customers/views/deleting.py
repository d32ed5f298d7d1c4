"""Delete a customer after asking once more, and bring a deleted one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer
from customers.services import deleting


@agent_required
@require_http_methods(["GET", "POST"])
def delete(request: AgentRequest, number: int) -> HttpResponse:
    """What is lost and what stays, and the button; then the page of the deleted customer, which brings them back."""
    customer = get_customer(request, number)
    if request.method == "POST":
        try:
            deleting.delete_customer(customer=customer, actor=request.agent.as_actor(), at=clock.now())
        except deleting.AlreadyDeleted:
            messages.info(request, "A colleague was first: this customer is deleted.")
        return redirect(customer)
    if customer.is_deleted:
        return redirect(customer)
    template = "customers/deleting/asked.html" if request.htmx else "customers/delete.html"
    return render(request, template, {"customer": customer})


@agent_required
@require_POST
def restore(request: AgentRequest, number: int) -> HttpResponse:
    customer = get_customer(request, number)
    try:
        deleting.restore_customer(customer=customer, actor=request.agent.as_actor())
        messages.success(request, f"{customer.display_name} is back, with the addresses and numbers of before.")
    except deleting.NotDeleted:
        messages.info(request, "A colleague was first: this customer is back.")
    return redirect(customer)
