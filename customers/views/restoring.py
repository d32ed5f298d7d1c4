"""Every text the note ever had, and the way back to one (B7)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.paging import read_page
from customers.access import get_customer
from customers.forms.noting import LARGEST_VERSION
from customers.models import Customer
from customers.services import noting, restoring
from customers.services.naming_merged import name_merged
from customers.services.reading import read_note_card

LIST = "customers/_partials/note_versions.html"


@agent_required
@require_GET
def note_versions(request: AgentRequest, number: int) -> HttpResponse:
    """The newest first; as a pop-up to htmx."""
    customer = get_customer(request, number)
    context = _read(request, customer)
    return render(request, LIST if request.htmx else "customers/note_versions.html", context)


@agent_required
@require_POST
def note_restore(request: AgentRequest, number: int, version: int) -> HttpResponse:
    """Back to one of them; the pop-up stays open and shows it as the newest."""
    customer = get_customer(request, number)
    if version > LARGEST_VERSION:
        raise Http404
    try:
        restoring.restore_version(customer=customer, number=version, actor=request.agent.as_actor(), at=clock.now())
    except restoring.VersionMissing as error:
        raise Http404 from error
    messages.success(request, f"Version {version} of the note is restored.")
    if not request.htmx:
        return redirect(customer)
    context = {**_read(request, customer), "note": read_note_card(customer=customer, reader=request.agent)}
    return render(request, "customers/restoring/restored.html", context)


def _read(request: AgentRequest, customer: Customer) -> dict[str, Any]:
    versions = restoring.versions_of(customer=customer)
    page = read_page(versions, order=restoring.order_of(customer), cursor=request.GET.get("before"))
    names = name_merged(customer, (one.note.customer_id for one in page.rows))
    return {
        "customer": customer,
        "current": noting.read_note(customer=customer).version,
        "versions": [(one, names.get(one.note.customer_id, "")) for one in page.rows],
        "next_cursor": page.next_cursor,
        "popup": bool(request.htmx),
    }
