"""Whom messages go to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from core.contacts import NotAnAddress, normalize_email
from core.database.queries import Query
from core.database.rows import insert, insert_missing
from customers.kinds import ContactKind
from customers.models import Customer
from tickets.addresses import Person, Recipients, TooManyRecipients
from tickets.kinds import Direction, RecipientKind
from tickets.models import Inbox, Message, Participant, Recipient, Ticket
from tickets.models.ticket import TicketQuerySet

MOST_SUGGESTED = 8
_PARTICIPANTS = Query(lambda ticket: Participant.objects.filter(ticket_id=ticket))
MOST_PARTICIPANTS = 40  # who wrote comes on top of it: nobody who writes is left out


class NoRecipient(Exception):
    """There is nobody to send it to."""


class OwnInbox(Exception):
    """An address is one of our own inboxes: the mail would come back as a new ticket. The text names them."""


def recipient_of(ticket: Ticket) -> Person | None:
    """Whom a reply goes to: the ticket's customer at the address they last wrote from, else who wrote first.

    Where nobody wrote (an agent began): the ticket's customer as a participant, else at their main address.
    """
    return _choose(ticket, list(Participant.objects.filter(ticket=ticket).order_by("pk")))


@dataclass(frozen=True)
class Correspondence:
    """Who is on a ticket, in the order of coming; whom the last letter was written to; our own addresses."""

    people: Sequence[Participant]
    copied: Sequence[Person]
    own: frozenset[str]


def with_correspondence(tickets: TicketQuerySet) -> TicketQuerySet:
    """With what `correspondence_of` reads, in the same query."""
    people = Participant.objects.filter(ticket=OuterRef("pk")).order_by("pk")
    letters = Message.objects.filter(ticket=OuterRef(OuterRef("pk")), direction=Direction.IN)
    copied = Recipient.objects.filter(message=Subquery(letters.order_by("-number").values("pk")[:1])).order_by("pk")
    facts = {"address": "address", "name": "name", "has_written": "has_written", "customer_id": "customer_id"}
    return tickets.annotate(
        people_on_it=ArraySubquery(people.values(one=JSONObject(pk="pk", **facts))),
        people_copied=ArraySubquery(copied.values(one=JSONObject(address="address", name="name"))),
        own_addresses=ArraySubquery(Inbox.objects.values("address")),
    )


def correspondence_of(ticket: Ticket) -> Correspondence:
    """Of a ticket that was read `with_correspondence`."""
    row: Any = ticket
    people = [Participant(**one) for one in row.people_on_it]
    copied = [Person(one["address"], one["name"]) for one in row.people_copied]
    return Correspondence(people, copied, frozenset(_normal(address) for address in row.own_addresses))


def reply_recipients(ticket: Ticket) -> Recipients:
    """What the composer begins with: the recipient, and in copy whoever else the last letter was written to.

    The ticket must have been read `with_correspondence`.
    """
    known = correspondence_of(ticket)
    to = _choose(ticket, known.people)
    return _capped([to] if to else [], [one for one in known.copied if not is_own(one.address, known.own)])


def participants_of(ticket: Ticket) -> list[Person]:
    """Everybody on a ticket that was read `with_correspondence`, those who wrote first: to choose from."""
    people = sorted(correspondence_of(ticket).people, key=lambda one: not one.has_written)
    return [Person(one.address, one.name) for one in people]


def suggest_people(*, words: str) -> list[Person]:
    """Customers to write to: whose name begins so, or whose whole address it is; at most `MOST_SUGGESTED`."""
    words = words.strip()
    if not words:
        return []
    try:
        rows = Customer.objects.alive().holding(ContactKind.EMAIL, normalize_email(words))
    except NotAnAddress:
        rows = Customer.objects.alive().named_like(words)
    found: Any = rows.with_main_contacts().order_by("name_folded", "pk")[:MOST_SUGGESTED]  # rows with `email`
    return [Person(_normal(one.email), one.full_name) for one in found if one.email]


def person_of(customer: Customer) -> Person | None:
    """A customer at their main e-mail address, None without one."""
    lines = customer.contacts.filter(contact__kind=ContactKind.EMAIL).select_related("contact")
    main = lines.in_order().first()
    return Person(main.contact.value, customer.full_name) if main else None


def check_recipients(recipients: Recipients) -> None:
    """Raises NoRecipient, OwnInbox."""
    if not recipients.to:
        raise NoRecipient
    own = own_addresses()
    if loops := [one.address for one in recipients.everybody if is_own(one.address, own)]:
        raise OwnInbox(", ".join(loops))


def address_message(*, message: Message, recipients: Recipients) -> None:
    """Write down whom a message goes to, or came to."""
    lists = ((RecipientKind.TO, recipients.to), (RecipientKind.CC, recipients.cc), (RecipientKind.BCC, recipients.bcc))
    insert(
        Recipient(message=message, kind=kind, address=one.address, name=one.name)
        for kind, people in lists
        for one in people
    )


def add_participants(*, ticket: Ticket, people: Iterable[Person]) -> None:
    """Remember who was written to or copied, until a ticket has `MOST_PARTICIPANTS`. Being copied gives no say in the
    ticket (B16).
    """
    new = {one.address[:320]: one.name[:200] for one in people}
    if not new:
        return
    known = {one.address for one in _PARTICIPANTS.all(ticket.pk)}
    new = {address: name for address, name in new.items() if address not in known}
    room = max(0, MOST_PARTICIPANTS - len(known))
    insert_missing(Participant(ticket=ticket, address=address, name=name) for address, name in list(new.items())[:room])


def recipients_of(message: Message) -> Recipients:
    """Whom a message was written to."""
    lists: dict[str, list[Person]] = {kind: [] for kind in RecipientKind}
    for row in Recipient.objects.filter(message=message).order_by("pk"):
        lists[row.kind].append(Person(row.address, row.name))
    to, cc, bcc = (tuple(lists[kind]) for kind in (RecipientKind.TO, RecipientKind.CC, RecipientKind.BCC))
    return Recipients(to, cc, bcc)


def own_addresses() -> frozenset[str]:
    """The addresses of every inbox of the workspace, in their normal spelling."""
    return frozenset(_normal(address) for address in Inbox.objects.values_list("address", flat=True))


def is_own(address: str, own: Collection[str]) -> bool:
    """Whether an address is one of `own`, perhaps with more behind a plus: support+t42@acme.example is the inbox
    support@acme.example (RFC 5233, sub-addressing).
    """
    return any(one in own for one in spellings_of(address))


def spellings_of(address: str) -> tuple[str, ...]:
    """The address, and those it is below: without its last plus, and without any; each once."""
    local, at, domain = address.rpartition("@")
    found = (local, local.rpartition("+")[0] or local, local.partition("+")[0] or local)
    return tuple(dict.fromkeys(f"{one}{at}{domain}" for one in found))


def _choose(ticket: Ticket, people: Sequence[Participant]) -> Person | None:
    """`people` stand in the order in which they came onto the ticket."""
    writers = [one for one in people if one.has_written]
    own = [one for one in people if ticket.customer_id and one.customer_id == ticket.customer_id]
    found = next((one for one in reversed(writers) if one in own), None) or next(iter([*writers, *own]), None)
    if found is not None:
        return Person(found.address, found.name)
    return person_of(ticket.customer) if ticket.customer else None


def _capped(to: list[Person], cc: list[Person]) -> Recipients:
    try:
        return Recipients.of(to=to, cc=cc)
    except TooManyRecipients:
        return Recipients.of(to=to)  # a mailing, not a conversation: nobody is copied unless the agent says so


def _normal(address: str) -> str:
    try:
        return normalize_email(address)
    except NotAnAddress:
        return address.strip().lower()
