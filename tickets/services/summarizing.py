"""Read what a customer's page says at a glance: work in hand, and what all tickets and orders come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from accounts.kinds import ActorKind
from accounts.models import Membership
from customers.kinds import ContactKind, Subscription
from customers.models import Customer, CustomerContact
from customers.services.naming_merged import mark_origins
from integrations.services.purchasing import OpenOrders, Purchases, read_open_orders, read_purchases
from tickets.kinds import LETTERS, DeliveryState, Direction, Status
from tickets.models import Message, Ticket
from tickets.services.reading import say_returning

WORK_SHOWN = 10


@dataclass(frozen=True)
class Work:
    """Open tickets, those waiting for a reply first, and orders in work (F87)."""

    tickets: Sequence[Ticket]
    has_more_tickets: bool
    orders: OpenOrders

    @property
    def live_names(self) -> str:
        """Of the tickets shown: one that is closed leaves the block."""
        return " ".join(ticket.live_name for ticket in self.tickets)


@dataclass(frozen=True)
class Talk:
    """What was said with a customer, on the tickets the reader may see. `sent` have left us; moments are None before
    the first message."""

    tickets: int
    open_tickets: int
    chats: int
    received: int
    sent: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Refusal:
    """An address that wants no mailings: since when, and who said so; "" where that is not known."""

    address: str
    at: datetime | None
    by: str


@dataclass(frozen=True)
class Totals:
    """The key indicators and communications of a customer (F18, F19, F21, D6)."""

    returning: str
    purchases: Purchases
    talk: Talk
    refusals: Sequence[Refusal]


def read_work(*, customer: Customer, reader: Membership, at: datetime) -> Work:
    """In three queries, in four where a ticket came by a merge; those of `reader`'s inboxes only."""
    found = read_open_tickets(customer=customer, reader=reader)
    orders = read_open_orders(customer=customer, at=at)
    return Work(found[:WORK_SHOWN], len(found) > WORK_SHOWN, orders)


def read_open_tickets(*, customer: Customer, reader: Membership) -> Sequence[Ticket]:
    """Those waiting for a reply first; one more than are shown where there are more."""
    tickets = Ticket.objects.visible_to(reader).unmerged().for_customer(customer.pk).open().with_people()
    found = list(tickets.order_by("-awaits_reply", "-last_message_at", "-pk")[: WORK_SHOWN + 1])
    mark_origins(customer, found)
    return found


def read_totals(*, customer: Customer, reader: Membership) -> Totals:
    """In six queries, however many tickets and orders there are."""
    purchases, talk = read_purchases(customer=customer), _read_talk(customer, reader)
    return Totals(
        returning=say_returning(orders=purchases.stored, tickets=talk.tickets),
        purchases=purchases,
        talk=talk,
        refusals=_read_refusals(customer),
    )


def _read_talk(customer: Customer, reader: Membership) -> Talk:
    tickets = Ticket.objects.visible_to(reader).for_customer(customer.pk)
    counts = tickets.unmerged().aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(status=Status.OPEN)),
        chats=Count("pk", filter=~Q(inbox__kind=LETTERS)),
    )
    letters = Q(ticket__inbox__kind=LETTERS)
    stayed = Q(delivery_state__in=(DeliveryState.QUEUED, DeliveryState.FAILED))
    said = Message.objects.filter(ticket__in=tickets).exclude(direction=Direction.NOTE)
    talked = said.aggregate(
        first=Min("created_at"),
        last=Max("created_at"),
        received=Count("pk", filter=letters & Q(direction=Direction.IN)),
        sent=Count("pk", filter=letters & Q(direction=Direction.OUT) & ~stayed),
    )
    return Talk(
        tickets=counts["total"],
        open_tickets=counts["open"],
        chats=counts["chats"],
        received=talked["received"],
        sent=talked["sent"],
        first_at=talked["first"],
        last_at=talked["last"],
    )


def _read_refusals(customer: Customer) -> Sequence[Refusal]:
    lines = CustomerContact.objects.filter(customer=customer, contact__kind=ContactKind.EMAIL)
    gone = lines.filter(contact__subscription=Subscription.UNSUBSCRIBED).select_related("contact").in_order()
    return [_refusal(line) for line in gone]


def _refusal(line: CustomerContact) -> Refusal:
    contact, origin = line.contact, line.contact.subscription_origin
    return Refusal(line.typed, contact.subscription_at, str(ActorKind(origin).label) if origin else "")
