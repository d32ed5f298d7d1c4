"""What of tickets belongs to a customer, and which of them may be given away when merged profiles are split again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from core.database.among import Among, AmongTexts
from customers.belongings import Change, Choice, Counter, Kept, Moved, Offer
from customers.kinds import ContactKind
from customers.models import CustomerContact
from tickets.kinds import Direction
from tickets.models import Attachment, Message, Participant, Ticket

OFFERED = 100  # tickets


def count_files(ids: Collection[int]) -> int:
    """Of the customer's tickets and of what they wrote on others'; pictures inside a letter are part of its text."""
    files = Attachment.objects.filter(is_inline=False)
    on_tickets = files.filter(message__ticket__customer__in=ids)
    elsewhere = files.filter(message__author_customer__in=ids).exclude(message__ticket__customer__in=ids)
    return int(on_tickets.count() + elsewhere.count())


def count_copied(ids: Collection[int]) -> int:
    """Others' tickets on which they are one of the people."""
    people = Participant.objects.filter(customer__in=ids).exclude(ticket__customer__in=ids)
    return int(people.values("ticket").distinct().count())


def count_messages(ids: Collection[int]) -> int:
    """What they wrote."""
    return int(Message.objects.filter(author_customer__in=ids).count())


def list_since(holder_id: int, since: datetime) -> Sequence[Choice]:
    """Tickets the holder got since then, newest first."""
    rows = Ticket.objects.for_customer(holder_id).filter(created_at__gte=since, origin_customer_id=None)
    return [
        Choice(one.pk, f"#{one.number} · {one.subject or one.preview}".rstrip(" ·"), one.get_absolute_url())
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


def follow_parting(change: Change) -> None:
    """Letters that came while both were one, onto tickets that are the other's again and from addresses that are only
    theirs, were written by the other; so was whoever joined those tickets by them.
    """
    other, holder = change.other, change.holder
    held = CustomerContact.objects.filter(contact__kind=ContactKind.EMAIL)
    shared = held.filter(customer=holder.pk).values("contact")
    own = held.filter(customer=other.pk).exclude(contact__in=shared)
    addresses = list(own.values_list("contact__value", flat=True))
    if not addresses:
        return
    tickets = Ticket.objects.for_customer(other.pk).filter(last_message_at__gte=change.merge.created_at)
    ids = list(tickets.values_list("pk", flat=True))
    staying = [pk for pk in holder.all_ids if pk not in other.all_ids]
    letters = Message.objects.filter(Among("ticket", ids), AmongTexts("author_address", addresses))
    letters = letters.filter(created_at__gte=change.merge.created_at, direction=Direction.IN)
    letters.filter(author_customer__in=staying).update(author_customer=other.pk)
    people = Participant.objects.filter(Among("ticket", ids), AmongTexts("address", addresses), customer=holder.pk)
    people.update(customer=other.pk, origin_customer_id=None)


MOVED = (
    Moved("tickets", Ticket, offer=Offer(list_since, give)),
    Moved("copies", Participant, is_told=False),
)
# Moving them would index each text anew, of tens of thousands.
KEPT = (Kept(Message, "author_customer", "says who wrote it; read of all ids a profile has"),)
COUNTERS = (
    Counter("tickets on copy", count_copied),
    Counter("messages", count_messages, stays=True),
    Counter("files", count_files),
)
