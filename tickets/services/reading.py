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


@dataclass(frozen=True)
class OtherTickets:
    """All of the customer's that the reader may see; `is_beside`: without the one the card stands beside."""

    total: int
    open: int
    is_beside: bool


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
    store = store_reading.read_store_side(customer_id=customer.pk, at=at)
    others = _count_others(customer, beside, reader)
    return CustomerCard(
        profile=profile,
        sources=store.sources,
        orders=store.orders,
        orders_count=store.orders_count,
        spent=store.spent,
        returning=say_returning(orders=store.orders_count, tickets=others.total + (1 if beside else 0)),
        other_tickets=others,
    )


def say_returning(*, orders: int, tickets: int) -> str:
    """New or returning, with its reason (D6): by the stores' own count of orders, else by more than one ticket."""
    if orders:
        return f"Returning · {orders} order{'s' if orders != 1 else ''}"
    return "Returning · wrote before, no orders" if tickets > 1 else "New"


def read_inline_places(*, message: Message) -> dict[str, int]:
    """Content id -> position, of the files that belong into the letter itself."""
    inline = Attachment.objects.filter(message=message, is_inline=True)
    return {one.content_id: one.position for one in inline}


def _count_others(customer: Customer, beside: Ticket | None, reader: Membership) -> OtherTickets:
    tickets = Ticket.objects.visible_to(reader).unmerged().for_customer(customer.pk)
    if beside is not None:
        tickets = tickets.exclude(pk=beside.pk)
    counts = tickets.aggregate(total=Count("pk"), open=Count("pk", filter=Q(status=Status.OPEN)))
    return OtherTickets(counts["total"], counts["open"], beside is not None)
