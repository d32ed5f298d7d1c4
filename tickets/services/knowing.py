"""What tickets know of a customer: what was written with them, and what they are in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.database.among import Among
from core.database.windows import windows
from customers.knowledge import Enclosed, Held, Person, Texts, mentions, names
from customers.services.striking import find_rows
from events.models import Event
from events.services.shredding import empty_keys, shred_events
from files.models import StoredFile
from tickets.kinds import Direction, TicketEvent
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
    return Ticket.objects.filter(customer__in=person.ids)


def messages_of(person: Person) -> QuerySet[Any, Any]:
    """What was said on their tickets, wherever it stands since a merge, and with them alone on tickets of others.

    What came onto a ticket of theirs by a merge is the other customer's.
    """
    tickets = list(_tickets(person).values_list("pk", flat=True))
    to_them = Recipient.objects.filter(address__in=person.addresses).values("message_id")
    to_others = Recipient.objects.filter(message_id=OuterRef("pk")).exclude(address__in=person.addresses)
    said = (
        Message.objects.filter(ticket__in=tickets, origin=None),
        Message.objects.filter(origin__in=tickets),
        Message.objects.filter(author_customer__in=person.ids),
        Message.objects.filter(pk__in=to_them, direction=Direction.OUT).exclude(Exists(to_others)),
    )
    # One after the other, each by an index of its own.
    return Message.objects.filter(Among("pk", {pk for rows in said for pk in rows.values_list("pk", flat=True)}))


def _written_by(person: Person) -> QuerySet[Any, Any]:
    """What is theirs without doubt: of other people who wrote on their tickets the name stays."""
    by_whom = Q(author_customer__in=person.ids) | Q(author_address__in=person.addresses)
    unknown = Message.objects.filter(
        Among("pk", _ids(messages_of(person))), direction=Direction.IN, author_customer=None
    )
    theirs = {*_ids(Message.objects.filter(by_whom)), *_ids(unknown)}
    return Message.objects.filter(Among("pk", theirs))


def _ids(rows: QuerySet[Any, Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _drafts(person: Person) -> QuerySet[Any, Any]:
    """To their tickets, and to them."""
    lines = ("to", "cc", "bcc")
    to_them = {pk for ids in find_rows(Texts(Draft, lines), person) for pk in ids}
    texts = Draft.objects.filter(pk__in=to_them).values_list("pk", *lines)
    theirs = {pk for pk, *said in texts if mentions(" ".join(said), person)}
    return Draft.objects.filter(Q(ticket__customer__in=person.ids) | Q(pk__in=theirs))


def _participants(person: Person) -> QuerySet[Any, Any]:
    return Participant.objects.filter(Q(customer__in=person.ids) | Q(address__in=person.addresses))


def _recipients(person: Person) -> QuerySet[Any, Any]:
    of_theirs = Q(message__in=_ids(messages_of(person)))
    return Recipient.objects.filter(Q(address__in=person.addresses) | of_theirs)


def _files(person: Person) -> QuerySet[StoredFile, StoredFile]:
    attached = Attachment.objects.filter(message__in=_ids(messages_of(person))).values_list("file_id", flat=True)
    drafted = DraftFile.objects.filter(draft__in=_drafts(person)).values_list("file_id", flat=True)
    return StoredFile.objects.filter(pk__in={*attached, *drafted})


def search(person: Person) -> None:
    """What events of their tickets say, what others quoted of them, and filters that look for them."""
    with transaction.atomic():
        tickets = _ids(_tickets(person))
        shred_events(customer_ids=person.ids, ticket_ids=tickets)
        _forget_former_name(person)
        _cut_quotes(person)
        for view in SavedView.objects.all():
            _forget_in_view(view, person)


def _forget_former_name(person: Person) -> None:
    """Of tickets that went to somebody else, or came from there."""
    for events in windows(Event.objects.all()):
        moved = events.filter(type=TicketEvent.CUSTOMER_SET.name)
        empty_keys(moved.filter(data__from__in=person.numbers), "from_name")
        empty_keys(moved.filter(data__to__in=person.numbers), "to_name")


def _cut_quotes(person: Person) -> None:
    """Where they wrote to somebody else, or were written to, answers quote them below what is new, and in the letter
    as it came; the new text stays.
    """
    theirs = set(_ids(messages_of(person)))
    wrote = {*Message.objects.filter(pk__in=theirs).values_list("ticket_id", flat=True)}
    were_on = {*_participants(person).values_list("ticket_id", flat=True)}
    others = Ticket.objects.filter(pk__in=wrote | were_on).exclude(customer__in=person.ids)
    for ticket in others.iterator(chunk_size=100):
        last = (
            Message.objects.filter(ticket=ticket).exclude(direction=Direction.NOTE).order_by("-created_at", "-number")
        )
        if last.values_list("pk", flat=True).first() in theirs:
            Ticket.objects.filter(pk=ticket.pk).update(preview=ERASED)
    letters = Message.objects.filter(ticket__in=_ids(others)).exclude(pk__in=theirs)
    for letter in letters.only("quoted", "html").iterator(chunk_size=20):
        said = {"quoted": letter.quoted, "html": letter.html}
        cut = {name: "" for name, text in said.items() if mentions(text, person) or names(text, person)}
        if cut:
            Message.objects.filter(pk=letter.pk).update(**cut)


def _forget_in_view(view: SavedView, person: Person) -> None:
    if mentions(view.query, person) or names(view.query, person):
        view.query = ""
    if mentions(view.name, person) or names(view.name, person):
        view.name = NOBODY
        told = Event.objects.filter(subject_kind="savedview", subject_id=view.pk)
        for event in told.filter(data__has_key="name"):
            Event.objects.filter(pk=event.pk).update(data={**event.data, "name": NOBODY})
    view.save(update_fields=["query", "name"])


HELD = (
    Held("attachments", Attachment, lambda person: Attachment.objects.filter(message__in=messages_of(person))),
    Held("drafts", Draft, _drafts),
    Held(
        "messages",
        Message,
        messages_of,
        {**dict.fromkeys(("quoted", "html", "joined_because", "warning", "delivery_detail"), ""), "text": ERASED},
    ),
    Held("written by", Message, _written_by, {"author_name": NOBODY, "author_address": ""}, is_told=False),
    # Behind the messages, some of which are found by whom they went to.
    Held("recipients", Recipient, _recipients),
    Held("participants", Participant, _participants),
    Held(
        "ticket fields",
        TicketFieldValue,
        lambda person: TicketFieldValue.objects.filter(ticket__customer__in=person.ids),
    ),
    Held(
        "ticket fields, history",
        TicketFieldValue.history.model,
        lambda person: TicketFieldValue.history.filter(ticket_id__in=_tickets(person).values("pk")),
    ),
    Held("tickets", Ticket, _tickets, {"subject": ERASED, "preview": "", "customer_reason": ""}),
)
ENCLOSED = (Enclosed("attachments", _files),)
TEXTS = (
    Texts(Message, ("text", "quoted", "html", "author_name", "joined_because", "warning", "delivery_detail")),
    Texts(Ticket, ("subject", "preview", "customer_reason")),
    Texts(Draft, ("subject", "html")),
    Texts(Recipient, ("name", "detail")),
    Texts(Participant, ("name",)),
    Texts(TicketFieldValue, ("text", "key")),
    Texts(TicketFieldValue.history.model, ("text",)),
)
