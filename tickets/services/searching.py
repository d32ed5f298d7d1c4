"""Find tickets by number, customer, contact, order, tag, or any word of subject and messages (F77)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Left

from accounts.models import Membership
from core.database.among import Among
from core.text import fold
from core.words import SHORTEST_BEGINNING, Piece, Typed, mark, plain, take_apart
from customers.models import Customer, CustomerContact
from customers.models.customer import CustomerQuerySet
from customers.services.following import replace_merged
from integrations.models import Order
from tickets.models import Message, Tag, Ticket, TicketTag
from tickets.models.ticket import TicketQuerySet
from tickets.services.matching import DEEP, OF_PEOPLE, QUICK, Hit, read_hits

NUMBER = re.compile(r"#?(\d{1,18})\Z")
A_PAGE = 51  # tickets after which a list looks no further: a page and the row that tells of the next
MOST = 1000  # tickets a search leads to, the newest
TICKETS_SHOWN, CUSTOMERS_SHOWN = 8, 3  # while typing
PEOPLE_SHOWN = 20  # where only customers are looked for
CUSTOMERS_COMPARED = 30  # the newest, of which those whose name begins as typed come first
PLACES_SHOWN = 2  # of a ticket
SNIPPET_OF = 20_000  # characters of a message in which the place of a word is looked for
PEOPLE = ("name", "email", "phone", "handle")
# The most telling first.
LABELS = {
    "number": "Ticket number",
    "order": "Order",
    "tag": "Tag",
    "subject": "Subject",
    "message": "Message",
    "file": "File name",
    "phone": "Phone",
    "email": "E-mail",
    "handle": "Handle",
    "name": "Customer name",
}
_RANKS = {place: rank for rank, place in enumerate(LABELS)}
_UNMARKED = frozenset({"number", "order", "tag", "phone", "email", "handle", "name"})  # shown whole


@dataclass(frozen=True)
class Place:
    """Where a ticket or a customer matched, and what stands there with the words marked."""

    label: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class FoundTicket:
    ticket: Ticket
    places: Sequence[Place]


@dataclass(frozen=True)
class FoundCustomer:
    customer: Customer
    place: Place


@dataclass(frozen=True)
class Found:
    """What is shown while somebody types; `is_more` when the list would show further tickets."""

    tickets: Sequence[FoundTicket] = ()
    customers: Sequence[FoundCustomer] = ()
    is_more: bool = False

    @property
    def count(self) -> int:
        return len(self.tickets) + len(self.customers)


@dataclass
class _Matches:
    """Ticket id -> place -> id of the row there; customer id -> the same. `survivors` has whoever was asked about."""

    tickets: dict[int, dict[str, int]] = field(default_factory=dict)
    customers: dict[int, dict[str, int]] = field(default_factory=dict)
    survivors: dict[int, int] = field(default_factory=dict)

    def add_ticket(self, ticket: int, place: str, row: int) -> None:
        rows = self.tickets.setdefault(ticket, {})
        rows[place] = max(row, rows.get(place, 0))

    def add_customer(self, customer: int, place: str, row: int) -> None:
        self.customers.setdefault(customer, {}).setdefault(place, row)


def search(tickets: TicketQuerySet, words: str) -> TicketQuerySet:
    """Narrow `tickets`, which are already those somebody may see, to those that match: the newest thousand of them.

    Of a word that stands in very many messages only the newest are looked at.
    """
    typed = take_apart(words)
    if not typed.text:
        return tickets
    matches = _match(tickets, typed, enough=A_PAGE)
    return tickets.filter(Among("pk", sorted(matches.tickets, reverse=True)[:MOST]))


def find(*, agent: Membership, words: str) -> Found:
    """The first results with where they matched, of what the agent may see."""
    tickets, typed = Ticket.objects.visible_to(agent), take_apart(words)
    if not typed.text:
        return Found()
    matches = _match(tickets, typed, enough=TICKETS_SHOWN + 1)
    rows = tickets.filter(Among("pk", sorted(matches.tickets, reverse=True)[:MOST])).with_people()
    newest = list(rows.order_by("-last_message_at", "-pk")[: TICKETS_SHOWN + 1])
    # Whoever types a number wants that ticket first, however old it is.
    newest.sort(key=lambda ticket: "number" not in matches.tickets[ticket.pk])
    shown = newest[:TICKETS_SHOWN]
    return Found(
        tickets=_show_tickets(shown, matches, typed),
        customers=_show_customers(matches, typed, Customer.objects.alive()),
        is_more=len(newest) > TICKETS_SHOWN,
    )


def find_people(*, words: str) -> Sequence[FoundCustomer]:
    """Customers by a part of the name, a contact or an order, each with main contacts; all agents see them (D28)."""
    typed, matches = take_apart(words), _Matches()
    if not typed.text:
        return ()
    _match_orders(typed, matches)

    def is_enough(hits: Sequence[Hit]) -> bool:
        _add_hits(hits, matches)
        return len(matches.customers) >= PEOPLE_SHOWN

    if not typed.is_empty:
        read_hits(typed, is_enough, places=OF_PEOPLE)
    return _show_customers(matches, typed, Customer.objects.alive().with_main_contacts(), most=PEOPLE_SHOWN)


def _match(tickets: TicketQuerySet, typed: Typed, *, enough: int) -> _Matches:
    """The tickets among `tickets` that match; the customers whoever they belong to, since all may see them."""
    matches = _Matches()
    tickets = tickets.order_by()
    _match_number(tickets, typed, matches)
    _match_orders(typed, matches)
    tag = _find_tag(typed)

    def is_enough(hits: Sequence[Hit]) -> bool:
        _add_hits(hits, matches)
        # Where little was found the next round looks at more of everything.
        most = QUICK if len(hits) >= QUICK else DEEP
        _add_tickets_of_customers(tickets, matches, most)
        if tag is not None:
            _add_tagged(tag, matches, most)
        _leave_visible(tickets, matches)
        return len(matches.tickets) >= enough

    if not typed.is_empty:
        read_hits(typed, is_enough)
    return matches


def _match_number(tickets: TicketQuerySet, typed: Typed, matches: _Matches) -> None:
    if found := NUMBER.match(typed.text):
        for key in tickets.filter(number=int(found[1])).values_list("pk", flat=True):
            matches.add_ticket(key, "number", key)


def _match_orders(typed: Typed, matches: _Matches) -> None:
    """By the name a store gives its orders, with or without the sign before it."""
    if not any(letter.isdigit() for letter in typed.text):
        return
    names = {fold(typed.text), fold(f"#{typed.text}")}
    orders = Order.objects.filter(name_folded__in=names).values_list("store_customer__customer_id", "pk")
    for customer, order in orders.order_by("-pk")[:QUICK]:
        matches.add_customer(customer, "order", order)


def _find_tag(typed: Typed) -> Tag | None:
    """The tag of this name, else the first that begins so."""
    name = fold(typed.text)
    if len(name) < SHORTEST_BEGINNING:
        return Tag.objects.filter(name_folded=name).first()
    # `^@` is leakproof: it may be answered by an index under row-level security.
    tags = Tag.objects.extra(where=["tickets_tag.name_folded ^@ %s"], params=[name])
    return tags.order_by("name_folded").first()


def _add_hits(hits: Iterable[Hit], matches: _Matches) -> None:
    for hit in hits:
        if hit.place in PEOPLE:
            matches.add_customer(hit.other, hit.place, hit.id)
        else:
            matches.add_ticket(hit.other, hit.place, hit.id)
    _follow_merged(matches)


def _follow_merged(matches: _Matches) -> None:
    """Who is found by the name of a profile that was merged is the survivor."""
    survivors = matches.survivors
    if fresh := matches.customers.keys() - survivors.keys():
        survivors |= {pk: pk for pk in fresh} | replace_merged(fresh)
    for former in [pk for pk in matches.customers if survivors[pk] != pk]:
        for place, row in matches.customers.pop(former).items():
            matches.add_customer(survivors[former], place, row)


def _add_tickets_of_customers(tickets: TicketQuerySet, matches: _Matches, most: int) -> None:
    if not matches.customers:
        return
    people = sorted(matches.customers, reverse=True)[:QUICK]
    rows = tickets.filter(Among("customer_id", people)).order_by("-pk").values_list("pk", "customer_id")
    for key, customer in rows[:most]:
        for place, row in matches.customers[customer].items():
            matches.add_ticket(key, place, row)


def _add_tagged(tag: Tag, matches: _Matches, most: int) -> None:
    rows = TicketTag.objects.filter(tag=tag).order_by("-ticket_id").values_list("ticket_id", flat=True)
    for key in rows[:most]:
        matches.add_ticket(key, "tag", tag.pk)


def _leave_visible(tickets: TicketQuerySet, matches: _Matches) -> None:
    """A merged ticket is found where its messages stand now."""
    found: Collection[int] = matches.tickets.keys()
    visible: set[int] = set()
    while found:
        merged = dict(tickets.filter(Among("pk", found)).values_list("pk", "merged_into_id"))
        visible |= {key for key, into in merged.items() if into is None}
        for key, into in merged.items():
            for place, row in matches.tickets[key].items() if into else ():
                matches.add_ticket(into, place, row)
        found = {into for into in merged.values() if into} - visible
    matches.tickets = {key: rows for key, rows in matches.tickets.items() if key in visible}


def _show_tickets(tickets: Sequence[Ticket], matches: _Matches, typed: Typed) -> list[FoundTicket]:
    rows = {ticket.pk: matches.tickets[ticket.pk] for ticket in tickets}
    told = _texts(rows.values())
    found = []
    for ticket in tickets:
        texts = {**told, ("number", ticket.pk): f"{ticket.number}", ("subject", ticket.pk): ticket.subject}
        if ticket.customer:
            texts["name", ticket.customer.pk] = ticket.customer.display_name
        shown = sorted(rows[ticket.pk].items(), key=lambda item: _RANKS[item[0]])
        places = [_show(place, texts.get((place, row), ""), typed) for place, row in shown]
        found.append(FoundTicket(ticket, ([one for one in places if one.pieces] or places)[:PLACES_SHOWN]))
    return found


def _show_customers(
    matches: _Matches, typed: Typed, rows: CustomerQuerySet, *, most: int = CUSTOMERS_SHOWN
) -> list[FoundCustomer]:
    newest = sorted(matches.customers, reverse=True)[:CUSTOMERS_COMPARED]
    known = rows.select_related("photo").in_bulk(newest)
    customers = [known[key] for key in newest if key in known]
    customers.sort(key=lambda customer: not plain(f" {customer.display_name}").count(f" {plain(typed.text)}"))
    customers = customers[:most]
    told = _texts(matches.customers[customer.pk] for customer in customers)
    found = []
    for customer in customers:
        place, row = min(matches.customers[customer.pk].items(), key=lambda item: _RANKS[item[0]])
        text = told.get((place, row), "")
        found.append(FoundCustomer(customer, Place(LABELS[place]) if place == "name" else _show(place, text, typed)))
    return found


def _texts(rows: Iterable[dict[str, int]]) -> dict[tuple[str, int], str]:
    """(place, row) -> what stands there, for the places whose text is in a row of its own."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for place, key in row.items():
            wanted.setdefault(place, set()).add(key)
    texts: dict[tuple[str, int], str] = {}
    messages = Message.objects.filter(pk__in=wanted.get("message", ())).annotate(start=Left("text", SNIPPET_OF))
    sources = {
        "message": messages.values_list("pk", "start"),
        "order": Order.objects.filter(pk__in=wanted.get("order", ())).values_list("pk", "name"),
        "tag": Tag.objects.filter(pk__in=wanted.get("tag", ())).values_list("pk", "name"),
    }
    for place in ("email", "phone", "handle"):
        sources[place] = CustomerContact.objects.filter(pk__in=wanted.get(place, ())).values_list("pk", "typed")
    for place in wanted.keys() & sources.keys():
        texts |= {(place, key): text for key, text in sources[place]}
    return texts


def _show(place: str, text: str, typed: Typed) -> Place:
    """A message whose text has none of the words matched by its author."""
    pieces = mark(text, typed)
    if place == "message" and not pieces:
        return Place("Sender")
    if place in _UNMARKED and not pieces and text:
        pieces = (Piece(text),)
    return Place(LABELS[place], pieces)
