"""How pages of accounts get what they show: 404 for absent and foreign alike."""

from dataclasses import dataclass

from django.http import Http404

from accounts.models import Invitation, Membership, Team, TeamMember, Tenant, User

# The largest number that PostgreSQL's integer and bigint hold; a longer one in a URL is a thing nobody has.
MOST_NUMBER, MOST_ID = 2**31 - 1, 2**63 - 1


@dataclass(frozen=True)
class MemberLine:
    """One member on the page of all."""

    member: Membership
    teams: tuple[Team, ...]


@dataclass(frozen=True)
class TeamLine:
    """One team on the page of all."""

    team: Team
    members: tuple[Membership, ...]


def workspaces_of(user: User) -> list[Membership]:
    """A person's memberships, by the workspace's name."""
    mine = Membership.objects.active().filter(user=user)
    return list(mine.select_related("tenant").order_by("tenant__name", "pk"))


def members_of(tenant: Tenant) -> list[Membership]:
    """Every membership of a workspace, ended ones last, in order of joining."""
    return list(Membership.objects.of_tenant(tenant.pk).order_by("-is_active", "number"))


def member_lines(tenant: Tenant) -> list[MemberLine]:
    """Every membership with its teams, in two queries."""
    members = members_of(tenant)
    teams: dict[int, list[Team]] = {}
    for row in TeamMember.objects.of_members(members).select_related("team").order_by("team__name"):
        teams.setdefault(row.member_id, []).append(row.team)
    return [MemberLine(member, tuple(teams.get(member.pk, ()))) for member in members]


def team_lines() -> list[TeamLine]:
    """Every team of the workspace with its members, in two queries."""
    members: dict[int, list[Membership]] = {}
    for row in TeamMember.objects.select_related("member__user").order_by("member__number"):
        members.setdefault(row.team_id, []).append(row.member)
    return [TeamLine(team, tuple(members.get(team.pk, ()))) for team in Team.objects.order_by("name", "pk")]


def open_invitations(tenant: Tenant) -> list[Invitation]:
    """What was neither accepted nor revoked, too old ones too, the newest first."""
    return list(Invitation.objects.of_tenant(tenant.pk).unanswered().order_by("-pk")[:100])


def get_member(tenant: Tenant, number: int) -> Membership:
    """A membership of the workspace, ended or not. Raises Http404."""
    found = Membership.objects.of_tenant(tenant.pk).filter(number=min(number, MOST_NUMBER)).first()
    if found is None:
        raise Http404
    return found


def get_team(number: int) -> Team:
    """A team of the active workspace. Raises Http404."""
    found = Team.objects.filter(number=min(number, MOST_NUMBER)).first()
    if found is None:
        raise Http404
    team: Team = found
    return team


def get_invitation(tenant: Tenant, invitation_id: int) -> Invitation:
    """An invitation into the workspace. Raises Http404."""
    found = Invitation.objects.of_tenant(tenant.pk).filter(pk=min(invitation_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found


def teammates(team: Team) -> list[Membership]:
    """The members of a team."""
    rows = TeamMember.objects.filter(team=team).select_related("member__user").order_by("member__number")
    return [row.member for row in rows]


async def is_active_member(agent: Membership) -> bool:
    """Whether the membership still holds, asked anew."""
    return await Membership.objects.active().filter(pk=agent.pk).aexists()
