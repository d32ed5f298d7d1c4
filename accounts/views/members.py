"""Who belongs to the workspace and what they may do, for admins."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import rules
from accounts.access import get_member, member_lines, open_invitations
from accounts.forms import InviteForm, RoleForm
from accounts.http import AgentRequest, admin_required
from accounts.models import Membership
from accounts.services import deactivating, promoting
from core import clock


@admin_required
@require_GET
def members(request: AgentRequest) -> HttpResponse:
    """Members, invitations that nobody answered yet, and the form that makes one."""
    context = {
        "lines": member_lines(request.tenant),
        "invitations": open_invitations(request.tenant),
        "form": InviteForm(None, roles=rules.roles_to_invite(request.agent)),
        "now": clock.now(),
    }
    return render(request, "accounts/members.html", context)


@admin_required
@require_GET
def member(request: AgentRequest, member_number: int) -> HttpResponse:
    """One member: role, teams, inboxes, and the way out."""
    return render(request, "accounts/member.html", _context(request, get_member(request.tenant, member_number)))


@admin_required
@require_POST
def change_role(request: AgentRequest, member_number: int) -> HttpResponse:
    member = get_member(request.tenant, member_number)
    form = RoleForm(request.POST, roles=rules.roles_to_give(request.agent, member))
    if not form.is_valid():
        messages.error(request, "You may not give this role here.")
        return redirect("accounts:member", member.number)
    try:
        member = promoting.change_role(member=member, role=form.cleaned_data["role"], by=request.agent, at=clock.now())
    except promoting.LastOwner:
        messages.error(request, "A workspace needs an owner. Make somebody else an owner first.")
        return redirect("accounts:member", member.number)
    messages.success(request, f"{member.name} is {member.get_role_display().lower()} now.")
    # Who stepped down does not see the page any more.
    still_admin = member.pk != request.agent.pk or member.is_admin
    return redirect("accounts:member", member.number) if still_admin else redirect("accounts:profile")


@admin_required
@require_POST
def deactivate(request: AgentRequest, member_number: int) -> HttpResponse:
    member = _switchable(request, member_number)
    if member is not None:
        try:
            deactivating.deactivate_member(member=member, by=request.agent, at=clock.now())
            messages.success(request, f"{member.name} is out. Their tickets stay as they are.")
        except deactivating.OwnerStays:
            messages.error(request, "An owner cannot be deactivated.")
    return redirect("accounts:member", member_number)


@admin_required
@require_POST
def reactivate(request: AgentRequest, member_number: int) -> HttpResponse:
    member = _switchable(request, member_number)
    if member is not None:
        deactivating.reactivate_member(member=member, by=request.agent)
        messages.success(request, f"{member.name} may come in again.")
    return redirect("accounts:member", member_number)


def _switchable(request: AgentRequest, member_number: int) -> Membership | None:
    """None, and a word why, for whom nobody may switch. Raises Http404."""
    member = get_member(request.tenant, member_number)
    if rules.can_switch(request.agent, member):
        return member
    messages.error(request, "You cannot deactivate yourself or an owner.")
    return None


def _context(request: AgentRequest, member: Membership) -> dict[str, object]:
    lines = [line for line in member_lines(request.tenant) if line.member.pk == member.pk]
    if not lines:
        raise Http404
    roles = rules.roles_to_give(request.agent, member)
    return {
        "line": lines[0],
        "form": RoleForm(None, roles=roles, initial=member.role) if roles else None,
        "may_switch": rules.can_switch(request.agent, member),
        "is_me": member.pk == request.agent.pk,
    }
