"""Invite people into the workspace, for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.access import get_invitation, member_lines, open_invitations
from accounts.forms import InviteForm
from accounts.http import AgentRequest, admin_required
from accounts.services import inviting
from core import clock

TOO_MANY = "Too many invitations went out just now. Wait an hour and try again."
ANSWERED = "This invitation was answered or revoked a moment ago."


@admin_required
@require_POST
def invite(request: AgentRequest) -> HttpResponse:
    form = InviteForm(request.POST, roles=rules.roles_to_invite(request.agent))
    if form.is_valid() and _invited(request, form):
        messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
        return redirect("accounts:members")
    context = {
        "lines": member_lines(request.tenant),
        "invitations": open_invitations(request.tenant),
        "form": form,
        "now": clock.now(),
    }
    return render(request, "accounts/members.html", context, status=422)


@admin_required
@require_POST
def resend(request: AgentRequest, invitation_id: int) -> HttpResponse:
    invitation = get_invitation(request.tenant, invitation_id)
    try:
        inviting.resend(invitation=invitation, by=request.agent, at=clock.now())
        messages.success(request, f"A new invitation is on its way to {invitation.email}. The former link is dead.")
    except inviting.Answered:
        messages.info(request, ANSWERED)
    except inviting.TooMany:
        messages.error(request, TOO_MANY)
    return redirect("accounts:members")


@admin_required
@require_POST
def revoke(request: AgentRequest, invitation_id: int) -> HttpResponse:
    invitation = get_invitation(request.tenant, invitation_id)
    try:
        inviting.revoke(invitation=invitation, by=request.agent, at=clock.now())
        messages.success(request, f"The invitation of {invitation.email} is revoked.")
    except inviting.Answered:
        messages.info(request, ANSWERED)
    return redirect("accounts:members")


def _invited(request: AgentRequest, form: InviteForm) -> bool:
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        inviting.invite(email=email, role=role, by=request.agent, at=clock.now())
    except inviting.IsMember:
        form.add_error("email", "This person is a member already. Who is not active can be let in again below.")
    except inviting.TooMany:
        form.add_error(None, TOO_MANY)
    return form.is_valid()
