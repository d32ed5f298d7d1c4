"""What edit mode asks while somebody writes an address or legal details; nothing is saved (F26–F30)."""

from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from customers.access import get_customer, get_tab
from customers.forms.address_row import AddressRow
from customers.forms.addressing import AddressesForm
from customers.http import Edit, edit_context, read_edit, read_papers
from customers.models import Customer
from customers.services.earlier import read_earlier
from customers.tabs import ALL


@transaction.non_atomic_requests
@agent_required
@require_POST
def edit_address(request: AgentRequest, number: int) -> HttpResponse:
    """Divide a line, show the fields of a country, suggest values, take one; `act` says which, of which row.

    A map service may be asked, so that no transaction is open meanwhile.
    """
    with transaction.atomic():
        customer = get_customer(request, number)
        if customer.is_deleted:
            return _leave(request, customer)
        forms = None if request.htmx else read_edit(request, customer, request.POST)
        addresses = forms.addresses if forms else read_papers(customer, request.POST)[0]
    try:
        row = _ask(addresses, request.POST.get("act", ""))
    except KeyError:
        return HttpResponseBadRequest("There is no such address.", content_type="text/plain; charset=utf-8")
    context = {"customer": customer, "row": row, "main": addresses.main}
    with transaction.atomic():
        return _page(request, forms) if forms else render(request, "customers/_partials/address_row.html", context)


@agent_required
@require_POST
def edit_legal(request: AgentRequest, number: int) -> HttpResponse:
    """The fields of the country that was typed, and what looks wrong in them."""
    customer = get_customer(request, number)
    if customer.is_deleted:
        return _leave(request, customer)
    if not request.htmx:
        return _page(request, read_edit(request, customer, request.POST))
    _, legal = read_papers(customer, request.POST)
    return render(request, "customers/_partials/edit_legal.html", {"customer": customer, "legal": legal})


def _ask(addresses: AddressesForm, act: str) -> AddressRow:
    """Raises KeyError for what cannot be asked."""
    name, key, column, value = [*act.split(":", 3), "", "", ""][:4]
    match name:
        case "divide":
            return addresses.divide(key)
        case "reshape":
            return addresses.reshape(key)
        case "suggest":
            return addresses.suggest(key, column)
        case "choose":
            return addresses.choose(key, column, value)
    raise KeyError(name)


def _leave(request: AgentRequest, customer: Customer) -> HttpResponse:
    """What is deleted is not edited."""
    if not request.htmx:
        return redirect(customer)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = customer.get_absolute_url()
    return response


def _page(request: AgentRequest, forms: Edit) -> HttpResponse:
    """Edit mode as a page, with all that was typed in it."""
    earlier = read_earlier(customer=forms.customer, reader=request.agent, tab=get_tab(ALL))
    context = {**edit_context(forms, is_refused=False), "page": forms.page, "earlier": earlier}
    return render(request, "customers/edit.html", context)
