"""Internal notes: among agents, never to the customer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from events.models.notification import NotificationKind
from events.services.notifying import notify
from events.services.recording import record
from tickets.bodies import Body
from tickets.kinds import Direction, MessageEvent
from tickets.mentions import mark_mentions
from tickets.models import Message, Ticket
from tickets.services import carrying
from tickets.services.assigning import answerers_of


class EmptyNote(Exception):
    """There is nothing to note."""


def add_note(
    *, ticket: Ticket, body: Body, agent: Membership, at: datetime, files: Sequence[carrying.Carried] = ()
) -> Message:
    """Add an internal note, and tell whom it mentions among those who may see the ticket.

    It is no message to or from the customer: preview, order and status of the ticket stay. Raises EmptyNote,
    carrying.TooBig.
    """
    if not body.text:
        raise EmptyNote
    carrying.check_size(files)
    with transaction.atomic():
        ticket = Ticket.objects.locked_where_messages_go(ticket)
        team = list(answerers_of(ticket.inbox))
        marked = mark_mentions(body.html, names={one.name for one in team})
        message = _add(ticket, Body(marked.html, body.text), agent, at)
        carrying.attach(message=message, files=files)
        event = record(
            MessageEvent.NOTED,
            subject=message,
            actor=agent.as_actor(),
            data={"message": message.pk},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name,),
        )
        mentioned = [one for one in team if one.name in marked.names]
        notify(event=event, kind=NotificationKind.MENTIONED, members=mentioned)
    return message


def _add(ticket: Ticket, body: Body, agent: Membership, at: datetime) -> Message:
    number = ticket.mark_message(preview=ticket.preview, at=ticket.last_message_at, awaits_reply=ticket.awaits_reply)
    return Message.objects.create(
        ticket=ticket,
        number=number,
        direction=Direction.NOTE,
        author_member=agent,
        author_name=agent.name,
        text=body.text,
        html=body.html,
        created_at=at,
    )
