"""How an inbox sends its mail, for admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from channels.access import get_inbox
from channels.base import GiveUp, ProviderFacts, TryAgain
from channels.forms.transports import ProviderForm, SmtpForm
from channels.services import connecting, inspecting, transporting
from channels.types import ProviderLogin, Transport
from core import clock

MOST_DIGITS = 10  # of an inbox's number
TransportForm = SmtpForm | ProviderForm


@admin_required
@require_http_methods(["GET", "POST"])
@transaction.non_atomic_requests
def transport(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """What the inbox sends by, and the form to change it (`?by=` chooses which). It is tried before it is saved."""
    with transaction.atomic():
        inbox = get_inbox(request, inbox_number)
        row = transporting.find_transport(inbox=inbox)
    providers = transporting.list_providers(inbox=inbox)
    saved = transporting.own_transport(row)
    chosen = request.GET.get("by") or _chosen(saved)
    form = _form(chosen, providers, saved, request)
    if form is not None and form.is_bound and form.is_valid():
        try:
            seen = transporting.check_transport(inbox=inbox, transport=form.transport())
        except (GiveUp, TryAgain) as trouble:
            form.add_error(None, str(trouble))
        else:
            with transaction.atomic():
                actor = request.agent.as_actor()
                transporting.save_transport(inbox=inbox, transport=form.transport(), at=clock.now(), actor=actor)
            messages.success(request, f"Saved. {seen}")
            return redirect("channels:transport", inbox_number)
    choices = [("smtp", "Your SMTP server"), *((one.name, one.label) for one in providers)]
    context: dict[str, Any] = {"inbox": inbox, "row": row, "form": form, "chosen": chosen, "choices": choices}
    context["used"] = _chosen(saved)
    with transaction.atomic():
        return render(request, "channels/transport.html", context, status=422 if form and form.is_bound else 200)


@admin_required
@require_POST
def reset(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Send by the helpdesk's own server again."""
    inbox = get_inbox(request, inbox_number)
    transporting.remove_transport(inbox=inbox, at=clock.now(), actor=request.agent.as_actor())
    messages.success(request, "This inbox sends by the helpdesk's own mail server.")
    return redirect("channels:transport", inbox_number)


@admin_required
@require_GET
def ways(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """How mail goes out of an inbox and comes in, in short."""
    inbox = get_inbox(request, inbox_number)
    row = transporting.find_transport(inbox=inbox)
    labels = {one.name: one.label for one in transporting.list_providers(inbox=inbox)}
    context = {
        "inbox": inbox,
        "row": row,
        "sends_by": inspecting.describe_way(row=row, labels=labels),
        "account": connecting.find_mailbox(inbox=inbox),
    }
    return _part(request, "channels/_partials/ways.html", "channels/ways.html", context)


@admin_required
@require_GET
def troubles(request: AgentRequest) -> HttpResponse:
    """The inboxes whose mail does not go out or does not come in, with the reason; `?inbox=` asks for one."""
    wanted = request.GET.get("inbox", "")
    number = get_inbox(request, int(wanted)).number if wanted.isdecimal() and len(wanted) < MOST_DIGITS else None
    context = {"troubles": inspecting.list_troubles(agent=request.agent, inbox_number=number)}
    return _part(request, "channels/_partials/troubles.html", "channels/troubles.html", context)


def _part(request: AgentRequest, part: str, page: str, context: Mapping[str, object]) -> HttpResponse:
    is_part = request.htmx and not request.htmx.boosted
    return render(request, part if is_part else page, dict(context))


def _chosen(saved: Transport | None) -> str:
    if isinstance(saved, ProviderLogin):
        return saved.provider
    return "smtp" if saved else ""


def _form(
    chosen: str, providers: Sequence[ProviderFacts], saved: Transport | None, request: AgentRequest
) -> TransportForm | None:
    data = request.POST if request.method == "POST" else None
    if not chosen:
        return None
    if chosen == "smtp":
        return SmtpForm(saved, data)
    for facts in providers:
        if facts.name == chosen:
            return ProviderForm(facts, saved, data)
    raise Http404
