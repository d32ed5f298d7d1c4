"""The mailbox an inbox fetches from, for admins."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from channels.access import get_inbox
from channels.base import GiveUp, TryAgain
from channels.forms.mailboxes import MailboxForm
from channels.services import connecting


@admin_required
@require_http_methods(["GET", "POST"])
@transaction.non_atomic_requests
def mailbox(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """What is connected, and the form to change it. It is opened once before it is saved."""
    with transaction.atomic():
        inbox = get_inbox(request, inbox_number)
        account = connecting.find_mailbox(inbox=inbox)
    form = MailboxForm(account, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            connecting.check_mailbox(inbox=inbox, login=form.login())
        except (GiveUp, TryAgain) as trouble:
            form.add_error(None, str(trouble))
        else:
            with transaction.atomic():
                connecting.connect_mailbox(inbox=inbox, login=form.login(), actor=request.agent.as_actor())
            messages.success(request, "Connected. New mail is fetched every minute.")
            return redirect("channels:mailbox", inbox_number)
    context = {"inbox": inbox, "account": account, "form": form}
    with transaction.atomic():
        return render(request, "channels/mailbox.html", context, status=422 if form.is_bound else 200)


@admin_required
@require_POST
def disconnect(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Stop fetching."""
    account = connecting.find_mailbox(inbox=get_inbox(request, inbox_number))
    if account is not None:
        connecting.disconnect_mailbox(account=account, actor=request.agent.as_actor())
        messages.success(request, "Disconnected. The mails fetched before stay.")
    return redirect("channels:mailbox", inbox_number)
