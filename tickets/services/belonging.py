"""What of tickets belongs to a customer, and which of them may be given away when merged profiles are split again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from core.database.among import Among
from customers.belongings import Choice, Counter, Kept, Moved, Offer
from tickets.models import Attachment, Message, Participant, Ticket

OFFERED = 100  # tickets


def count_files(ids: Collection[int]) -> int:
    """Of the customer's tickets and of what they wrote on others'; pictures inside a letter are part of its text."""
    files = Attachment.objects.filter(is_inline=False)
    on_tickets = files.filter(message__ticket__customer__in=ids)
    elsewhere = files.filter(message__author_customer__in=ids).exclude(message__ticket__customer__in=ids)
    return int(on_tickets.count() + elsewhere.count())


def count_messages(ids: Collection[int]) -> int:
    """What they wrote."""
    return int(Message.objects.filter(author_customer__in=ids).count())


def list_since(holder_id: int, since: datetime) -> Sequence[Choice]:
    """Tickets the holder got since then, newest first."""
    rows = Ticket.objects.for_customer(holder_id).filter(created_at__gte=since, origin_customer_id=None)
    return [
        Choice(one.pk, f"{one.number} · {one.subject or one.preview}".rstrip(" ·"), one.get_absolute_url())
        for one in rows.order_by("-pk")[:OFFERED]
    ]


def give(ids: Collection[int], holder_id: int, owner_id: int, since: datetime) -> None:
    """With what the holder wrote on them, and as whom they are on them. Others' and older ones stay."""
    rows = Ticket.objects.for_customer(holder_id).filter(created_at__gte=since, origin_customer_id=None)
    tickets = list(rows.filter(Among("pk", ids)).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=tickets).update(customer=owner_id)
    Message.objects.filter(ticket__in=tickets, author_customer=holder_id).update(author_customer=owner_id)
    people = Participant.objects.filter(ticket__in=tickets, customer=holder_id, origin_customer_id=None)
    people.update(customer=owner_id)


MOVED = (
    Moved("tickets", Ticket, offer=Offer(list_since, give)),
    Moved("copies", Participant),
)
# Moving them would index each text anew, of tens of thousands.
KEPT = (Kept(Message, "author_customer", "says who wrote it; read of all ids a profile has"),)
COUNTERS = (Counter("messages", count_messages, stays=True), Counter("files", count_files))
