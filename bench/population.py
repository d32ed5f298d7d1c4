"""The rows of a workspace, a piece at a time: customers who write, what they wrote, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

from bench.loading import Table, next_id, set_sequences
from bench.profiles import DETAILS, Profiles
from bench.vocabulary import COMMON, MIDDLE, RARE, Vocabulary
from core.text import fold
from customers.models import (
    Contact,
    Customer,
    CustomerContact,
    CustomerFieldValue,
    CustomerNote,
    CustomerSource,
    CustomerTag,
    CustomerTotals,
    Presence,
)
from events.models import Event
from integrations.models import Order, StoreCustomer
from tickets.models import Message, Ticket, TicketTag

END = datetime(2026, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=3 * 365)
LONG = 1000  # every so many tickets one has LONG_MESSAGES messages
LONG_MESSAGES = 20
RECENT = 0.97  # of a workspace's time; most of what came after it is open still

LOADED: Sequence[type[models.Model]] = (
    *(Customer, Contact, CustomerContact, CustomerNote, StoreCustomer, Order),
    *(CustomerFieldValue, CustomerSource, CustomerTag, CustomerTotals, Presence),
    *(Ticket, Message, TicketTag, Event),
)


@dataclass
class Workspace:
    """A workspace to fill, and how far it is. The ids are those of its rows."""

    tenant: int
    slug: str
    tickets: int
    inboxes: Sequence[int]
    agents: Sequence[int]
    teams: Sequence[int]
    tags: Sequence[int]
    connection: int
    fields: Sequence[int]  # custom fields of customers: a choice, a number, a line of text
    options: Sequence[int]  # of the first of them
    made: int = 0
    messages: int = 0
    pieces: list[range] = field(default_factory=list)  # ids of the customers made before


class Population:
    """Writes pieces of workspaces. The same seed and order of pieces give the same rows."""

    def __init__(self, seed: int) -> None:
        self._words = Vocabulary(seed)
        self._chance = random.Random(seed + 1)
        self._profiles = Profiles(seed, END, SPAN)
        self._ids = {model: next_id(model) for model in LOADED}

    def add_piece(self, workspace: Workspace, many: int) -> None:
        """The next `many` tickets of a workspace with their customers."""
        self._at, self._tables = workspace, {**_tables(workspace), **self._profiles.tables(workspace.tenant)}
        first = self._ids[Customer]
        self._known = [*workspace.pieces, range(first, first + many)]
        for number in range(workspace.made + 1, workspace.made + many + 1):
            self._add_customer(number)
            self._add_ticket(number)
        workspace.pieces.append(range(first, first + many))
        workspace.made += many
        for table in self._tables.values():
            table.flush()

    def finish(self) -> None:
        """Once, after the last piece."""
        set_sequences(LOADED)

    def _take(self, model: type[models.Model]) -> int:
        self._ids[model] += 1
        return self._ids[model] - 1

    def _add_customer(self, number: int) -> None:
        chance, tables, key = self._chance, self._tables, self._take(Customer)
        first, last = self._words.name()
        marks = (number % 97 == 0, number % 211 == 0)
        details = self._profiles.details(number, self._at.tickets, self._at.agents)
        tables[Customer].add(key, number, first, last, fold(f"{first} {last}"), *marks, *details)
        self._add_profile(key, number)
        self._add_contact(key, "email", email_of(self._at.slug, number, first, last), True)
        if number % 2:
            self._add_contact(key, "phone", phone_of(number), False)
        if number % 10 < 3:
            tables[CustomerNote].add(self._take(CustomerNote), key, self._words.text(5, 25))
        if number % 5 < 2:
            link = self._take(StoreCustomer)
            tables[StoreCustomer].add(link, key, str(number), f"{first} {last}", 1 + number % 3)
            for order in range(1 + number % 3):
                placed = END - SPAN * chance.random()
                name = f"#{1000 + number * 3 + order}"
                tables[Order].add(self._take(Order), link, name[1:], name, name, placed, chance.randint(500, 50_000))

    def _add_profile(self, key: int, number: int) -> None:
        """What stands in tables of its own: some have it, most have not."""
        for model, values in self._profiles.rows(number, self._at.fields, self._at.options):
            self._tables[model].add(self._take(model), key, *values)

    def _add_contact(self, customer: int, kind: str, value: str, is_primary: bool) -> None:
        contact = self._take(Contact)
        self._tables[Contact].add(contact, kind, value)
        self._tables[CustomerContact].add(self._take(CustomerContact), contact, customer, value, is_primary)

    def _add_ticket(self, number: int) -> None:
        at, chance, key = self._at, self._chance, self._take(Ticket)
        share = number / at.tickets
        opened = END - SPAN * (1 - share)
        piece = self._known[-1] if chance.random() < 0.7 else chance.choice(self._known)
        customer = chance.choice(piece)
        is_open = chance.random() < (0.7 if share > RECENT else 0.01)
        many = LONG_MESSAGES if number % LONG == 0 else chance.choice((1, 2, 2, 3, 3, 3, 4, 4, 5))
        last, preview = self._add_messages(key, number, customer, opened, many)
        assignee = chance.choice(at.agents) if chance.random() < 0.6 else None
        closed = None if is_open else last + timedelta(hours=1)
        snoozed = END + timedelta(days=400) if closed and number % 100 == 0 else None
        team = chance.choice(at.teams) if number % 5 == 0 else None
        values = (key, number, chance.choice(at.inboxes), self._words.text(3, 7), "open" if is_open else "closed")
        times = (opened, last, closed, snoozed, last if many > 1 else None)
        self._tables[Ticket].add(*values, customer, assignee, team, *times, many, preview, is_open and many % 2 == 1)
        if number % 10 < 3:
            self._tables[TicketTag].add(self._take(TicketTag), key, at.tags[int(len(at.tags) * chance.random() ** 3)])
        self._add_event("ticket.opened", key, customer, opened, '{"channel": "email"}')
        if closed:
            self._add_event("ticket.closed", key, customer, closed, "{}")

    def _add_messages(
        self, ticket: int, number: int, customer: int, opened: datetime, many: int
    ) -> tuple[datetime, str]:
        at, chance, text = opened, self._chance, ""
        for position in range(1, many + 1):
            self._at.messages += 1
            is_in = position % 2 == 1
            text = self._words.text(15, 60) + _marks(self._at.messages, number, position)
            agent = None if is_in else chance.choice(self._at.agents)
            name = "Customer" if is_in else "Agent"
            values = (
                self._take(Message),
                ticket,
                position,
                "in" if is_in else "out",
                agent,
                customer if is_in else None,
            )
            self._tables[Message].add(*values, name, text, at, "" if is_in else "sent")
            at += timedelta(minutes=chance.randint(5, 3000))
        return min(at, END), text[:180]

    def _add_event(self, type_: str, ticket: int, customer: int, at: datetime, data: str) -> None:
        self._tables[Event].add(self._take(Event), type_, ticket, customer, ticket, data, at)


def email_of(slug: str, number: int, first: str, last: str) -> str:
    """The address of a customer; three in ten stand with one great host."""
    host = "post.example" if number % 10 < 3 else f"host{number % 400}.example"
    return f"{first}.{last}{number}.{slug}@{host}".lower()


def phone_of(number: int) -> str:
    """The phone of every second customer."""
    return f"+3519{number:08d}"


def _marks(count: int, number: int, position: int) -> str:
    marks = f" {COMMON}" if count % 50 == 0 else ""
    marks += f" {MIDDLE}" if count % 1000 == 0 else ""
    return marks + (f" {RARE}{number}" if position == 1 and number % 10 == 0 else "")


def _tables(at: Workspace) -> dict[type[models.Model], Table]:
    tenant: dict[str, Any] = {"tenant_id": at.tenant}
    people = ("id", "number", "first_name", "last_name", "name_folded", "is_vip", "is_bad", *DETAILS)
    orders = ("id", "store_customer_id", "remote_id", "name", "name_folded", "placed_at", "total_minor")
    ticket = ("id", "number", "inbox_id", "subject", "status", "customer_id", "assignee_id", "team_id")
    times = ("created_at", "last_message_at", "closed_at", "snoozed_until", "first_replied_at")
    message = ("id", "ticket_id", "number", "direction", "author_member_id", "author_customer_id", "author_name")
    event = ("id", "type", "subject_id", "customer_id", "ticket_id", "data", "created_at")
    agent = {"author_kind": "agent", "author_name": "Agent", "version": 1, "updated_at": END}
    return {
        Customer: Table(Customer, people, **tenant),
        Contact: Table(Contact, ("id", "kind", "value"), **tenant),
        CustomerContact: Table(
            CustomerContact, ("id", "contact_id", "customer_id", "typed", "is_primary"), **tenant, origin="customer"
        ),
        CustomerNote: Table(CustomerNote, ("id", "customer_id", "text"), **tenant, **agent),
        StoreCustomer: Table(
            StoreCustomer,
            ("id", "customer_id", "remote_id", "display_name", "orders_count"),
            **tenant,
            connection_id=at.connection,
        ),
        Order: Table(Order, orders, **tenant, connection_id=at.connection, currency="EUR", payment_status="PAID"),
        Ticket: Table(Ticket, (*ticket, *times, "message_count", "preview", "awaits_reply"), **tenant),
        Message: Table(Message, (*message, "text", "created_at", "delivery_state"), **tenant),
        TicketTag: Table(TicketTag, ("id", "ticket_id", "tag_id"), **tenant),
        Event: Table(Event, event, **tenant, subject_kind="ticket", actor_kind="system"),
    }
