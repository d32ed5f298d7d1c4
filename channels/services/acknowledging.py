"""Whether a mail that opened a ticket is acknowledged: only to addresses we know, and never to machines (RFC 3834)."""

import re
from datetime import datetime

from channels.models import Unsubscribed
from channels.types import InboundMessage, Kind
from core.contacts import NotAnAddress, normalize_email
from customers.kinds import ContactKind
from customers.models import Customer
from customers.services import finding
from tickets.addresses import Person
from tickets.models import Message
from tickets.services import acknowledging, addressing

# Nobody reads what comes there.
_MACHINE = re.compile(
    r"(?:no|do-?not|dont)[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletter", re.I
)
_SUPPRESSES = frozenset({"all", "autoreply"})


def acknowledge(*, message: Message, parsed: InboundMessage, at: datetime) -> Message | None:
    """The acknowledgement of the mail that opened a ticket, or None. Call inside the transaction that stored it.

    The sender's contact is locked there, so of two mails at one moment one is acknowledged.
    """
    if not message.ticket.inbox.acknowledgement or not _may_be_answered(parsed):
        return None
    to = _recipient(parsed)
    if to is None or not _is_welcome(message, to.address, at):
        return None
    return acknowledging.acknowledge(ticket=message.ticket, to=to, at=at)


def _may_be_answered(parsed: InboundMessage) -> bool:
    suppressed = {one.strip().lower() for one in parsed.header("X-Auto-Response-Suppress").split(",")}
    return parsed.kind is Kind.NORMAL and not parsed.disowned and not suppressed & _SUPPRESSES


def _recipient(parsed: InboundMessage) -> Person | None:
    if parsed.sender is None or _MACHINE.match(parsed.sender.email):
        return None
    try:
        return Person(normalize_email(parsed.sender.email), parsed.sender.name)
    except NotAnAddress:
        return None


def _is_welcome(message: Message, address: str, at: datetime) -> bool:
    """Known, reachable, not written to just now, not asked us to stop, and none of our own inboxes."""
    if message.author_customer is None:
        return False
    # Merged meanwhile: the survivor has the tickets.
    customer = Customer.objects.top_of(message.author_customer.pk)
    if not acknowledging.is_known(customer=customer, address=address, at=at):
        return False
    contact = finding.find_contact(kind=ContactKind.EMAIL, typed=address)
    if contact is None or contact.is_bounced or Unsubscribed.objects.filter(address=address).exists():
        return False
    is_ours = addressing.is_own(address, addressing.own_addresses())
    return not is_ours and not acknowledging.was_acknowledged(address=address, at=at)
