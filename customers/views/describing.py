"""Edit mode: who somebody is, and what the custom fields hold (F7)."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from customers.access import get_customer
from customers.http import Edit, edit_context, read_edit
from customers.models import Customer
from customers.services import profiling


@agent_required
@require_http_methods(["GET", "POST"])
def edit(request: AgentRequest, number: int) -> HttpResponse:
    """The page as fields. What a colleague wrote into the same field meanwhile is shown beside it, never lost."""
    customer = get_customer(request, number)
    forms = read_edit(request, customer, request.POST if request.method == "POST" else None)
    if forms.is_bound and forms.is_valid() and _saved(request, customer, forms):
        messages.success(request, "Saved.")
        return redirect(customer)
    context = edit_context(request, customer, forms=forms)
    return render(request, "customers/edit.html", context, status=422 if forms.is_bound else 200)


def _saved(request: AgentRequest, customer: Customer, forms: Edit) -> bool:
    """Whether it could be saved; else the forms say why not."""
    details, custom = forms.details, forms.custom
    edited = profiling.Edited(details.details(), details.based_on(), custom.typed(), custom.based_on())
    zone = ZoneInfo(request.agent.time_zone)
    try:
        profiling.save_profile(customer=customer, edited=edited, zone=zone, actor=request.agent.as_actor())
    except profiling.NotSaved as refused:
        if refused.contested:
            details.contest(sorted(refused.contested.names), refused.contested.theirs)
        if refused.fields:
            custom.contest(refused.fields.theirs)
        if refused.not_fitting:
            custom.refuse(refused.not_fitting.problems)
        return False
    return True
