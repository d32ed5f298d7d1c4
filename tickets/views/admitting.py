"""Which member may see and answer which inbox, for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import get_member
from accounts.http import AgentRequest, admin_required
from accounts.models import Membership
from core.htmx import respond
from tickets.access import get_inbox
from tickets.forms.inboxes import AccessForm
from tickets.services import admitting, permitting


@admin_required
@require_GET
def inbox_access(request: AgentRequest) -> HttpResponse:
    """Members by inboxes on one page."""
    context = {"inboxes": permitting.list_inboxes(), "rows": permitting.read_access()}
    return render(request, "tickets/inbox_access.html", context)


@admin_required
@require_POST
def member_access(request: AgentRequest, member_number: int) -> HttpResponse:
    """One press in a member's line: an inbox more, one less, all, or only the chosen."""
    member = get_member(request.tenant, member_number)
    form = AccessForm(request.POST)
    if form.is_valid():
        _apply(request, member, form)
    member = get_member(request.tenant, member_number)
    context = {"row": permitting.read_access_of(member)}
    otherwise = f"{reverse('tickets:inbox_access')}#access-{member.number}"
    return respond(request, "tickets/admitting/changed.html", context, otherwise=otherwise)


@admin_required
@require_POST
def admit(request: AgentRequest, inbox_number: int, member_number: int) -> HttpResponse:
    """From the page of one inbox."""
    inbox, member = get_inbox(request, inbox_number), get_member(request.tenant, member_number)
    admitting.admit(member=member, inbox=inbox, actor=request.agent.as_actor())
    return redirect("tickets:inbox", inbox.number)


@admin_required
@require_POST
def exclude(request: AgentRequest, inbox_number: int, member_number: int) -> HttpResponse:
    """From the page of one inbox; what it means for whoever saw all is said."""
    inbox, member = get_inbox(request, inbox_number), get_member(request.tenant, member_number)
    if member.is_admin:
        messages.error(request, "Owners and admins see all inboxes.")
        return redirect("tickets:inbox", inbox.number)
    saw_all = member.sees_all_inboxes
    admitting.exclude(member=member, inbox=inbox, actor=request.agent.as_actor())
    rest = " They see all others of today, and no later one by itself." if saw_all else ""
    messages.success(request, f"{member.name} does not see {inbox.name} any more.{rest}")
    return redirect("tickets:inbox", inbox.number)


def _apply(request: AgentRequest, member: Membership, form: AccessForm) -> None:
    """Of an admin nothing is taken, so nothing is chosen for them either."""
    actor, wish = request.agent.as_actor(), form.cleaned_data
    if member.is_admin:
        return
    if wish["sees_all"] == "yes":
        admitting.admit_to_all(member=member, actor=actor)
    elif wish["sees_all"] == "no":
        admitting.admit_to_chosen(member=member, actor=actor)
    if wish["add"]:
        admitting.admit(member=member, inbox=get_inbox(request, wish["add"]), actor=actor)
    elif wish["remove"]:
        admitting.exclude(member=member, inbox=get_inbox(request, wish["remove"]), actor=actor)
