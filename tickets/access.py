"""The only way a view gets a ticket: 404 for absent, foreign and forbidden alike."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import Http404

from accounts.http import AgentRequest
from accounts.models import Membership
from tickets import rules
from tickets.models import Attachment, CannedReply, Inbox, Message, SavedView, Tag, Ticket
from tickets.models.inbox import InboxQuerySet
from tickets.services.canning import find_reply
from tickets.services.setting_fields import with_fields
from tickets.services.viewing import with_marks, with_tags

Rule = Callable[[Membership, Ticket], bool]
# The largest number PostgreSQL's bigint holds; a longer one in a URL is a ticket nobody has.
MOST = 2**63 - 1
# The same of its integer, which counts the lesser things of a workspace.
MOST_PER_WORKSPACE = 2**31 - 1


def get_ticket(request: AgentRequest, number: int, allowed: Rule = rules.can_see) -> Ticket:
    """The ticket with all its page says of it, in one query. Raises Http404."""
    tickets = Ticket.objects.visible_to(request.agent).with_people().with_assignee_right().with_merged()
    tickets = with_fields(with_tags(tickets), ZoneInfo(request.agent.time_zone))
    ticket = tickets.filter(number=number).first() if number <= MOST else None
    if ticket is None or not allowed(request.agent, ticket):
        raise Http404
    return ticket


def get_row(request: AgentRequest, number: int) -> Ticket:
    """The ticket with what a row of a list shows. Raises Http404."""
    tickets = Ticket.objects.visible_to(request.agent).with_people()
    row = with_marks(tickets.filter(number=min(number, MOST)), request.agent).first()
    if row is None:
        raise Http404
    return row


def get_view(request: AgentRequest, view_number: int) -> SavedView:
    """A saved view the agent may change: their own, for admins the workspace's too. Raises Http404."""
    view = SavedView.objects.filter(number=min(view_number, MOST_PER_WORKSPACE)).first()
    if view is None or not rules.can_change_view(request.agent, view):
        raise Http404
    found: SavedView = view
    return found


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


def get_canned_reply(request: AgentRequest, reply_number: int) -> CannedReply:
    """A canned reply the agent may insert: their own or everybody's. Raises Http404."""
    reply = find_reply(member=request.agent, number=min(reply_number, MOST_PER_WORKSPACE))
    if reply is None:
        raise Http404
    return reply


def inboxes_of(request: AgentRequest) -> InboxQuerySet:
    """The inboxes the agent sees, by name: for forms that let one choose."""
    return Inbox.objects.visible_to(request.agent).order_by("name", "number")


def get_inbox(request: AgentRequest, number: int) -> Inbox:
    """An inbox the agent sees. Raises Http404."""
    found = Inbox.objects.visible_to(request.agent).filter(number=min(number, MOST_PER_WORKSPACE)).first()
    if found is None:
        raise Http404
    inbox: Inbox = found
    return inbox


def get_tag(number: int) -> Tag:
    """A tag of the workspace; all its agents see all tags. Raises Http404."""
    tag = find_tag(number)
    if tag is None:
        raise Http404
    return tag


def find_tag(number: int | None) -> Tag | None:
    """None for no number and for one that no tag has."""
    if number is None or number > MOST_PER_WORKSPACE:
        return None
    return Tag.objects.filter(number=number).first()
