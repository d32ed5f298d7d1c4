"""All that changed on a profile, newest first (F81)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from customers.access import get_customer
from customers.changes import Narrowing
from customers.services import recalling


@agent_required
@require_GET
def history(request: AgentRequest, number: int) -> HttpResponse:
    """Who or what changed which value, when, from what to what; narrowed to one field or one author."""
    customer = get_customer(request, number)
    narrowing = Narrowing(field=request.GET.get("field", ""), who=request.GET.get("who", ""))
    told = recalling.read_history(customer=customer, narrowing=narrowing, before=request.GET.get("before", ""))
    older = {"field": narrowing.field, "who": narrowing.who, "before": told.cursor}
    context = {
        "customer": customer,
        "changes": told.changes,
        "older": urlencode(older) if told.cursor else "",
        "chosen": narrowing,
        "fields": sorted(told.fields.items(), key=lambda one: one[1]),
        "authors": told.authors,
    }
    return render(request, "customers/history.html", context)
