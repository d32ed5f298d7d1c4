"""Who may do what to a ticket. Seeing it is decided before, by Ticket.objects.visible_to."""

from accounts.models import Membership
from tickets.models import CannedReply, SavedView, Ticket


def can_see(agent: Membership, ticket: Ticket) -> bool:
    """Whoever sees the inbox sees its tickets."""
    return True


def can_reply(agent: Membership, ticket: Ticket) -> bool:
    """Whoever sees the inbox answers it (D28). A merged ticket is empty: what it said stands on another."""
    return can_see(agent, ticket) and ticket.merged_into_id is None


def can_change_reply(agent: Membership, reply: CannedReply) -> bool:
    """Everybody their own; admins also everybody's."""
    return reply.member_id == agent.pk or (reply.member_id is None and agent.is_admin)


def can_change_view(agent: Membership, view: SavedView) -> bool:
    """Everybody their own; admins also the workspace's."""
    return view.member_id == agent.pk or (view.member_id is None and agent.is_admin)
