"""Add and remove e-mail addresses, phones and handles, and say which is the main one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from customers.access import get_contact, get_customer
from customers.forms.contacting import ContactForm, TagForm
from customers.http import edit_context
from customers.models import Customer
from customers.services import contacting


@agent_required
@require_POST
def contact_add(request: AgentRequest, number: int) -> HttpResponse:
    customer = get_customer(request, number)
    form = ContactForm(request.POST)
    if form.is_valid() and _add(request, customer, form):
        return redirect("customers:edit", number)
    return render(request, "customers/edit.html", edit_context(request, customer, contact_form=form), status=422)


def _add(request: AgentRequest, customer: Customer, form: ContactForm) -> bool:
    """Whether it could be added; else the form says why not."""
    values = form.cleaned_data
    try:
        contacting.add_contact(
            customer=customer,
            kind=values["kind"],
            typed=values["value"],
            tag=values["tag"],
            actor=request.agent.as_actor(),
        )
    except contacting.AlreadyHeld:
        form.add_error("value", f"{customer.display_name} has this already.")
        return False
    return True


@agent_required
@require_POST
def contact_remove(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    try:
        contacting.remove_contact(line=get_contact(request, number, contact_id), actor=request.agent.as_actor())
    except contacting.NotHeld:
        messages.info(request, "A colleague removed it a moment ago.")
    return redirect("customers:edit", number)


@agent_required
@require_POST
def contact_primary(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    contacting.make_primary(line=get_contact(request, number, contact_id), actor=request.agent.as_actor())
    return redirect("customers:edit", number)


@agent_required
@require_POST
def contact_tag(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    line = get_contact(request, number, contact_id)
    form = TagForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Choose one of the tags.", content_type="text/plain")
    contacting.tag_contact(line=line, tag=form.cleaned_data["tag"], actor=request.agent.as_actor())
    return redirect("customers:edit", number)


@agent_required
@require_POST
def contact_share(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """Several people write from it: it shall identify nobody."""
    line = get_contact(request, number, contact_id)
    contacting.mark_shared(contact=line.contact, actor=request.agent.as_actor())
    return redirect("customers:edit", number)


@agent_required
@require_POST
def contact_unshare(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    line = get_contact(request, number, contact_id)
    contacting.mark_personal(contact=line.contact, actor=request.agent.as_actor())
    return redirect("customers:edit", number)
