"""One e-mail address, phone or handle: who else holds it, taking it off, and what is said of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import get_contact
from customers.http import came_from
from customers.models import CustomerContact
from customers.services import contacting
from customers.services.merging.permitting import may_merge
from customers.services.reading_contacts import read_line
from customers.services.sharing import read_holders


@agent_required
@require_GET
def contact_holders(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """Who holds it (F24): a pop-up, or a page of its own."""
    line = get_contact(request, number, contact_id)
    is_part = request.htmx and not request.htmx.boosted
    template = "customers/_partials/holders.html" if is_part else "customers/holders.html"
    return render(request, template, _context(request, line))


@agent_required
@require_POST
def contact_remove(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """Take it off this customer; whoever else holds it is found by it at once (F99)."""
    line = get_contact(request, number, contact_id)
    try:
        contacting.remove_contact(line=line, actor=request.agent.as_actor())
    except contacting.NotHeld:
        messages.info(request, "A colleague removed it a moment ago.")
    context = _context(request, line)
    page, own = came_from(request, line.customer), reverse("customers:contact_holders", args=[number, contact_id])
    # The page of a line that is no more answers nothing.
    otherwise = line.customer.get_absolute_url() if page == own else page
    return respond(request, "customers/contacting/holders.html", context, otherwise=otherwise)


@agent_required
@require_POST
def contact_share(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """Several people write from it: it shall identify nobody."""
    line = get_contact(request, number, contact_id)
    contacting.mark_shared(contact=line.contact, actor=request.agent.as_actor())
    return _holders(request, line)


@agent_required
@require_POST
def contact_unshare(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """One person writes from it: it may identify again."""
    line = get_contact(request, number, contact_id)
    contacting.mark_personal(contact=line.contact, actor=request.agent.as_actor())
    return _holders(request, line)


@agent_required
@require_POST
def contact_verify(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """An agent knows that it is theirs: from now on messages from it are, too (B10)."""
    line = get_contact(request, number, contact_id)
    contacting.verify_contact(line=line, actor=request.agent.as_actor(), at=clock.now())
    return _holders(request, line)


@agent_required
@require_POST
def contact_works(request: AgentRequest, number: int, contact_id: int) -> HttpResponse:
    """Mail reaches it again: the bounced mark goes."""
    line = get_contact(request, number, contact_id)
    contacting.mark_deliverable(contact=line.contact, actor=request.agent.as_actor())
    line.contact.refresh_from_db()
    context = {"contact": read_line(line), "customer": line.customer}
    return respond(request, "customers/contacting/works.html", context, otherwise=came_from(request, line.customer))


def _holders(request: AgentRequest, line: CustomerContact) -> HttpResponse:
    line.contact.refresh_from_db()
    otherwise = came_from(request, line.customer)
    return respond(request, "customers/contacting/holders.html", _context(request, line), otherwise=otherwise)


def _context(request: AgentRequest, line: CustomerContact) -> dict[str, Any]:
    return {"customer": line.customer, "held": read_holders(line=line), "can_merge": may_merge(request.agent)}
