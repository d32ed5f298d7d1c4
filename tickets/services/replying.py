"""Reply to the customer."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from core.text import clean_text, excerpt
from events.services.recording import record
from tickets.kinds import DeliveryState, Direction, MessageEvent
from tickets.models import Message, Participant, Ticket


class EmptyText(Exception):
    """There is nothing to send."""


class NoRecipient(Exception):
    """Nobody on the ticket has an address to answer to."""


def reply(*, ticket: Ticket, text: str, agent: Membership, at: datetime) -> Message:
    """Add an outbound message; the ticket's channel delivers it after the commit.

    Raises EmptyText, NoRecipient.
    """
    text = clean_text(text).strip()
    if not text:
        raise EmptyText
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if recipient_of(ticket) is None:
            raise NoRecipient
        number = ticket.mark_message(preview=excerpt(text, 200), at=at, awaits_reply=False)
        message = Message.objects.create(
            ticket=ticket,
            number=number,
            direction=Direction.OUT,
            author_member=agent,
            author_name=agent.name,
            text=text,
            delivery_state=DeliveryState.QUEUED,
            created_at=at,
        )
        record(
            MessageEvent.SENT,
            subject=message,
            actor=agent.as_actor(),
            data={"message": message.pk},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return message


def recipient_of(ticket: Ticket) -> Participant | None:
    """Whom a reply goes to: the ticket's customer at the address they last wrote from, else who wrote first."""
    writers = Participant.objects.filter(ticket=ticket, has_written=True)
    own = writers.filter(customer_id=ticket.customer_id).order_by("pk").last() if ticket.customer_id else None
    return own or writers.order_by("pk").first()
