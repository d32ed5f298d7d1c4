"""What tickets know of a customer: what was written with them, and what they are in."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from customers.knowledge import Enclosed, Held, Person, mentions
from events.services.shredding import shred_events
from files.models import StoredFile
from tickets.models import (
    Attachment,
    Draft,
    DraftFile,
    Message,
    Participant,
    Recipient,
    SavedView,
    Ticket,
    TicketFieldValue,
)

ERASED = "Erased."  # stands where something was written
NOBODY = "Erased customer"


def _tickets(person: Person) -> QuerySet[Any, Any]:
    return Ticket.objects.filter(customer=person.customer)


def _messages(person: Person) -> QuerySet[Any, Any]:
    """All of their tickets, and what they wrote on others."""
    return Message.objects.filter(Q(ticket__customer=person.customer) | Q(author_customer=person.customer))


def _written_by(person: Person) -> QuerySet[Any, Any]:
    """What is theirs without doubt: of other people who wrote on their tickets the name stays."""
    own = Q(ticket__customer=person.customer, direction="in", author_customer=None)
    return Message.objects.filter(Q(author_customer=person.customer) | own | Q(author_address__in=person.addresses))


def _drafts(person: Person) -> QuerySet[Any, Any]:
    """To their tickets, and to them."""
    lines = ("to", "cc", "bcc")
    named = [Q(**{f"{line}__icontains": one}) for one in person.unmistakable for line in lines]
    to_them = Draft.objects.filter(reduce(or_, named)).only(*lines) if named else ()
    ids = [one.pk for one in to_them if mentions(f"{one.to} {one.cc} {one.bcc}", person)]
    return Draft.objects.filter(Q(ticket__customer=person.customer) | Q(pk__in=ids))


def _participants(person: Person) -> QuerySet[Any, Any]:
    return Participant.objects.filter(Q(customer=person.customer) | Q(address__in=person.addresses))


def _recipients(person: Person) -> QuerySet[Any, Any]:
    return Recipient.objects.filter(Q(address__in=person.addresses) | Q(message__ticket__customer=person.customer))


def _files(person: Person) -> QuerySet[StoredFile, StoredFile]:
    attached = Attachment.objects.filter(message__in=_messages(person)).values_list("file_id", flat=True)
    drafted = DraftFile.objects.filter(draft__in=_drafts(person)).values_list("file_id", flat=True)
    return StoredFile.objects.filter(pk__in={*attached, *drafted})


def search(person: Person) -> None:
    """What events of their tickets say, and filters that look for them."""
    with transaction.atomic():
        tickets = list(_tickets(person).values_list("pk", flat=True))
        shred_events(customer_id=person.customer.pk, ticket_ids=tickets)
        for view in SavedView.objects.all():
            if mentions(view.query, person):
                view.query = ""
                view.save(update_fields=["query"])


HELD = (
    Held("attachments", Attachment, lambda person: Attachment.objects.filter(message__in=_messages(person))),
    Held("drafts", Draft, _drafts),
    Held("recipients", Recipient, _recipients),
    Held(
        "messages",
        Message,
        _messages,
        {**dict.fromkeys(("quoted", "html", "joined_because", "warning", "delivery_detail"), ""), "text": ERASED},
    ),
    Held("written by", Message, _written_by, {"author_name": NOBODY, "author_address": ""}, is_told=False),
    Held("participants", Participant, _participants),
    Held(
        "ticket fields",
        TicketFieldValue,
        lambda person: TicketFieldValue.objects.filter(ticket__customer=person.customer),
    ),
    Held(
        "ticket fields, history",
        TicketFieldValue.history.model,
        lambda person: TicketFieldValue.history.filter(ticket_id__in=_tickets(person).values("pk")),
    ),
    Held("tickets", Ticket, _tickets, {"subject": ERASED, "preview": "", "customer_reason": ""}),
)
ENCLOSED = (Enclosed("attachments", _files),)
