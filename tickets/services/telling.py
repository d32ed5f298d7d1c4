"""Whom to tell of what happens on a ticket: the one place that knows F78, F79 and D28."""

from collections.abc import Sequence

from accounts.models import Membership
from events.models import Event
from events.models.notification import NotificationKind
from events.services.notifying import notify
from tickets.models import Ticket
from tickets.services.assigning import answerers_in, read_answerer, read_answerers


def tell_agents(*, ticket: Ticket, event: Event) -> int:
    """Notify whoever has the ticket of an event on it; returns how many are new to it. Call inside a transaction."""
    kind, members = hearers_of(ticket)
    return notify(event=event, kind=kind, members=members)


def hearers_of(ticket: Ticket) -> tuple[NotificationKind, Sequence[Membership]]:
    """While assigned the assignee only, else the ticket's team, else all who may answer the inbox.

    Nobody hears of an inbox they may not answer: when the right of the assignee, or of the whole team, is gone, the
    next in this order hear, so that no customer goes unheard.
    """
    if ticket.assignee_id and (assignee := read_answerer(inbox=ticket.inbox, member_id=ticket.assignee_id)):
        return NotificationKind.REPLIED, assignee
    if ticket.team and (members := list(answerers_in(ticket.team, ticket.inbox))):
        return NotificationKind.REPLIED, members
    return NotificationKind.UNASSIGNED_NEW, read_answerers(inbox=ticket.inbox)
