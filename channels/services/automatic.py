"""Mail that no person wrote: bounces, automatic answers, lists, complaints, our own loops.

None of it opens or reopens a ticket, is answered, or creates a customer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.kinds import ActorKind
from channels.kinds import Outcome
from channels.models import RawMail
from channels.services import joining, posting
from channels.types import InboundMessage, Kind
from core.contacts import NotAnAddress, normalize_email
from customers.kinds import ContactKind
from customers.services import contacting, identifying
from events.services.announcing import announce
from tickets.kinds import DeliveryState
from tickets.models import Message, Recipient
from tickets.models.message import BOUNCED

Handler = Callable[[RawMail, InboundMessage, datetime], Message | None]


def handle(*, mail: RawMail, parsed: InboundMessage, at: datetime) -> Message | None:
    """Act on an automatic mail; the message it became, or None when it went to quarantine."""
    return HANDLERS[parsed.kind](mail, parsed, at)


def _take_bounce(mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    """Mark the message that failed, and the address when the failure is for good (B19)."""
    failed = parsed.failed
    message = joining.find_message(failed.message_id) if failed and failed.message_id else None
    reason = parsed.kind_reason
    # A bounce is easily forged, and whoever has a letter of ours knows its id: only the address it went to counts.
    if failed and message and message.is_outbound and (recipient := _recipient(message, failed.recipient)):
        _mark_bounced(message, recipient, failed.detail)
        if failed.permanent:
            contacting.mark_bounced(kind=ContactKind.EMAIL, value=failed.recipient, at=at)
        reason = f"Message {message.number} of ticket {message.ticket.number} bounced"
    mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=reason, message=message)


def _take_auto_reply(mail: RawMail, parsed: InboundMessage, at: datetime) -> Message | None:
    """An automatic answer stands on the ticket it answers, without opening it again."""
    found = joining.find_ticket(inbox=mail.inbox, parsed=parsed)
    if found.ticket is None:
        _park(mail, parsed, at)
        return None
    customer = None
    if parsed.sender:
        customer = identifying.resolve_sender(
            kind=ContactKind.EMAIL,
            typed=parsed.sender.email,
            name=parsed.sender.name,
            origin=ActorKind.CUSTOMER,
            at=at,
            may_create=False,
        ).customer
    message = posting.add_message(
        mail=mail,
        parsed=parsed,
        ticket=found.ticket,
        customer=customer,
        because=f"{found.because}; automatic answer",
        reopens=False,
        at=at,
    )
    mail.mark(Outcome.MESSAGE_ADDED, parsed=parsed, reason=parsed.kind_reason, message=message)
    return message


def _park(mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=parsed.kind_reason)


def _recipient(message: Message, address: str) -> Recipient | None:
    try:
        return Recipient.objects.filter(message=message, address=normalize_email(address)).first()
    except NotAnAddress:
        return None


def _mark_bounced(message: Message, recipient: Recipient, detail: str) -> None:
    """With several recipients the others have it: the message stays sent, and says who has not."""
    message = Message.objects.select_related("ticket").locked(message)
    if Recipient.objects.filter(message=message).exclude(pk=recipient.pk).exists():
        said = f"{BOUNCED} from {recipient.address}: {detail}"
        known = message.delivery_detail
        if said not in known:
            message.mark_delivery(state=DeliveryState.SENT, detail=f"{known}; {said}" if known else said)
    else:
        message.mark_delivery(state=DeliveryState.FAILED, detail=f"{BOUNCED}: {detail}")
    announce(message.ticket.live_name)


HANDLERS: dict[Kind, Handler] = {
    Kind.BOUNCE: _take_bounce,
    Kind.AUTO_REPLY: _take_auto_reply,
    Kind.LIST: _park,
    Kind.COMPLAINT: _park,
    Kind.OWN: _park,
}
