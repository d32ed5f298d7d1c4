"""Every text the note ever had, and the way back to one (B7)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.paging import read_page
from customers.access import get_customer
from customers.forms.noting import LARGEST_VERSION
from customers.services import noting, restoring


@agent_required
@require_GET
def note_versions(request: AgentRequest, number: int) -> HttpResponse:
    customer = get_customer(request, number)
    versions = restoring.versions_of(customer=customer)
    page = read_page(versions, order=("-number",), cursor=request.GET.get("before"))
    context = {
        "customer": customer,
        "current": noting.read_note(customer=customer).version,
        "versions": page.rows,
        "next_cursor": page.next_cursor,
    }
    return render(request, "customers/note_versions.html", context)


@agent_required
@require_POST
def note_restore(request: AgentRequest, number: int, version: int) -> HttpResponse:
    customer = get_customer(request, number)
    if version > LARGEST_VERSION:
        raise Http404
    try:
        restoring.restore_version(customer=customer, number=version, actor=request.agent.as_actor(), at=clock.now())
    except restoring.VersionMissing as error:
        raise Http404 from error
    messages.success(request, f"Version {version} of the note is restored.")
    return redirect(customer)
