"""Assign tickets to agents and to teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.kinds import Actor, Role
from accounts.models import Membership, Team, TeamMember
from accounts.models.membership import MembershipQuerySet
from accounts.tenancy import active_tenant_id
from core.database.queries import Query
from events.models.notification import NotificationKind
from events.services.notifying import notify
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Inbox, InboxMember, Ticket


class MayNotAnswer(Exception):
    """The member may not answer this inbox, or nobody of the team may."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be meant; `gap` says why they cannot be chosen, "" when they can (F112)."""

    member: Membership
    gap: str


@dataclass(frozen=True)
class TeamCandidate:
    """`answering` is how many of its members may answer the inbox; a team without any cannot be chosen."""

    team: Team
    answering: int


@dataclass(frozen=True)
class Candidates:
    """Everybody of the workspace, those who may answer first, and the teams."""

    members: Sequence[Candidate]
    teams: Sequence[TeamCandidate]


def assign_ticket(*, ticket: Ticket, assignee: Membership | None, actor: Actor) -> Ticket:
    """Give the ticket to a member, or to nobody; the new assignee is notified, a team keeps it. Raises MayNotAnswer."""
    if assignee and not answerers_of(ticket.inbox).filter(pk=assignee.pk).exists():
        raise MayNotAnswer
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.assignee_id == (assignee.pk if assignee else None):
            return ticket
        ticket.mark_assigned(assignee=assignee)
        event = record(
            TicketEvent.ASSIGNED,
            subject=ticket,
            actor=actor,
            data={"to": assignee.pk if assignee else None, "to_name": assignee.name if assignee else ""},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
        if assignee:
            notify(event=event, kind=NotificationKind.ASSIGNED, members=[assignee])
    return ticket


def assign_team(*, ticket: Ticket, team: Team | None, actor: Actor) -> Ticket:
    """Give the ticket to a team, or to none; an assignee keeps it.

    The members who may answer are notified unless somebody has the ticket already (F78). Raises MayNotAnswer for a
    team in which nobody may answer the ticket's inbox.
    """
    hearers = answerers_in(team, ticket.inbox) if team else Membership.objects.none()
    if team and not hearers.exists():
        raise MayNotAnswer
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.team_id == (team.pk if team else None):
            return ticket
        ticket.mark_team(team=team)
        event = record(
            TicketEvent.TEAM_ASSIGNED,
            subject=ticket,
            actor=actor,
            data={"to": team.pk if team else None, "to_name": team.name if team else ""},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
        if ticket.assignee_id is None:
            notify(event=event, kind=NotificationKind.ASSIGNED, members=hearers)
    return ticket


def answerers_of(inbox: Inbox) -> MembershipQuerySet:
    """Active members who see and answer this inbox (D28)."""
    admins = Q(role__in=(Role.OWNER, Role.ADMIN))
    named = Q(pk__in=InboxMember.objects.filter(inbox=inbox).values("member_id"))
    members = Membership.objects.active().of_tenant(active_tenant_id())
    return members.filter(admins | Q(sees_all_inboxes=True) | named).order_by("user__name", "number")


def read_answerers(*, inbox: Inbox) -> list[Membership]:
    """Everybody of `answerers_of`."""
    return _ANSWERERS.all(inbox.pk)


def read_answerer(*, inbox: Inbox, member_id: int) -> list[Membership]:
    """The member, in a list, if they may answer this inbox."""
    return _ANSWERER.all(inbox.pk, member_id)


_ANSWERERS = Query(lambda inbox: answerers_of(Inbox(pk=inbox)))
_ANSWERER = Query(lambda inbox, member: answerers_of(Inbox(pk=inbox)).filter(pk=member))


def answerers_in(team: Team, inbox: Inbox) -> MembershipQuerySet:
    """Those of the team who may answer this inbox."""
    return answerers_of(inbox).filter(pk__in=TeamMember.objects.filter(team=team).values("member_id"))


def read_candidates(*, inbox: Inbox) -> Candidates:
    """Whom the picker of this inbox offers, in four queries."""
    named = set(InboxMember.objects.filter(inbox=inbox).values_list("member_id", flat=True))
    members = Membership.objects.of_tenant(active_tenant_id()).order_by("user__name", "number")
    candidates = [Candidate(one, inbox.gap_of(one, is_named=one.pk in named)) for one in members]
    answering = {one.member.pk for one in candidates if not one.gap}
    of_team: dict[int, int] = {}
    for team_id, member_id in TeamMember.objects.values_list("team_id", "member_id"):
        of_team[team_id] = of_team.get(team_id, 0) + (member_id in answering)
    teams = [TeamCandidate(one, of_team.get(one.pk, 0)) for one in Team.objects.order_by("name")]
    return Candidates(members=sorted(candidates, key=lambda one: bool(one.gap)), teams=teams)


def find_teams() -> Sequence[Team]:
    """Every team of the workspace, by name."""
    return list(Team.objects.order_by("name"))
