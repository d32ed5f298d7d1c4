"""Mail that became no ticket: with the reason, what it says, and a button to accept it (B15)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from channels.access import get_quarantined, quarantine_context
from channels.services.previewing import preview_mail
from channels.services.receiving import accept_mail
from core import clock
from core.htmx import respond
from files.http import file_response


@agent_required
@require_GET
def quarantine(request: AgentRequest) -> HttpResponse:
    return render(request, "channels/quarantine.html", quarantine_context(request))


@agent_required
@require_GET
@transaction.non_atomic_requests
def parked(request: AgentRequest, number: int) -> HttpResponse:
    """What one mail says: below its row for htmx, else a page."""
    with transaction.atomic():
        mail = get_quarantined(request, number)
    context = {"mail": mail, "preview": preview_mail(mail=mail)}
    return render(request, "channels/_partials/parked.html" if request.htmx else "channels/parked.html", context)


@agent_required
@require_GET
def parked_original(request: AgentRequest, number: int) -> HttpResponseBase:
    """The mail, byte for byte as it came."""
    response = file_response(get_quarantined(request, number).file)
    response["Content-Disposition"] = content_disposition_header(True, f"mail-{number}.eml")
    return response


@agent_required
@require_POST
@transaction.non_atomic_requests
def accept(request: AgentRequest, number: int) -> HttpResponse:
    """Work a mail as if a person had sent it. A plain form goes to the ticket it became, scripts stay with the list."""
    with transaction.atomic():
        mail = get_quarantined(request, number)
    received = accept_mail(mail=mail, at=clock.now(), actor=request.agent.as_actor())
    otherwise = reverse("channels:quarantine")
    with transaction.atomic():
        if received.message is None:
            messages.error(request, received.mail.reason)
        else:
            ticket = received.message.ticket
            otherwise = ticket.get_absolute_url()
            if request.htmx:
                messages.success(request, f"Accepted: it is on ticket #{ticket.number} now.")
        return respond(request, "channels/accepting/accepted.html", quarantine_context(request), otherwise=otherwise)
