"""The start: which workspace, and in one: its inbox."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import workspaces_of


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """In a workspace its inbox; outside, the only workspace one has, else the choice."""
    if getattr(request, "tenant", None) is not None:
        return redirect("tickets:list")
    memberships = workspaces_of(request)
    if len(memberships) == 1:
        return redirect(f"/{memberships[0].tenant.slug}/")
    return _choice(request)


@require_GET
@login_required
def workspaces(request: HttpRequest) -> HttpResponse:
    """The choice, also for who has only one: to see what there is, and to sign out."""
    return _choice(request)


def _choice(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/workspaces.html", {"memberships": workspaces_of(request)})
