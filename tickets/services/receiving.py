"""Add what a customer wrote to a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor, ActorKind
from core.database.rows import insert_or_change
from core.text import excerpt
from customers.models import Customer
from events.services.recording import record
from files.models import StoredFile
from tickets.addresses import Recipients
from tickets.kinds import Direction, MessageEvent, TicketEvent
from tickets.models import Message, Participant, Ticket
from tickets.services import addressing, carrying, telling


@dataclass(frozen=True)
class ReceivedFile:
    """A stored file that came with a message."""

    file: StoredFile
    is_inline: bool
    content_id: str


@dataclass(frozen=True)
class Letter:
    """What was written, as a channel understood it. `text` is the new text only."""

    author_name: str
    author_address: str
    text: str
    quoted: str
    html: str
    files: Sequence[ReceivedFile]
    recipients: Recipients = field(default_factory=Recipients)
    warning: str = ""


def receive_message(
    *,
    ticket: Ticket,
    letter: Letter,
    customer: Customer | None,
    joined_because: str,
    reopens: bool,
    at: datetime,
    is_new: bool = False,
) -> Message:
    """Add an inbound message and tell who must know. A closed ticket opens again when `reopens`.

    One for a ticket that is merged, perhaps a moment ago, stands on the ticket it was merged into: `message.ticket`.
    Automatic answers do not reopen, and do not make the ticket wait for a reply. `is_new` says that this transaction
    has opened the ticket, for this message: nobody else sees it, so there is nothing to lock, and nothing to count.
    """
    with transaction.atomic(savepoint=False):
        if not is_new:
            ticket = Ticket.objects.locked_where_messages_go(ticket)
            waits = reopens or ticket.awaits_reply
            ticket.mark_message(preview=excerpt(letter.text, 200), at=at, awaits_reply=waits)
        message = Message.objects.create(
            ticket=ticket,
            number=ticket.message_count,
            direction=Direction.IN,
            author_customer=customer,
            author_name=letter.author_name[:200],
            author_address=letter.author_address[:320],
            text=letter.text,
            quoted=letter.quoted,
            html=letter.html,
            joined_because=joined_because[:200],
            warning=letter.warning[:500],
            is_automatic=not reopens,
            created_at=at,
        )
        carrying.attach(message=message, files=letter.files)
        addressing.address_message(message=message, recipients=letter.recipients)
        if reopens:  # a machine that answers is not somebody on the ticket
            _add_writer(ticket, letter, customer)
        _record(ticket, message, customer, letter, reopens)
    return message


def _add_writer(ticket: Ticket, letter: Letter, customer: Customer | None) -> None:
    if letter.author_address:
        writer = Participant(
            ticket=ticket,
            address=letter.author_address[:320],
            has_written=True,
            customer=customer,
            name=letter.author_name[:200],
        )
        unique, change = ("tenant", "ticket", "address"), ("has_written", "customer", "name")
        insert_or_change([writer], unique=unique, change=change)


def _record(ticket: Ticket, message: Message, customer: Customer | None, letter: Letter, reopens: bool) -> None:
    customer_id = customer.pk if customer else None
    actor = Actor(ActorKind.CUSTOMER, customer_id, letter.author_name)
    received = record(
        MessageEvent.RECEIVED,
        subject=message,
        actor=actor,
        data={"message": message.pk},
        ticket_id=ticket.pk,
        customer_id=customer_id,
        at=message.created_at,
        live=(ticket.live_name, "inbox", *([customer.live_name] if customer else [])),
    )
    if reopens:
        telling.tell_agents(ticket=ticket, event=received)
    if ticket.is_closed and reopens:
        ticket.mark_open()
        record(
            TicketEvent.REOPENED,
            subject=ticket,
            actor=actor,
            data={"by_message": True},
            ticket_id=ticket.pk,
            customer_id=customer_id,
            cause=received,
            at=message.created_at,
        )
