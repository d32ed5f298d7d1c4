"""Mail that no person wrote: bounces, automatic answers, lists, complaints, our own loops.

None of it opens or reopens a ticket, is answered, or creates a customer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.kinds import ActorKind
from channels.kinds import Outcome
from channels.models import RawMail
from channels.services import joining, posting, tracking
from channels.services.joining import Joining
from channels.types import FailedDelivery, InboundMessage, Kind, Report, Reported
from customers.kinds import ContactKind
from customers.services import identifying
from tickets.models import Message

Handler = Callable[[RawMail, InboundMessage, datetime], None]


def handle(*, mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    """Act on a mail that is neither a person's nor an answer; it stays in quarantine."""
    HANDLERS[parsed.kind](mail, parsed, at)


def take_auto_reply(*, mail: RawMail, parsed: InboundMessage, found: Joining, at: datetime) -> Message | None:
    """An automatic answer stands on the ticket it answers, without opening it again; None in quarantine."""
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


def _take_bounce(mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    """Mark the message that failed, and the address when the failure is for good (B19)."""
    failed = parsed.failed
    message = joining.find_message(failed.message_id) if failed and failed.message_id else None
    reason = parsed.kind_reason
    # A bounce is easily forged, and whoever has a letter of ours knows its id: only the address it went to counts.
    if failed and message:
        told = [_report(message, one, _what(one), at) for one in parsed.failures]
        if any(told):
            what = "bounced" if failed.is_final else "is delayed"
            reason = f"Message {message.number} of ticket {message.ticket.number} {what}"
    mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=reason, message=message)


def _park(mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=parsed.kind_reason)


def _take_complaint(mail: RawMail, parsed: InboundMessage, at: datetime) -> None:
    """A reader called a letter of ours spam: their address takes no more of them."""
    failed = parsed.failed
    message = joining.find_message(failed.message_id) if failed and failed.message_id else None
    if failed and message:
        _report(message, failed, Reported.COMPLAINED, at)
    mail.mark(Outcome.QUARANTINED, parsed=parsed, reason=parsed.kind_reason, message=message)


def _what(failed: FailedDelivery) -> Reported:
    return Reported.BOUNCED if failed.is_final else Reported.DELAYED


def _report(message: Message, failed: FailedDelivery, what: Reported, at: datetime) -> bool:
    if not failed.recipient:  # whoever has the letter may say that it did not arrive, and not know whom it went to
        return False
    report = Report(what, failed.recipient, (failed.message_id,), detail=failed.detail, permanent=failed.permanent)
    return tracking.take_report(message=message, report=report, at=at)


HANDLERS: dict[Kind, Handler] = {
    Kind.BOUNCE: _take_bounce,
    Kind.LIST: _park,
    Kind.COMPLAINT: _take_complaint,
    Kind.OWN: _park,
}
