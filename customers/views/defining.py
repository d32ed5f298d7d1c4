"""The workspace's custom fields of customers, orders and tickets, for admins (F8)."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from customers.access import custom_fields, get_custom_field
from customers.forms.defining import FieldForm, OptionsForm, in_order
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField
from customers.services import defining

# Said once a field is made, by what it is of.
STANDS = {
    FieldTarget.CUSTOMER: "The field stands on every customer now.",
    FieldTarget.ORDER: "The field stands on every order now.",
    FieldTarget.TICKET: "The field stands on every ticket now.",
}


@admin_required
@require_GET
def fields(request: AgentRequest) -> HttpResponse:
    target = _target(request)
    context = {"fields": custom_fields(target), "target": target, "targets": FieldTarget.choices}
    return render(request, "customers/fields.html", context)


@admin_required
@require_http_methods(["GET", "POST"])
def new_field(request: AgentRequest) -> HttpResponse:
    target = _target(request)
    form = FieldForm(request.POST if request.method == "POST" else None, zone=_zone(request))
    if form.is_bound and form.is_valid() and _defined(request, form, target):
        messages.success(request, STANDS[target])
        return _to_fields(target)
    context = {"form": form, "target": target}
    return render(request, "customers/field.html", context, status=422 if form.is_bound else 200)


@admin_required
@require_http_methods(["GET", "POST"])
def field(request: AgentRequest, field_number: int) -> HttpResponse:
    custom = get_custom_field(request, field_number)
    form = FieldForm(request.POST if request.method == "POST" else None, field=custom, zone=_zone(request))
    if form.is_bound and form.is_valid():
        defining.edit_field(field=custom, draft=form.draft(), actor=request.agent.as_actor())
        messages.success(request, "Saved.")
        return _to_fields(custom.target)
    return render(request, "customers/field.html", _page(custom, form), status=422 if form.is_bound else 200)


@admin_required
@require_POST
def field_options(request: AgentRequest, field_number: int) -> HttpResponse:
    """The choices of a list as they are to be: renamed, moved, switched off and on, one more."""
    custom = get_custom_field(request, field_number)
    form = OptionsForm(request.POST, custom)
    if not form.is_valid():
        context = _page(custom, FieldForm(field=custom, zone=_zone(request)), problem=form.problem)
        return render(request, "customers/field.html", context, status=422)
    defining.edit_options(field=custom, options=form.drafts(), actor=request.agent.as_actor())
    messages.success(request, "Saved.")
    return HttpResponseRedirect(f"{reverse('customers:field', args=[custom.number])}#choices")


@admin_required
@require_POST
def switch_field(request: AgentRequest, field_number: int) -> HttpResponse:
    """Off: neither asked for nor shown; what was said is kept. And on again."""
    custom = get_custom_field(request, field_number)
    defining.switch_field(field=custom, is_active=not custom.is_active, actor=request.agent.as_actor())
    return _to_fields(custom.target)


@admin_required
@require_POST
def move_field(request: AgentRequest, field_number: int) -> HttpResponse:
    """One place up, or down."""
    by = 1 if request.POST.get("to") == "down" else -1
    custom = get_custom_field(request, field_number)
    defining.move_field(field=custom, by=by, actor=request.agent.as_actor())
    return _to_fields(custom.target)


def _target(request: AgentRequest) -> FieldTarget:
    """Whose fields are meant; customers' when nothing else is said."""
    wanted = request.GET.get("of", "")
    return FieldTarget(wanted) if wanted in FieldTarget.values else FieldTarget.CUSTOMER


def _zone(request: AgentRequest) -> ZoneInfo:
    return ZoneInfo(request.agent.time_zone)


def _to_fields(target: str) -> HttpResponse:
    return redirect(f"{reverse('customers:fields')}?{urlencode({'of': target})}")


def _page(custom: CustomField, form: FieldForm, problem: str = "") -> dict[str, object]:
    options = in_order(custom.options.all()) if FieldKind(custom.kind).has_options else None
    return {"form": form, "field": custom, "target": custom.target, "options": options, "problem": problem}


def _defined(request: AgentRequest, form: FieldForm, target: FieldTarget) -> bool:
    given = form.cleaned_data
    try:
        defining.define_field(
            target=target,
            kind=FieldKind(given["kind"]),
            draft=form.draft(),
            options=given["options"],
            actor=request.agent.as_actor(),
        )
    except defining.CodeTaken:
        form.add_error("code", "Another field has this code.")
    except defining.TooMany:
        form.add_error(None, f"There are {defining.MOST_FIELDS} fields of {target.label.lower()} already.")
    else:
        return True
    return False
