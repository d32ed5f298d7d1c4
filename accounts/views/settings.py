"""The workspace's settings, for admins."""

import structlog
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import settings_forms
from accounts.http import AgentRequest, admin_required
from accounts.services import configuring

log = structlog.get_logger(__name__)


@admin_required
@require_http_methods(["GET", "POST"])
def settings(request: AgentRequest) -> HttpResponse:
    """Every registered setting on one page, saved together or not at all."""
    data = request.POST if request.method == "POST" else None
    sections = settings_forms(configuring.read_all(), data)
    if data is None:
        return render(request, "accounts/settings.html", {"sections": sections})
    if [form for _, form in sections if not form.is_valid()]:
        return render(request, "accounts/settings.html", {"sections": sections}, status=422)
    values = {key: value for _, form in sections for key, value in form.chosen().items()}
    if changed := configuring.write_settings(values=values):
        log.info("settings.changed", keys=changed)
        messages.success(request, "Settings saved.")
    return redirect("accounts:settings")
