"""The workspace's settings, for admins."""

import structlog
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import WorkspaceForm, settings_forms
from accounts.http import AgentRequest, admin_required
from accounts.services import configuring, renaming

log = structlog.get_logger(__name__)


@admin_required
@require_http_methods(["GET", "POST"])
def settings(request: AgentRequest) -> HttpResponse:
    """Every registered setting on one page, saved together or not at all."""
    data = request.POST if request.method == "POST" else None
    sections = settings_forms(configuring.read_all(), data)
    context = {"sections": sections, "name_form": WorkspaceForm(initial={"name": request.tenant.name})}
    if data is None:
        return render(request, "accounts/settings.html", context)
    if [form for _, form in sections if not form.is_valid()]:
        return render(request, "accounts/settings.html", context, status=422)
    values = {key: value for _, form in sections for key, value in form.chosen().items()}
    if changed := configuring.write_settings(values=values, actor=request.agent.as_actor()):
        log.info("settings.changed", keys=changed)
        messages.success(request, "Settings saved.")
    return redirect("accounts:settings")


@admin_required
@require_POST
def rename(request: AgentRequest) -> HttpResponse:
    """What the workspace is called; its address stays."""
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        context = {"sections": settings_forms(configuring.read_all(), None), "name_form": form}
        return render(request, "accounts/settings.html", context, status=422)
    renaming.rename_workspace(tenant=request.tenant, name=form.cleaned_data["name"], by=request.agent)
    messages.success(request, "Saved.")
    return redirect("accounts:settings")
