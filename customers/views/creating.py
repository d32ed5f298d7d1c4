"""New customer, by hand (F98)."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.forms.contacting import ContactsForm
from customers.forms.creating import LookalikeForm, NewCustomerForm, new_contacts, usable_contacts
from customers.forms.setting_fields import CustomFieldsForm
from customers.services import setting_fields
from customers.services.comparing import read_lookalikes
from customers.services.creating import create_customer


@agent_required
@require_http_methods(["GET", "POST"])
def create(request: AgentRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form, contacts, zone = NewCustomerForm(sent), ContactsForm(sent, held=()), ZoneInfo(request.agent.time_zone)
    fields, defaults = setting_fields.read_required()
    required = CustomFieldsForm(sent, fields=fields, held=defaults, zone=zone)
    # All are asked, so that all that is wrong is said at once.
    if all([form.is_valid(), contacts.is_valid(), required.is_valid()]):
        try:
            customer = create_customer(
                actor=request.agent.as_actor(),
                at=clock.now(),
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                contacts=new_contacts(contacts),
                note=form.cleaned_data["note"],
                typed=required.typed(),
                zone=zone,
            )
        except setting_fields.NotFitting as error:
            required.refuse(error.problems)
        else:
            return redirect(customer)
    context = {"form": form, "contacts_form": contacts, "required": required}
    return render(request, "customers/new.html", context, status=422 if form.is_bound else 200)


@agent_required
@require_GET
def lookalikes(request: AgentRequest) -> HttpResponse:
    """Who may be meant already, while somebody types."""
    form = LookalikeForm(request.GET)
    form.is_valid()
    found = read_lookalikes(name=form.name(), contacts=usable_contacts(ContactsForm(request.GET, held=())))
    return render(request, "customers/_partials/lookalikes.html", {"lookalikes": found})
