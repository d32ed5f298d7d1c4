"""Who belongs to the workspace, for admins."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import members_of
from accounts.http import AgentRequest, admin_required


@admin_required
@require_GET
def members(request: AgentRequest) -> HttpResponse:
    return render(request, "accounts/members.html", {"members": members_of(request.tenant)})
