"""The workspace's inboxes, for admins."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, admin_required
from accounts.services.routing import RouteTaken
from tickets.access import get_inbox
from tickets.forms.inboxes import InboxForm
from tickets.models import Inbox
from tickets.services import permitting
from tickets.services.configuring_inbox import edit_inbox
from tickets.services.creating_inbox import create_inbox

TAKEN = "This address is taken: an inbox, here or in another workspace, answers at it already."


@admin_required
@require_GET
def inboxes(request: AgentRequest) -> HttpResponse:
    return render(request, "tickets/inboxes.html", {"inboxes": permitting.list_inboxes()})


@admin_required
@require_http_methods(["GET", "POST"])
def new_inbox(request: AgentRequest) -> HttpResponse:
    form = InboxForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            inbox = create_inbox(actor=request.agent.as_actor(), **form.cleaned_data)
            messages.success(request, f"{inbox.name} is ready. Mail to {inbox.address} becomes tickets.")
            return redirect("tickets:inbox", inbox.number)
        except RouteTaken:
            form.add_error("address", TAKEN)
    status = 422 if form.is_bound else 200
    return render(request, "tickets/new_inbox.html", {"form": form}, status=status)


@admin_required
@require_http_methods(["GET", "POST"])
def inbox(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """One inbox: its name, where it answers, and who may."""
    inbox = get_inbox(request, inbox_number)
    if request.method != "POST":
        return _page(request, inbox, InboxForm(initial=InboxForm.initial_of(inbox)))
    form = InboxForm(request.POST)
    if form.is_valid():
        try:
            edit_inbox(inbox=inbox, actor=request.agent.as_actor(), **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("tickets:inbox", inbox.number)
        except RouteTaken:
            form.add_error("address", TAKEN)
    return _page(request, inbox, form, status=422)


def _page(request: AgentRequest, inbox: Inbox, form: InboxForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"inbox": inbox, "form": form, "answerers": permitting.answerers_beside(inbox)}
    return render(request, "tickets/inbox.html", context, status=status)
