"""Close and reopen tickets."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Ticket


class AlreadyClosed(Exception):
    """A colleague or a rule closed the ticket first."""


class AlreadyOpen(Exception):
    """A colleague or a message opened the ticket first."""


class IsMerged(AlreadyOpen):
    """Its messages stand on another ticket: it stays closed as long as they do."""


def close_ticket(*, ticket: Ticket, actor: Actor, at: datetime) -> Ticket:
    """A snoozed ticket is closed for good. Raises AlreadyClosed."""
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.is_closed and not ticket.is_snoozed:
            raise AlreadyClosed
        ticket.mark_closed(at=at)
        record(
            TicketEvent.CLOSED,
            subject=ticket,
            actor=actor,
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket


def reopen_ticket(*, ticket: Ticket, actor: Actor) -> Ticket:
    """A snooze ends with it. Raises AlreadyOpen, IsMerged."""
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.merged_into_id is not None:
            raise IsMerged
        if ticket.is_open:
            raise AlreadyOpen
        ticket.mark_open()
        record(
            TicketEvent.REOPENED,
            subject=ticket,
            actor=actor,
            data={"by_message": False},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            # The customer's page shows open tickets, and has not listened to one that was closed.
            live=(ticket.live_name, "inbox", *([ticket.customer.live_name] if ticket.customer else [])),
        )
    return ticket
