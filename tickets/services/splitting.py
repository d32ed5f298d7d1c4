"""Split messages off into a ticket of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.kinds import Actor
from customers.models import Customer
from events.services.recording import record
from tickets.kinds import Direction, TicketEvent
from tickets.models import Message, Participant, Recipient, Ticket
from tickets.services import opening
from tickets.services.recounting import recount


class NothingToSplit(Exception):
    """The chosen messages are not on the ticket any more; a colleague was faster."""


class NothingWouldRemain(Exception):
    """All messages were chosen: that is the ticket there is already."""


def numbers_from(*, message: Message) -> list[int]:
    """Its number and those of all that was said later on its ticket, as the timeline has them."""
    later = Q(created_at__gt=message.created_at) | Q(created_at=message.created_at, number__gte=message.number)
    return list(Message.objects.filter(later, ticket_id=message.ticket_id).values_list("number", flat=True))


def may_take_later(*, message: Message) -> bool:
    """Whether something remains when it goes with all later ones."""
    return len(numbers_from(message=message)) < Message.objects.filter(ticket_id=message.ticket_id).count()


def split_ticket(*, ticket: Ticket, numbers: Collection[int], subject: str, actor: Actor, at: datetime) -> Ticket:
    """Move the messages of these numbers to a new ticket of the same inbox, linked to this one; returns the new one.

    Its customer is the author of the first chosen message that came in, else the ticket's. Mails that answer what
    moved follow it. Raises NothingToSplit, NothingWouldRemain.
    """
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        here = Message.objects.filter(ticket=ticket)
        wanted = here.filter(number__in=numbers).defer("text", "quoted", "html")
        chosen = list(wanted.order_by("created_at", "number"))
        if not chosen:
            raise NothingToSplit
        if len(chosen) == here.count():
            raise NothingWouldRemain
        fresh = _open(ticket, chosen, subject, actor, at)
        _move(chosen, fresh)
        _share_people(ticket, fresh)
        recount(ticket=fresh)
        recount(ticket=ticket)
        if not fresh.awaits_reply and ticket.is_closed:
            fresh.mark_closed(at=at)
        _record(ticket, fresh, actor, len(chosen))
    return fresh


def customer_of(*, ticket: Ticket, messages: Sequence[Message]) -> Customer | None:
    """Whose the new ticket will be."""
    author_id = _author_of(messages)
    return Customer.objects.top_of(author_id) if author_id else ticket.customer


def _author_of(messages: Sequence[Message]) -> int | None:
    return next((one.author_customer_id for one in messages if one.is_inbound and one.author_customer_id), None)


def _open(ticket: Ticket, chosen: Sequence[Message], subject: str, actor: Actor, at: datetime) -> Ticket:
    fresh = opening.open_ticket(
        inbox=ticket.inbox,
        subject=subject,
        customer=customer_of(ticket=ticket, messages=chosen),
        customer_reason=f"Split from #{ticket.number} by {actor.name}",
        actor=actor,
        at=at,
        linked_to=ticket,
    )
    origin_id = _author_of(chosen) or ticket.origin_customer_id
    fresh.mark_origin(customer_id=origin_id if origin_id != fresh.customer_id else None)
    return fresh


def _move(chosen: Sequence[Message], fresh: Ticket) -> None:
    """In the order of the timeline. What a merge would put back does not follow it: somebody has decided since."""
    for number, message in enumerate(chosen, start=1):
        message.ticket, message.number, message.origin, message.origin_number = fresh, number, None, None
    Message.objects.bulk_update(chosen, ["ticket", "number", "origin", "origin_number"], batch_size=500)


def _share_people(ticket: Ticket, fresh: Ticket) -> None:
    """Whoever wrote or was written to in what moved is on the new ticket, and so is its customer.

    Nobody leaves the old one, but who wrote nothing of what stays there counts as copied only (B16).
    """
    moved, stays = Message.objects.filter(ticket=fresh), Message.objects.filter(ticket=ticket, direction=Direction.IN)
    wrote = Q(address__in=moved.filter(direction=Direction.IN).values("author_address"))
    written_to = Q(address__in=Recipient.objects.filter(message__ticket=fresh).values("address"))
    customers = Q(customer_id=fresh.customer_id) if fresh.customer_id else Q(pk__in=())
    people = Participant.objects.filter(ticket=ticket)
    Participant.objects.bulk_create(
        Participant(
            ticket=fresh,
            address=one.address,
            name=one.name,
            customer_id=one.customer_id,
            origin_customer_id=one.origin_customer_id,
            has_written=one.has_written,
        )
        for one in people.filter(wrote | written_to | customers).order_by("pk")
    )
    if stays.exists():
        people.filter(wrote).exclude(address__in=stays.values("author_address")).update(has_written=False)


def _record(ticket: Ticket, fresh: Ticket, actor: Actor, moved: int) -> None:
    for one, other in ((ticket, fresh), (fresh, ticket)):
        record(
            TicketEvent.SPLIT,
            subject=one,
            actor=actor,
            data={"other": other.number, "messages": moved},
            ticket_id=one.pk,
            customer_id=one.customer_id,
            live=(one.live_name, "inbox"),
        )
