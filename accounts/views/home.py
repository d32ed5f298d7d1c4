"""The start: which workspace, and in one: its inbox."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import workspaces_of
from accounts.models import Membership, User


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """In a workspace its inbox; outside, the only workspace one has, else the choice."""
    if getattr(request, "tenant", None) is not None:
        return redirect("tickets:list")
    memberships = workspaces_of(cast(User, request.user))
    if len(memberships) == 1:
        return redirect(f"/{memberships[0].tenant.slug}/")
    return _choice(request, memberships)


@require_GET
@login_required
def workspaces(request: HttpRequest) -> HttpResponse:
    """The choice, also for who has only one: to see what there is, and to sign out."""
    return _choice(request, workspaces_of(cast(User, request.user)))


def _choice(request: HttpRequest, memberships: list[Membership]) -> HttpResponse:
    return render(request, "accounts/workspaces.html", {"memberships": memberships})
