"""The page of the provider that calls for an inbox, for admins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, admin_required
from channels.access import get_hook, get_inbox
from channels.forms.hooks import HookForm
from channels.models import ProviderHook
from channels.services import calling, hooking, transporting
from tickets.models import Inbox


@admin_required
@never_cache
@require_http_methods(["GET", "POST"])
def hook(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Which provider calls, where, and what came of its last calls. The password is on the answer that made it only."""
    inbox = get_inbox(request, inbox_number)
    found = hooking.find_hook(inbox=inbox)
    form = HookForm(transporting.list_providers(inbox=inbox), found, request.POST or None)
    if not form.is_bound:
        return _page(request, inbox, found, form)
    if not form.is_valid():
        return _page(request, inbox, found, form, status=422)
    opened = hooking.open_hook(inbox=inbox, provider=form.cleaned_data["provider"], actor=request.agent.as_actor())
    is_new = found is None or opened.key != found.key
    return _page(request, inbox, opened, form, is_new=is_new)


@admin_required
@never_cache
@require_POST
def renew(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Another password, shown once."""
    found = get_hook(request, inbox_number)
    form = HookForm(transporting.list_providers(inbox=found.inbox), found)
    renewed = hooking.renew_secret(hook=found, actor=request.agent.as_actor())
    return _page(request, found.inbox, renewed, form, is_new=True)


@admin_required
@require_POST
def shut(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Refuse its calls from now on."""
    hooking.shut_hook(hook=get_hook(request, inbox_number), actor=request.agent.as_actor())
    messages.success(request, "Its calls are refused from now on. The mails that came by them stay.")
    return redirect("channels:hook", inbox_number)


@admin_required
@require_POST
def read_again(request: AgentRequest, inbox_number: int) -> HttpResponse:
    """Have the calls read again that could not be."""
    count = calling.work_failed_again(hook=get_hook(request, inbox_number))
    messages.info(request, f"{count} call{'' if count == 1 else 's'} will be read again." if count else "None waits.")
    return redirect("channels:hook", inbox_number)


def _page(
    request: AgentRequest,
    inbox: Inbox,
    found: ProviderHook | None,
    form: HookForm,
    *,
    is_new: bool = False,
    status: int = 200,
) -> HttpResponse:
    labels = {one.name: one.label for one in transporting.list_providers(inbox=inbox)}
    context = {
        "inbox": inbox,
        "hook": found,
        "form": form,
        "provider": labels.get(found.provider, found.provider) if found else "",
        "addresses": hooking.addresses_of(hook=found, with_secret=is_new) if found else None,
        "calls": hooking.latest_calls(hook=found) if found else [],
        "failed": hooking.count_failed(hook=found) if found else 0,
    }
    return render(request, "channels/hook.html", context, status=status)
