"""The only way a view gets a mail: 404 for absent, foreign and forbidden alike."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.http import AgentRequest
from channels.kinds import Outcome
from channels.models import BlockedSender, ProviderHook, RawMail
from channels.models.raw_mail import RawMailQuerySet
from core.paging import read_page
from tickets.models import Inbox, Message

PAGE_SIZE = 50
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


def quarantine_context(request: AgentRequest) -> dict[str, Any]:
    """One page of the quarantine, and where it begins."""
    before = request.GET.get("before", "")
    page = read_page(visible_quarantine(request), order=("-id",), cursor=before, size=PAGE_SIZE)
    return {"mails": page.rows, "next_cursor": page.next_cursor, "before": before}


def find_original(message: Message) -> RawMail | None:
    """The mail that a message came as; None for messages that came by another way."""
    mails = RawMail.objects.filter(message=message, outcome__in=(Outcome.TICKET_CREATED, Outcome.MESSAGE_ADDED))
    found: RawMail | None = mails.select_related("file", "inbox").order_by("pk").first()
    return found


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


def get_hook(request: AgentRequest, inbox_number: int) -> ProviderHook:
    """The hook of an inbox the agent sees. Raises Http404."""
    hook: ProviderHook | None = (
        ProviderHook.objects.filter(inbox=get_inbox(request, inbox_number)).select_related("inbox").first()
    )
    if hook is None:
        raise Http404
    return hook
