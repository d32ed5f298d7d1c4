"""Form teams and dissolve them."""

from collections.abc import Sequence

import structlog
from django.db import IntegrityError, transaction

from accounts.happenings import Happening, tell
from accounts.models import Membership, Team, TeamMember
from accounts.services.numbering import next_number
from core.live import announce

log = structlog.get_logger(__name__)


class NameTaken(Exception):
    """Another team of the workspace has the name."""


def create_team(*, name: str, by: Membership) -> Team:
    """A team without members. Raises NameTaken."""
    try:
        with transaction.atomic():
            team = Team.objects.create(number=next_number("team"), name=name)
            tell(Happening.TEAM_CREATED, subject=team, actor=by.as_actor(), data={"name": name})
    except IntegrityError as error:
        raise NameTaken from error
    log.info("team.created", team=team.pk, by=by.pk)
    return team


def edit_team(*, team: Team, name: str, members: Sequence[Membership], by: Membership) -> Team:
    """Give a team its name and its members. Raises NameTaken."""
    try:
        with transaction.atomic():
            team = Team.objects.locked(team)
            before = team.name
            team.mark_name(name=name)
            wanted = {member.pk for member in members}
            present = set(TeamMember.objects.filter(team=team).values_list("member_id", flat=True))
            TeamMember.objects.filter(team=team, member__in=present - wanted).delete()
            added = (TeamMember(team=team, member_id=member_id) for member_id in sorted(wanted - present))
            TeamMember.objects.bulk_create(added, ignore_conflicts=True)
            _tell_edited(team, before, wanted - present, present - wanted, by)
            announce("inbox")
    except IntegrityError as error:
        raise NameTaken from error
    log.info("team.edited", team=team.pk, members=len(wanted), by=by.pk)
    return team


def delete_team(*, team: Team, by: Membership) -> None:
    """Dissolve a team. Its tickets go on without one: the database takes the team off them."""
    number = team.pk
    with transaction.atomic():
        tell(Happening.TEAM_DELETED, subject=team, actor=by.as_actor(), data={"name": team.name})
        team.delete()
        announce("inbox")
    log.info("team.deleted", team=number, by=by.pk)


def _tell_edited(team: Team, before: str, added: set[int], removed: set[int], by: Membership) -> None:
    if team.name != before:
        data = {"before": before, "after": team.name}
        tell(Happening.TEAM_RENAMED, subject=team, actor=by.as_actor(), data=data)
    if added or removed:
        found = Membership.objects.of_tenant(by.tenant_id).filter(pk__in=added | removed).order_by("number")
        names = {member.pk: member.name for member in found}
        lists = {
            "added": [name for key, name in names.items() if key in added],
            "removed": [name for key, name in names.items() if key in removed],
        }
        tell(Happening.TEAM_FILLED, subject=team, actor=by.as_actor(), data={"name": team.name, **lists})
