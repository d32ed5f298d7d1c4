"""Read what the ticket page shows beside its timeline (timelining.py), in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import Membership
from customers.models import Customer
from customers.services import reading as customer_reading
from integrations.services import reading as store_reading
from tickets.kinds import Status
from tickets.models import Attachment, Message, Ticket

TICKETS_SHOWN = 50  # on the customer's own page


@dataclass(frozen=True)
class OtherTickets:
    total: int
    open: int


@dataclass(frozen=True)
class CustomerCard:
    """The customer beside a ticket, in F3's order; attributes are those the card's templates name."""

    profile: customer_reading.Profile
    sources: Sequence[Any]
    orders: Sequence[Any]
    orders_count: int
    spent: Sequence[str]
    returning: str
    other_tickets: OtherTickets

    def __getattr__(self, name: str) -> Any:
        # The profile's own parts (note, emails, presence …) read as the card's.
        if name == "profile":
            raise AttributeError(name)
        return getattr(self.profile, name)


def read_card(*, customer: Customer, beside: Ticket | None, reader: Membership, at: datetime) -> CustomerCard:
    """The whole card, for `reader`; `beside` is the ticket it stands next to, which is none of the *other* tickets."""
    profile = customer_reading.read_profile(customer=customer, at=at, reader=reader)
    store = store_reading.read_store_side(customer_id=customer.pk)
    others = _count_others(customer, beside, reader)
    return CustomerCard(
        profile=profile,
        sources=store.sources,
        orders=store.orders,
        orders_count=store.orders_count,
        spent=store.spent,
        returning=_returning(store.orders_count, others.total),
        other_tickets=others,
    )


def read_tickets(*, customer: Customer, reader: Membership) -> Sequence[Ticket]:
    """The customer's newest tickets that `reader` may see."""
    tickets = Ticket.objects.visible_to(reader).unmerged().for_customer(customer.pk).with_people()
    return list(tickets.order_by("-pk")[:TICKETS_SHOWN])


def read_inline_places(*, message: Message) -> dict[str, int]:
    """Content id -> position, of the files that belong into the letter itself."""
    inline = Attachment.objects.filter(message=message, is_inline=True)
    return {one.content_id: one.position for one in inline}


def _count_others(customer: Customer, beside: Ticket | None, reader: Membership) -> OtherTickets:
    tickets = Ticket.objects.visible_to(reader).unmerged().for_customer(customer.pk)
    if beside is not None:
        tickets = tickets.exclude(pk=beside.pk)
    counts = tickets.aggregate(total=Count("pk"), open=Count("pk", filter=Q(status=Status.OPEN)))
    return OtherTickets(counts["total"], counts["open"])


def _returning(orders_count: int, other_tickets: int) -> str:
    """D6, with its reason."""
    if orders_count:
        return f"Returning · {orders_count} order{'s' if orders_count != 1 else ''}"
    return "Returning · wrote before, no orders" if other_tickets else "New"
