"""Internal notes: among agents, never to the customer."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from core.text import clean_text
from events.services.recording import record
from tickets.kinds import Direction, MessageEvent
from tickets.models import Message, Ticket


class EmptyNote(Exception):
    """There is nothing to note."""


def add_note(*, ticket: Ticket, text: str, agent: Membership, at: datetime) -> Message:
    """Add an internal note. It is no message to or from the customer: preview, order and status of the ticket stay.

    Raises EmptyNote.
    """
    text = clean_text(text).strip()
    if not text:
        raise EmptyNote
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        number = ticket.mark_message(
            preview=ticket.preview, at=ticket.last_message_at, awaits_reply=ticket.awaits_reply
        )
        message = Message.objects.create(
            ticket=ticket,
            number=number,
            direction=Direction.NOTE,
            author_member=agent,
            author_name=agent.name,
            text=text,
            created_at=at,
        )
        record(
            MessageEvent.NOTED,
            subject=message,
            actor=agent.as_actor(),
            data={"message": message.pk},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name,),
        )
    return message
