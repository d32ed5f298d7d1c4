"""Take a member's open tickets off them, so that others hear of what comes."""

from accounts.kinds import Actor
from accounts.models import Membership, Team
from tickets.models import Ticket
from tickets.services.assigning import assign_ticket

AT_ONCE = 300  # tickets of one request: each is an event on its own timeline


def count_open(member: Membership) -> int:
    """Open tickets that are assigned to the member."""
    return int(Ticket.objects.open().assigned_to(member).count())


def count_of_team(team: Team) -> int:
    """Tickets that are with the team, open and closed."""
    return int(Ticket.objects.filter(team=team).count())


def unassign_open(*, member: Membership, actor: Actor) -> int:
    """Unassign the oldest open tickets of a member, so many at once; returns how many."""
    tickets = Ticket.objects.open().assigned_to(member).select_related("inbox").order_by("pk")[:AT_ONCE]
    for ticket in tickets:
        assign_ticket(ticket=ticket, assignee=None, actor=actor)
    return len(tickets)
