"""Blocked senders: the list, and the two buttons (F123)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from channels.access import blocked_senders, get_blocked
from channels.forms import BlockForm
from channels.services import blocking
from core.contacts import NotAnAddress
from core.paging import read_page

PAGE_SIZE = 50


@agent_required
@require_GET
def blocked(request: AgentRequest) -> HttpResponse:
    return _page(request, BlockForm())


@agent_required
@require_POST
def block(request: AgentRequest) -> HttpResponse:
    """Block the address that was typed, or that a mail came from."""
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            address = form.cleaned_data["address"]
            row = blocking.block_sender(address=address, agent=request.agent)
        except NotAnAddress:
            form.add_error("address", "Write an e-mail address, or @ and a domain.")
        except blocking.OneOfUs:
            form.add_error("address", "This is an address of yours: blocking it would silence yourselves.")
        else:
            messages.success(request, f"{row.address} is blocked. Their mail is kept, but no longer worked.")
            return redirect("channels:blocked")
    return _page(request, form, status=422)


@agent_required
@require_POST
def unblock(request: AgentRequest, block_number: int) -> HttpResponse:
    row = get_blocked(request, block_number)
    blocking.unblock_sender(blocked=row, agent=request.agent)
    messages.success(request, f"{row.address} is no longer blocked.")
    return redirect("channels:blocked")


def _page(request: AgentRequest, form: BlockForm, *, status: int = 200) -> HttpResponse:
    page = read_page(blocked_senders(), order=("-id",), cursor=request.GET.get("before"), size=PAGE_SIZE)
    context = {"form": form, "senders": page.rows, "next_cursor": page.next_cursor}
    return render(request, "channels/blocked.html", context, status=status)
