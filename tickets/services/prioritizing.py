"""Say how pressing a ticket is."""

from django.db import transaction

from accounts.kinds import Actor
from events.services.recording import record
from tickets.kinds import Priority, TicketEvent
from tickets.models import Ticket


def set_priority(*, ticket: Ticket, priority: Priority, actor: Actor) -> Ticket:
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        before = ticket.priority
        if before == priority:
            return ticket
        ticket.mark_priority(priority=priority)
        record(
            TicketEvent.PRIORITIZED,
            subject=ticket,
            actor=actor,
            data={"from": int(before), "to": int(priority)},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket
