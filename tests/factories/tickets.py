"""Makers of tickets' rows."""

from typing import Any

from django.utils import timezone

from accounts.services.numbering import next_number
from core.text import fold
from tickets.models import Inbox, Message, Tag, Ticket


def make_inbox(address: str = "support@acme.example", **fields: Any) -> Inbox:
    fields = {"name": "Support", **fields}
    return Inbox.objects.create(number=next_number("inbox"), address=address, **fields)


def make_ticket(inbox: Inbox | None = None, **fields: Any) -> Ticket:
    now = timezone.now()
    fields = {"subject": "Where is my order?", "created_at": now, "last_message_at": now, **fields}
    return Ticket.objects.create(number=next_number("ticket"), inbox=inbox or make_inbox(), **fields)


def make_message(ticket: Ticket, text: str = "Hello", direction: str = "in", **fields: Any) -> Message:
    number = ticket.mark_message(preview=text, at=timezone.now(), awaits_reply=direction == "in")
    fields = {"author_name": "Ana Lopes", "created_at": timezone.now(), **fields}
    return Message.objects.create(ticket=ticket, number=number, direction=direction, text=text, **fields)


def make_tag(name: str, **fields: Any) -> Tag:
    return Tag.objects.create(number=next_number("tag"), name=name, name_folded=fold(name), **fields)
