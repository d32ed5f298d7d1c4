"""Say what a ticket is about: one topic of ten (F72)."""

from django.db import transaction

from accounts.kinds import Actor
from events.services.recording import record
from tickets.kinds import TicketEvent, Topic
from tickets.models import Ticket


def set_topic(*, ticket: Ticket, topic: Topic | None, actor: Actor) -> Ticket:
    """None takes the topic away."""
    chosen = topic.value if topic else ""
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        before = ticket.topic
        if before == chosen:
            return ticket
        ticket.mark_topic(topic=topic)
        record(
            TicketEvent.TOPIC_SET,
            subject=ticket,
            actor=actor,
            data={"from": str(before), "to": chosen},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket
