"""The workspace's custom fields of customers, for admins (F8)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from customers.access import custom_fields, get_custom_field
from customers.forms.defining import FieldForm
from customers.kinds import FieldKind, FieldTarget
from customers.services import defining


@admin_required
@require_GET
def fields(request: AgentRequest) -> HttpResponse:
    return render(request, "customers/fields.html", {"fields": custom_fields()})


@admin_required
@require_http_methods(["GET", "POST"])
def new_field(request: AgentRequest) -> HttpResponse:
    form = FieldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _defined(request, form):
        messages.success(request, "The field stands on every customer now.")
        return redirect("customers:fields")
    return render(request, "customers/field.html", {"form": form}, status=422 if form.is_bound else 200)


@admin_required
@require_http_methods(["GET", "POST"])
def field(request: AgentRequest, field_number: int) -> HttpResponse:
    custom = get_custom_field(request, field_number)
    form = FieldForm(request.POST if request.method == "POST" else None, field=custom)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            defining.edit_field(field=custom, draft=form.draft(), actor=request.agent.as_actor())
            if "options" in form.cleaned_data:
                defining.set_options(field=custom, options=form.cleaned_data["options"])
        messages.success(request, "Saved.")
        return redirect("customers:fields")
    context = {"form": form, "field": custom}
    return render(request, "customers/field.html", context, status=422 if form.is_bound else 200)


@admin_required
@require_POST
def switch_field(request: AgentRequest, field_number: int) -> HttpResponse:
    """Off: neither asked for nor shown; what was said is kept. And on again."""
    custom = get_custom_field(request, field_number)
    defining.switch_field(field=custom, is_active=not custom.is_active, actor=request.agent.as_actor())
    return redirect("customers:fields")


@admin_required
@require_POST
def move_field(request: AgentRequest, field_number: int) -> HttpResponse:
    """One place up, or down."""
    by = 1 if request.POST.get("to") == "down" else -1
    defining.move_field(field=get_custom_field(request, field_number), by=by)
    return redirect("customers:fields")


def _defined(request: AgentRequest, form: FieldForm) -> bool:
    given = form.cleaned_data
    try:
        defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=FieldKind(given["kind"]),
            draft=form.draft(),
            options=given["options"],
            actor=request.agent.as_actor(),
        )
    except defining.CodeTaken:
        form.add_error("code", "Another field has this code.")
    except defining.TooMany:
        form.add_error(None, f"A workspace has at most {defining.MOST_FIELDS} fields of customers.")
    else:
        return True
    return False
