"""Take a message back before it goes out."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from events.services.recording import record
from tickets.kinds import DeliveryState, MessageEvent, TicketEvent
from tickets.models import Message, Ticket
from tickets.services import drafting
from tickets.services.recounting import recount


class NotTheAuthor(Exception):
    """Only who wrote a message takes it back."""


class AlreadyOnItsWay(Exception):
    """The time is over, or a worker has taken the message, or it is gone already."""


def withdraw_message(*, message: Message, agent: Membership, at: datetime) -> Ticket:
    """Remove a message that waits; its words, recipients and files are the agent's draft again. Returns its ticket.

    Of us and the worker that sends it, whoever locks the row first wins. A ticket that was closed with the message
    opens again. Raises NotTheAuthor, AlreadyOnItsWay.
    """
    with transaction.atomic():
        ticket = Ticket.objects.locked_where_messages_go(message.ticket)
        row = Message.objects.select_for_update().filter(pk=message.pk, ticket=ticket).first()
        if row is None:
            raise AlreadyOnItsWay
        if row.author_member_id != agent.pk:
            raise NotTheAuthor
        if not _can_wait(row, at):
            raise AlreadyOnItsWay
        drafting.put_back(message=row)
        _record(ticket, row, agent)
        # Whoever closed it since, or a customer who opened it, meant what they did.
        opens = row.closes and ticket.is_closed and ticket.closed_at == row.created_at
        row.delete()
        recount(ticket=ticket)
        if opens:
            _reopen(ticket, agent)
    return ticket


def _can_wait(message: Message, at: datetime) -> bool:
    is_waiting = message.is_outbound and message.delivery_state == DeliveryState.QUEUED
    return is_waiting and message.undo_until is not None and at < message.undo_until


def _record(ticket: Ticket, message: Message, agent: Membership) -> None:
    record(
        MessageEvent.WITHDRAWN,
        subject=message,
        actor=agent.as_actor(),
        data={"message": message.pk},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        live=(ticket.live_name, "inbox"),
    )


def _reopen(ticket: Ticket, agent: Membership) -> None:
    ticket.mark_open()
    record(
        TicketEvent.REOPENED,
        subject=ticket,
        actor=agent.as_actor(),
        data={"by_message": False},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
    )
