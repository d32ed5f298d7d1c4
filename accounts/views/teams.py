"""Teams of the workspace, for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import get_team, members_of, team_lines, teammates
from accounts.forms import TeamForm, TeamNameForm
from accounts.http import AgentRequest, admin_required
from accounts.services import teaming

NAME_TAKEN = "Another team has this name."


@admin_required
@require_GET
def teams(request: AgentRequest) -> HttpResponse:
    return render(request, "accounts/teams.html", {"lines": team_lines(), "form": TeamNameForm()})


@admin_required
@require_POST
def create_team(request: AgentRequest) -> HttpResponse:
    form = TeamNameForm(request.POST)
    if form.is_valid():
        try:
            team = teaming.create_team(name=form.cleaned_data["name"], by=request.agent)
            return redirect("accounts:team", team.number)
        except teaming.NameTaken:
            form.add_error("name", NAME_TAKEN)
    return render(request, "accounts/teams.html", {"lines": team_lines(), "form": form}, status=422)


@admin_required
@require_http_methods(["GET", "POST"])
def team(request: AgentRequest, team_number: int) -> HttpResponse:
    """A team's name and members; ended members who belong to it stay to be seen."""
    team = get_team(team_number)
    present = teammates(team)
    choice = [one for one in members_of(request.tenant) if one.is_active or one in present]
    if request.method != "POST":
        initial = {"name": team.name, "members": [str(one.number) for one in present]}
        form = TeamForm(None, members=choice, initial=initial)
        return render(request, "accounts/team.html", {"team": team, "form": form})
    form = TeamForm(request.POST, members=choice)
    if form.is_valid():
        try:
            teaming.edit_team(team=team, by=request.agent, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("accounts:team", team.number)
        except teaming.NameTaken:
            form.add_error("name", NAME_TAKEN)
    return render(request, "accounts/team.html", {"team": team, "form": form}, status=422)


@admin_required
@require_POST
def delete_team(request: AgentRequest, team_number: int) -> HttpResponse:
    team = get_team(team_number)
    teaming.delete_team(team=team, by=request.agent)
    messages.success(request, f"The team {team.name} is gone. Its tickets go on without a team.")
    return redirect("accounts:teams")
