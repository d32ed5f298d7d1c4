"""Acknowledge a customer's first message: an automatic letter that counts as no answer."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.kinds import SYSTEM
from customers.models import Customer
from events.services.recording import record
from tickets.addresses import Person, Recipients
from tickets.bodies import Body, body_from_either, body_from_html
from tickets.kinds import DeliveryState, Direction, MessageEvent
from tickets.models import Message, Ticket
from tickets.services import addressing, filling

LONGEST = 4_000  # characters
# Whoever forges a sender's address a second time must wait so long for their victim to be written to.
KNOWN_AFTER = timedelta(days=1)
ONCE_IN = timedelta(hours=1)
TICKETS_LOOKED_AT = 50

# What there is to fill in. The subject is a stranger's words, which would go wherever they say they are from.
VARIABLES = tuple(name for name in filling.VARIABLES if not name.startswith("agent.") and name != "ticket.subject")
_ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.OPENED)


def acknowledge(*, ticket: Ticket, to: Person, at: datetime) -> Message | None:
    """Add what the inbox says to whom a ticket is opened by; None when it says nothing. Call inside a transaction.

    The ticket still waits for an answer, and the list still shows what the customer wrote.
    """
    body = _body(ticket)
    if not body.text:
        return None
    ticket = Ticket.objects.locked(ticket)
    number = ticket.mark_message(preview=ticket.preview, at=at, awaits_reply=ticket.awaits_reply)
    message = Message.objects.create(
        ticket=ticket,
        number=number,
        direction=Direction.OUT,
        author_name=ticket.inbox.sender_name or ticket.inbox.name,
        text=body.text,
        html=body.html,
        is_automatic=True,
        delivery_state=DeliveryState.QUEUED,
        created_at=at,
    )
    addressing.address_message(message=message, recipients=Recipients(to=(to,)))
    record(
        MessageEvent.SENT,
        subject=message,
        actor=SYSTEM,
        data={"message": message.pk},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        at=at,
        live=(ticket.live_name,),
    )
    return message


def unknown_names(html: str) -> tuple[str, ...]:
    """What stands in double braces in such a text and is not filled in, as it reads."""
    agents = tuple(name for name in filling.VARIABLES if name not in VARIABLES)
    return tuple(dict.fromkeys([*filling.unknown_names(html), *(one for one in agents if "{{" + one in html)]))


def is_known(*, customer: Customer, address: str, at: datetime) -> bool:
    """Whether the customer wrote from the address before, and not only just now, or got an agent's letter there."""
    tickets = Ticket.objects.for_customer(customer.pk).order_by("-pk")[:TICKETS_LOOKED_AT]
    wrote = Q(direction=Direction.IN, author_address=address, created_at__lte=at - KNOWN_AFTER)
    got = Q(direction=Direction.OUT, recipients__address=address, delivery_state__in=_ARRIVED)
    return Message.objects.filter(wrote | got, ticket__in=tickets, is_automatic=False).exists()


def was_acknowledged(*, address: str, at: datetime) -> bool:
    """Whether the address got an automatic letter within `ONCE_IN`."""
    automatic = Message.objects.filter(direction=Direction.OUT, is_automatic=True, created_at__gt=at - ONCE_IN)
    return automatic.filter(recipients__address=address).exists()


def _body(ticket: Ticket) -> Body:
    """Variables come last: what a customer's name says is text, never markup and never a variable."""
    designed = body_from_either(ticket.inbox.acknowledgement).html
    known = filling.read_values(ticket=ticket, agent=None, inbox=ticket.inbox)
    values = {name: value for name, value in known.items() if name in VARIABLES}
    return body_from_html(filling.fill(html=designed, values=values))
