"""Change the subject of a ticket."""

from django.db import transaction

from accounts.kinds import Actor
from core.text import clean_text
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Ticket

LONGEST = 500  # characters


class TooLong(Exception):
    """A subject has at most 500 characters."""


def rename_ticket(*, ticket: Ticket, subject: str, actor: Actor) -> Ticket:
    """Line breaks become blanks; an empty subject is legal. Raises TooLong."""
    subject = " ".join(clean_text(subject).split())
    if len(subject) > LONGEST:
        raise TooLong
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        before = ticket.subject
        if before == subject:
            return ticket
        ticket.mark_subject(subject=subject)
        record(
            TicketEvent.RENAMED,
            subject=ticket,
            actor=actor,
            data={"from": before, "to": subject},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket
