"""The only way a view gets a ticket: 404 for absent, foreign and forbidden alike."""

from collections.abc import Callable

from django.http import Http404

from accounts.http import AgentRequest
from accounts.models import Membership
from tickets import rules
from tickets.models import Attachment, Message, Ticket

Rule = Callable[[Membership, Ticket], bool]
# The largest number PostgreSQL's bigint holds; a longer one in a URL is a ticket nobody has.
MOST = 2**63 - 1


def get_ticket(request: AgentRequest, number: int, allowed: Rule = rules.can_see) -> Ticket:
    """The ticket with people and inbox. Raises Http404."""
    tickets = Ticket.objects.visible_to(request.agent).with_people()
    ticket = tickets.filter(number=number).first() if number <= MOST else None
    if ticket is None or not allowed(request.agent, ticket):
        raise Http404
    return ticket


def get_attachment(request: AgentRequest, number: int, position: int, place: int) -> Attachment:
    """A file of a message of a ticket the agent sees. Raises Http404."""
    message = get_message(request, number, position)
    rows = Attachment.objects.filter(message=message, position=min(place, MOST))
    row = rows.select_related("file").first()
    if row is None:
        raise Http404
    return row


def get_message(request: AgentRequest, number: int, position: int) -> Message:
    """One message of a ticket the agent sees. Raises Http404."""
    ticket = get_ticket(request, number)
    message = Message.objects.filter(ticket=ticket, number=position).first() if position <= MOST else None
    if message is None:
        raise Http404
    return message
