"""Mail that became no ticket: with the reason, and a button to accept it (B15)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from channels.access import get_quarantined, visible_quarantine
from channels.services.receiving import accept_mail
from core import clock
from core.paging import read_page

PAGE_SIZE = 50


@agent_required
@require_GET
def quarantine(request: AgentRequest) -> HttpResponse:
    page = read_page(visible_quarantine(request), order=("-id",), cursor=request.GET.get("before"), size=PAGE_SIZE)
    context = {"mails": page.rows, "next_cursor": page.next_cursor}
    return render(request, "channels/quarantine.html", context)


@agent_required
@require_POST
@transaction.non_atomic_requests
def accept(request: AgentRequest, number: int) -> HttpResponse:
    """Work a mail as if a person had sent it, and go to the ticket it became."""
    with transaction.atomic():
        mail = get_quarantined(request, number)
    received = accept_mail(mail=mail, at=clock.now())
    if received.message is None:
        messages.error(request, received.mail.reason)
        return redirect("channels:quarantine")
    with transaction.atomic():
        return redirect(reverse("tickets:show", args=(received.message.ticket.number,)))
