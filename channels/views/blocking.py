"""Blocked senders: the list, and the buttons that block and let in again (F123)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from channels.access import blocked_senders, get_blocked, get_quarantined, quarantine_context
from channels.forms.blocking import BlockForm
from channels.models import BlockedSender
from channels.services import blocking
from core.contacts import NotAnAddress
from core.htmx import respond
from core.paging import read_page
from tickets.access import get_message

PAGE_SIZE = 50
OURS = "This is an address of yours: blocking it would silence yourselves."


@agent_required
@require_GET
def blocked(request: AgentRequest) -> HttpResponse:
    return _page(request, BlockForm())


@agent_required
@require_POST
def block(request: AgentRequest) -> HttpResponse:
    """Block the address that was typed."""
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            row = blocking.block_sender(address=form.cleaned_data["address"], agent=request.agent)
        except NotAnAddress:
            form.add_error("address", "Write an e-mail address, or @ and a domain.")
        except blocking.OneOfUs:
            form.add_error("address", OURS)
        else:
            _tell(request, row)
            return redirect("channels:blocked")
    return _page(request, form, status=422)


@agent_required
@require_POST
def block_author(request: AgentRequest, ticket_number: int, position: int) -> HttpResponse:
    """Block whoever sent a message of a ticket."""
    message = get_message(request, ticket_number, position)
    if not message.is_inbound:
        raise Http404
    _block(request, message.author_address)
    return respond(request, "channels/blocking/told.html", {}, otherwise=message.ticket)


@agent_required
@require_POST
def block_sender(request: AgentRequest, number: int) -> HttpResponse:
    """Block who sent a mail in quarantine; all that waits there from them leaves it."""
    _block(request, get_quarantined(request, number).sender)
    return respond(
        request,
        "channels/blocking/cleared.html",
        quarantine_context(request),
        otherwise=reverse("channels:quarantine"),
    )


@agent_required
@require_POST
def unblock(request: AgentRequest, block_number: int) -> HttpResponse:
    row = get_blocked(request, block_number)
    blocking.unblock_sender(blocked=row, agent=request.agent)
    messages.success(request, f"{row.address} is no longer blocked. What came meanwhile waits in quarantine.")
    return respond(request, "channels/blocking/told.html", {}, otherwise=reverse("channels:blocked"))


def _block(request: AgentRequest, address: str) -> None:
    try:
        _tell(request, blocking.block_sender(address=address, agent=request.agent))
    except NotAnAddress:
        messages.error(request, "This mail names no sender that could be blocked.")
    except blocking.OneOfUs:
        messages.error(request, OURS)


def _tell(request: AgentRequest, row: BlockedSender) -> None:
    undo = reverse("channels:unblock", args=(row.number,))
    messages.success(request, f"{row.address} is blocked. Their mail is kept, but no longer worked.", extra_tags=undo)


def _page(request: AgentRequest, form: BlockForm, *, status: int = 200) -> HttpResponse:
    page = read_page(blocked_senders(), order=("-id",), cursor=request.GET.get("before"), size=PAGE_SIZE)
    context = {"form": form, "senders": page.rows, "next_cursor": page.next_cursor}
    return render(request, "channels/blocked.html", context, status=status)
