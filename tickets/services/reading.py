"""Read what the ticket page shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from accounts.models import Membership
from customers.models import Customer
from customers.services import reading as customer_reading
from events.kinds import all_types
from events.models import Event
from integrations.services import reading as store_reading
from tickets.kinds import Status
from tickets.models import Attachment, Message, Ticket

# A ticket longer than this shows its newest part; reading the rest is paging, not one huge page.
TIMELINE_LIMIT = 300
TICKETS_SHOWN = 50  # on the customer's own page


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a message or something that happened, never both."""

    at: datetime
    message: Message | None = None
    event: Event | None = None


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


def read_timeline(*, ticket: Ticket) -> list[Entry]:
    """Messages and events of the ticket by time, oldest first; three queries, however many messages."""
    files = Prefetch("attached", Attachment.objects.select_related("file").order_by("position"))
    messages = list(Message.objects.filter(ticket=ticket).prefetch_related(files).order_by("-number")[:TIMELINE_LIMIT])
    for message in messages:
        message.ticket = ticket
    _mark_last_from_customer(messages)
    shown = [one.name for one in all_types() if one.on_timeline]
    events = Event.objects.for_ticket(ticket.pk).filter(type__in=shown).order_by("-pk")[:TIMELINE_LIMIT]
    entries = [Entry(one.created_at, message=one) for one in messages]
    entries += [Entry(one.created_at, event=one) for one in events]
    # At the same instant what happened comes before what was said: opening before the first message.
    return sorted(entries, key=lambda entry: (entry.at, entry.message is not None))


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
    tickets = Ticket.objects.visible_to(reader).for_customer(customer.pk).with_people()
    return list(tickets.order_by("-pk")[:TICKETS_SHOWN])


def read_inline_places(*, message: Message) -> dict[str, int]:
    """Content id -> position, of the files that belong into the letter itself."""
    inline = Attachment.objects.filter(message=message, is_inline=True)
    return {one.content_id: one.position for one in inline}


def _mark_last_from_customer(newest_first: Sequence[Message]) -> None:
    # F61: the dot stands on the avatar of the customer's most recent message only.
    last = next((message for message in newest_first if message.is_inbound), None)
    if last is not None:
        last.is_last_from_customer = True


def _count_others(customer: Customer, beside: Ticket | None, reader: Membership) -> OtherTickets:
    tickets = Ticket.objects.visible_to(reader).for_customer(customer.pk)
    if beside is not None:
        tickets = tickets.exclude(pk=beside.pk)
    counts = tickets.aggregate(total=Count("pk"), open=Count("pk", filter=Q(status=Status.OPEN)))
    return OtherTickets(counts["total"], counts["open"])


def _returning(orders_count: int, other_tickets: int) -> str:
    """D6, with its reason."""
    if orders_count:
        return f"Returning · {orders_count} order{'s' if orders_count != 1 else ''}"
    return "Returning · wrote before, no orders" if other_tickets else "New"
