"""Who may do what to a ticket. Seeing it is decided before, by Ticket.objects.visible_to."""

from accounts.models import Membership
from tickets.models import Ticket


def can_see(agent: Membership, ticket: Ticket) -> bool:
    """Whoever sees the inbox sees its tickets."""
    return True


def can_reply(agent: Membership, ticket: Ticket) -> bool:
    """Whoever sees the inbox answers it (D28)."""
    return can_see(agent, ticket)
