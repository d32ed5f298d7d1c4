"""What custom fields say of an order (F8)."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from customers.access import custom_fields
from customers.forms.setting_fields import CustomFieldsForm
from customers.kinds import FieldTarget
from customers.services.writing_fields import FieldsContested, NotFitting, read_of
from integrations.access import get_order
from integrations.models import Order
from integrations.services import setting_fields

# Where on the page the order stands, when it may stand there twice: a part of ids.
_PLACE = re.compile(r"[a-z]{1,20}")


@agent_required
@require_GET
def fields(request: AgentRequest, order_id: int) -> HttpResponse:
    """What is said, inside the order's fold; `back` puts the focus where the form was opened."""
    order = get_order(request, order_id, _zone(request))
    context = {"order": order, "place": _place(request), "is_back": "back" in request.GET}
    is_part = request.htmx and not request.htmx.boosted
    return render(
        request, "integrations/_partials/order_fields.html" if is_part else "integrations/order.html", context
    )


@agent_required
@require_http_methods(["GET", "POST"])
def set_fields(request: AgentRequest, order_id: int) -> HttpResponse:
    """The fields as a form. What a colleague wrote into the same one meanwhile is shown beside it, never lost."""
    order = get_order(request, order_id, _zone(request))
    is_part = request.htmx and not request.htmx.boosted
    form = _form(request, order)
    if form.is_bound and form.is_valid() and _saved(request, order, form):
        if not is_part:
            messages.success(request, "Saved.")
            return redirect(order.store_customer.customer)
        context = {"order": get_order(request, order_id, _zone(request)), "place": _place(request), "is_back": True}
        return render(request, "integrations/_partials/order_fields.html", context)
    form.take_focus()
    context = {"order": order, "form": form, "place": _place(request)}
    template = "integrations/_partials/order_fields_form.html" if is_part else "integrations/set_fields.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _form(request: AgentRequest, order: Order) -> CustomFieldsForm:
    return CustomFieldsForm(
        request.POST if request.method == "POST" else None,
        fields=list(custom_fields(FieldTarget.ORDER).filter(is_active=True).prefetch_related("options")),
        held=read_of(order),
        zone=_zone(request),
        auto_id=f"order-{order.pk}-{_place(request)}-%s",
    )


def _saved(request: AgentRequest, order: Order, form: CustomFieldsForm) -> bool:
    """Whether it could be saved; else the form says why not."""
    try:
        setting_fields.set_fields(
            order=order,
            typed=form.typed(),
            zone=_zone(request),
            actor=request.agent.as_actor(),
            based_on=form.based_on(),
        )
    except FieldsContested as contested:
        form.contest(contested.theirs)
    except NotFitting as refused:
        form.refuse(refused.problems)
    else:
        return True
    return False


def _zone(request: AgentRequest) -> ZoneInfo:
    return ZoneInfo(request.agent.time_zone)


def _place(request: AgentRequest) -> str:
    wanted = request.GET.get("place", "")
    return wanted if _PLACE.fullmatch(wanted) else ""
