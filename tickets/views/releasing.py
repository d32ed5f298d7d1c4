"""What a member or a team still has, shown on their pages in the settings; for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import get_member, get_team
from accounts.http import AgentRequest, admin_required
from tickets.services import releasing


@admin_required
@require_GET
def member_tickets(request: AgentRequest, member_number: int) -> HttpResponse:
    """A part of the member's page, which stands in an app below and asks for it by address; without scripts a page."""
    member = get_member(request.tenant, member_number)
    context = {"member": member, "count": releasing.count_open(member)}
    page = "tickets/releasing/member.html" if request.htmx else "tickets/member_tickets.html"
    return render(request, page, context)


@admin_required
@require_GET
def team_tickets(request: AgentRequest, team_number: int) -> HttpResponse:
    """A part of the team's page."""
    team = get_team(team_number)
    context = {"team": team, "count": releasing.count_of_team(team)}
    page = "tickets/releasing/team.html" if request.htmx else "tickets/team_tickets.html"
    return render(request, page, context)


@admin_required
@require_POST
def unassign(request: AgentRequest, member_number: int) -> HttpResponse:
    """Take their open tickets off a member, so many at once; the page says how many are left."""
    member = get_member(request.tenant, member_number)
    done = releasing.unassign_open(member=member, actor=request.agent.as_actor())
    messages.success(request, f"{done} open ticket{'' if done == 1 else 's'} of {member.name} unassigned.")
    return redirect("accounts:member", member.number)
