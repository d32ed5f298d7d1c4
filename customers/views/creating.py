"""New customer, by hand (F98)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.forms.contacting import ContactsForm
from customers.forms.creating import LookalikeForm, NewCustomerForm, new_contacts, usable_contacts
from customers.services.comparing import read_lookalikes
from customers.services.creating import create_customer


@agent_required
@require_http_methods(["GET", "POST"])
def create(request: AgentRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form, contacts = NewCustomerForm(sent), ContactsForm(sent, held=())
    # Both are asked, so that all that is wrong is said at once.
    if not all([form.is_valid(), contacts.is_valid()]):
        context = {"form": form, "contacts_form": contacts}
        return render(request, "customers/new.html", context, status=422 if form.is_bound else 200)
    customer = create_customer(
        actor=request.agent.as_actor(),
        at=clock.now(),
        first_name=form.cleaned_data["first_name"],
        last_name=form.cleaned_data["last_name"],
        contacts=new_contacts(contacts),
        note=form.cleaned_data["note"],
    )
    return redirect(customer)


@agent_required
@require_GET
def lookalikes(request: AgentRequest) -> HttpResponse:
    """Who may be meant already, while somebody types."""
    form = LookalikeForm(request.GET)
    form.is_valid()
    found = read_lookalikes(name=form.name(), contacts=usable_contacts(ContactsForm(request.GET, held=())))
    return render(request, "customers/_partials/lookalikes.html", {"lookalikes": found})
