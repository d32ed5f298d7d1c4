"""A person's mail becomes a message on a ticket."""

from __future__ import annotations

from datetime import datetime

from accounts.kinds import Actor, ActorKind
from channels.kinds import Outcome
from channels.models import RawMail
from channels.services import acknowledging, doubting, joining, limiting
from channels.services.joining import Joining
from channels.types import Address, InboundMessage
from core.contacts import NotAnAddress, normalize_email
from customers.kinds import ContactKind
from customers.models import Customer
from customers.services import identifying
from files.services import storing
from tickets.addresses import MOST_RECIPIENTS, Person, Recipients
from tickets.models import Message, Ticket
from tickets.services import addressing, opening, receiving


def post(*, mail: RawMail, parsed: InboundMessage, found: Joining, at: datetime) -> Message:
    """Match or create the customer, join or open the ticket, add the message. Call inside a transaction.

    Who opens a ticket may get an acknowledgement.
    """
    customer, reason = _resolve(parsed, at)
    ticket = found.ticket or _open(mail, parsed, customer, reason, found.linked_to, at)
    message = add_message(
        mail=mail,
        parsed=parsed,
        ticket=ticket,
        customer=customer,
        because=found.because,
        reopens=True,
        warning=doubting.doubts_of(parsed=parsed, found=found),
        is_new=found.ticket is None,
        at=at,
    )
    outcome = Outcome.MESSAGE_ADDED if found.ticket else Outcome.TICKET_CREATED
    mail.mark(outcome, parsed=parsed, reason=found.because, message=message)
    if found.ticket is None:
        acknowledging.acknowledge(message=message, parsed=parsed, at=at)
    return message


def add_message(
    *,
    mail: RawMail,
    parsed: InboundMessage,
    ticket: Ticket,
    customer: Customer | None,
    because: str,
    reopens: bool,
    at: datetime,
    warning: str = "",
    is_new: bool = False,
) -> Message:
    """Put the mail's text and files on the ticket, and remember by which id it is known."""
    letter = receiving.Letter(
        author_name=_author_name(parsed, customer),
        author_address=parsed.sender.email if parsed.sender else "",
        text=parsed.text,
        quoted=parsed.quoted,
        html=parsed.html,
        files=[
            receiving.ReceivedFile(
                storing.store(name=one.name, content_type=one.content_type, content=one.content),
                one.inline,
                one.content_id,
            )
            for one in limiting.limit_files(parsed.attachments)
        ],
        recipients=_recipients(parsed, mail.inbox.address),
        warning=warning,
    )
    message = receiving.receive_message(
        ticket=ticket,
        letter=letter,
        customer=customer,
        joined_because=because,
        reopens=reopens,
        at=at,
        is_new=is_new,
    )
    addressing.add_participants(ticket=message.ticket, people=_others(mail, parsed, letter.recipients))
    joining.remember(message=message, mail_id=parsed.message_id)
    return message


def _resolve(parsed: InboundMessage, at: datetime) -> tuple[Customer | None, str]:
    if parsed.sender is None:
        return None, "The mail names no sender."
    found = identifying.resolve_sender(
        kind=ContactKind.EMAIL,
        typed=parsed.sender.email,
        name=parsed.sender.name,
        origin=ActorKind.CUSTOMER,
        at=at,
        may_create=True,
    )
    return found.customer, found.reason


def _open(
    mail: RawMail,
    parsed: InboundMessage,
    customer: Customer | None,
    reason: str,
    linked_to: Ticket | None,
    at: datetime,
) -> Ticket:
    name = _author_name(parsed, customer)
    return opening.open_ticket(
        inbox=mail.inbox,
        subject=parsed.subject,
        customer=customer,
        customer_reason=reason,
        actor=Actor(ActorKind.CUSTOMER, customer.pk if customer else None, name),
        at=at,
        linked_to=linked_to,
        first_text=parsed.text,
    )


def _author_name(parsed: InboundMessage, customer: Customer | None) -> str:
    if customer is not None and customer.full_name:
        return customer.full_name
    if parsed.sender is None:
        return "Unknown sender"
    return parsed.sender.name or parsed.sender.email


def _recipients(parsed: InboundMessage, own: str) -> Recipients:
    """Whom the mail says it was written to; beyond the limit it is a mailing, and its head says enough.

    The inbox is written as it is called: its signed addresses are for answers, not for people to see or pass on.
    """
    to = [person for one in parsed.to if (person := _person(one, own))][:MOST_RECIPIENTS]
    cc = [person for one in parsed.cc if (person := _person(one, own))]
    return Recipients.of(to=to, cc=cc[: MOST_RECIPIENTS - len(to)])


def _person(address: Address, own: str) -> Person | None:
    try:
        normal = normalize_email(address.email)
    except NotAnAddress:
        return None
    return Person(own if addressing.is_own(normal, {own}) else normal, address.name[:200])


def _others(mail: RawMail, parsed: InboundMessage, recipients: Recipients) -> list[Person]:
    """Who can be chosen for a reply beside the sender: who was written to, and who asks for the answers."""
    own = {mail.inbox.address}
    asked = [person for one in parsed.reply_to[:1] if (person := _person(one, mail.inbox.address))]
    return [one for one in (*asked, *recipients.everybody) if not addressing.is_own(one.address, own)]
