"""The only way a view gets a mail: 404 for absent, foreign and forbidden alike."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.http import AgentRequest
from channels.models import BlockedSender, RawMail
from channels.models.raw_mail import RawMailQuerySet
from tickets.models import Inbox

MOST = 2**63 - 1
MOST_SMALL = 2**31 - 1  # of PostgreSQL's integer


def visible_quarantine(request: AgentRequest) -> RawMailQuerySet:
    """Quarantined mails of the inboxes the agent sees."""
    inboxes = Inbox.objects.visible_to(request.agent)
    mails: RawMailQuerySet = RawMail.objects.quarantined().filter(inbox__in=inboxes).select_related("inbox", "file")
    return mails


def get_quarantined(request: AgentRequest, number: int) -> RawMail:
    """Raises Http404."""
    mail = visible_quarantine(request).filter(number=min(number, MOST)).first()
    if mail is None:
        raise Http404
    return mail


def get_inbox(request: AgentRequest, inbox_number: int) -> Inbox:
    """An inbox the agent sees. Raises Http404."""
    inbox = Inbox.objects.visible_to(request.agent).filter(number=min(inbox_number, MOST_SMALL)).first()
    if inbox is None:
        raise Http404
    return inbox


def blocked_senders() -> QuerySet[BlockedSender]:
    """The workspace's, with who blocked them."""
    rows: QuerySet[BlockedSender] = BlockedSender.objects.select_related("blocked_by__user")
    return rows


def get_blocked(request: AgentRequest, block_number: int) -> BlockedSender:
    """Raises Http404."""
    row: BlockedSender | None = BlockedSender.objects.filter(number=min(block_number, MOST_SMALL)).first()
    if row is None:
        raise Http404
    return row
