"""Reply to the customer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership
from accounts.services.configuring import read_setting
from core.text import excerpt
from events.services.recording import record
from tickets.addresses import Person, Recipients
from tickets.bodies import Body
from tickets.kinds import DeliveryState, Direction, MessageEvent
from tickets.models import Message, Ticket
from tickets.options import UNDO_SEND_SECONDS
from tickets.services import addressing, carrying, closing


class EmptyText(Exception):
    """There is nothing to send."""


def reply(
    *,
    ticket: Ticket,
    body: Body,
    agent: Membership,
    at: datetime,
    recipients: Recipients | None = None,
    files: Sequence[carrying.Carried] = (),
    closes: bool = False,
) -> Message:
    """Add an outbound message; the ticket's channel delivers it once it can no longer be taken back.

    Without `recipients` it goes to the ticket's own. `closes` closes an open ticket with it. On a ticket that was just
    merged it stands where that one's messages went. Raises EmptyText, addressing.NoRecipient, addressing.OwnInbox,
    carrying.TooBig.
    """
    if not body.text:
        raise EmptyText
    carrying.check_size(files)
    with transaction.atomic():
        ticket = Ticket.objects.locked_where_messages_go(ticket)
        recipients = recipients or _default(ticket)
        addressing.check_recipients(recipients)
        message = _add(ticket, body, agent, at, closes and ticket.is_open)
        carrying.attach(message=message, files=files)
        addressing.address_message(message=message, recipients=recipients)
        # Who is hidden from the others stays so: on the ticket their address would be offered to everybody's replies.
        addressing.add_participants(ticket=ticket, people=(*recipients.to, *recipients.cc))
        _record(ticket, message, agent)
        if message.closes:
            closing.close_ticket(ticket=ticket, actor=agent.as_actor(), at=at)
    return message


def _default(ticket: Ticket) -> Recipients:
    person: Person | None = addressing.recipient_of(ticket)
    return Recipients(to=(person,) if person else ())


def _add(ticket: Ticket, body: Body, agent: Membership, at: datetime, closes: bool) -> Message:
    number = ticket.mark_message(preview=excerpt(body.text, 200), at=at, awaits_reply=False)
    ticket.mark_replied(at=at)
    wait = timedelta(seconds=read_setting(UNDO_SEND_SECONDS))
    return Message.objects.create(
        ticket=ticket,
        number=number,
        direction=Direction.OUT,
        author_member=agent,
        author_name=agent.name,
        text=body.text,
        html=body.html,
        closes=closes,
        delivery_state=DeliveryState.QUEUED,
        created_at=at,
        undo_until=at + wait if wait else None,
    )


def _record(ticket: Ticket, message: Message, agent: Membership) -> None:
    record(
        MessageEvent.SENT,
        subject=message,
        actor=agent.as_actor(),
        data={"message": message.pk},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        at=message.created_at,
        live=(ticket.live_name, "inbox"),
        react_at=message.undo_until,
    )
