"""Open tickets."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from core.text import excerpt
from customers.models import Customer
from customers.services.writing_fields import fill_defaults
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Inbox, Ticket


def open_ticket(
    *,
    inbox: Inbox,
    subject: str,
    customer: Customer | None,
    customer_reason: str,
    actor: Actor,
    at: datetime,
    linked_to: Ticket | None = None,
    first_text: str | None = None,
) -> Ticket:
    """Create a ticket without messages; the caller adds the first one in the same transaction. With `first_text` the
    customer's first message, of that text, is counted already (receiving.receive_message, `is_new`).

    `customer_reason` says why this customer, or why none (F32).
    """
    with transaction.atomic(savepoint=False):
        ticket = Ticket.objects.create(
            number=next_number("ticket"),
            inbox=inbox,
            subject=subject[:500],
            customer=customer,
            customer_reason=customer_reason[:200],
            linked_to=linked_to,
            created_at=at,
            last_message_at=at,
            message_count=0 if first_text is None else 1,
            preview=excerpt(first_text or "", 200),
        )
        fill_defaults(ticket, actor=actor)
        record(
            TicketEvent.OPENED,
            subject=ticket,
            actor=actor,
            data={"channel": inbox.kind},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            at=at,
            live=("inbox", *([customer.live_name] if customer else [])),
        )
    return ticket
