"""TicketFilter: frozen; parses itself strictly, narrows a queryset, writes itself in one way only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import Membership
from customers.field_tests import FieldTest, is_field_name, pairs_of, parse_tests, without
from tickets.filters import reading
from tickets.filters.narrowing import narrow
from tickets.kinds import Priority, Topic
from tickets.models.ticket import Ticket, TicketQuerySet
from tickets.services.searching import search


class Shown(StrEnum):
    """What `status` may be; a snoozed ticket is closed until its time (D27)."""

    OPEN = "open"
    CLOSED = "closed"
    SNOOZED = "snoozed"
    ALL = "all"


class Assignee(StrEnum):
    """What stands where a member's or a team's number may stand."""

    ME = "me"
    NOBODY = "nobody"


class Sort(StrEnum):
    """WAITING shows only those that wait for a reply. All but NEWEST are for open tickets: no index has others so."""

    NEWEST = "newest"
    WAITING = "waiting"
    PRIORITY = "priority"
    TOPIC = "topic"


# Keyset columns of each order, each an index of its own.
ORDERS: Mapping[str, tuple[str, ...]] = {
    Sort.NEWEST: ("-last_message_at", "-id"),
    Sort.WAITING: ("last_message_at", "id"),
    Sort.PRIORITY: ("-priority", "-last_message_at", "-id"),
    Sort.TOPIC: ("-topic", "-last_message_at", "-id"),
}
MARKS = ("vip", "bad")
NO_TOPIC = "none"

FIELDS: Mapping[str, reading.Field] = {
    "status": reading.one_of(*Shown),
    "assignee": reading.number_or(*Assignee),
    "team": reading.number_or(*Assignee),
    "tag": reading.numbers(),
    "topic": reading.one_of(*Topic.values, NO_TOPIC),
    "channel": reading.word(),
    "inbox": reading.number(),
    "priority": reading.one_of(*(one.name.lower() for one in Priority)),
    "mark": reading.one_of(*MARKS),
    "customer": reading.number(),
    "created_from": reading.day(),
    "created_to": reading.day(),
    "active_from": reading.day(),
    "active_to": reading.day(),
    "draft": reading.switch(),
    "q": reading.words(),
    "sort": reading.one_of(*Sort),
}
# What else stands in the query string of a list: a view by name, the page, the ticket that is open beside it.
BESIDES = frozenset({"view", "before", "selected"})


@dataclass(frozen=True)
class TicketFilter:
    """Every field is as its name in the query string, but `custom`: what is asked of the fields an admin made. Empty
    means: whatever it is.

    `assignee` and `team` are a word of Assignee or a number as text. Days are in the zone of the agent who looks.
    """

    status: str = Shown.OPEN
    assignee: str = ""
    team: str = ""
    tag: tuple[int, ...] = ()
    topic: str = ""
    channel: str = ""
    inbox: int | None = None
    priority: str = ""
    mark: str = ""
    customer: int | None = None
    created_from: date | None = None
    created_to: date | None = None
    active_from: date | None = None
    active_to: date | None = None
    draft: bool = False
    custom: tuple[FieldTest, ...] = ()
    q: str = ""
    sort: str = Sort.NEWEST

    @classmethod
    def parse(cls, query: QueryDict | str) -> TicketFilter:
        """Read a query string. A field nobody knows and a value that makes no sense count as absent.

        `view` names a ready filter that the other fields change; words alone are looked for in all tickets.
        """
        query = QueryDict(query) if isinstance(query, str) else query
        found = {name: field.read(query.getlist(name)) for name, field in FIELDS.items()}
        found["custom"] = parse_tests(dict(query.lists())) or None
        given = {name: value for name, value in found.items() if value is not None}
        base = VIEWS.get(query.get("view", ""), cls(status=Shown.ALL if "q" in given else Shown.OPEN))
        return _settled(replace(base, **given))

    def as_query(self) -> str:
        """The one query string of this filter; "" for the open tickets. `parse` reads it back as the same filter."""
        plain = replace(self, sort=Sort.NEWEST)
        name = next((name for name, view in VIEWS.items() if view == plain), None)
        if name is None:
            pairs = list(self._pairs(TicketFilter(status=Shown.ALL if self.q else Shown.OPEN)))
        else:
            pairs = [("view", name)] if name != Shown.OPEN else []
            pairs += [("sort", self.sort)] if self.sort != Sort.NEWEST else []
        return urlencode(pairs)

    def without(self, name: str) -> TicketFilter:
        """With that field as if it had not been given; `without_custom` for those an admin made."""
        default = next(field.default for field in fields(self) if field.name == name)
        changed: dict[str, Any] = {name: default}
        return _settled(replace(self, **changed))

    def without_custom(self, code: str) -> TicketFilter:
        """With nothing asked of that custom field."""
        return replace(self, custom=without(self.custom, code))

    @property
    def order(self) -> tuple[str, ...]:
        return ORDERS[self.sort]

    @property
    def is_open(self) -> bool:
        """Whether it shows work that is still to be done."""
        return self.status == Shown.OPEN

    @property
    def is_work(self) -> bool:
        """Whether its tickets are counted: those still to be done, now or later."""
        return self.status in (Shown.OPEN, Shown.SNOOZED)

    @property
    def view(self) -> str:
        """The name of the ready view this is, "" for another; the order does not matter."""
        plain = replace(self, sort=Sort.NEWEST)
        return next((name for name, view in VIEWS.items() if view == plain), "")

    def apply(self, agent: Membership) -> TicketQuerySet:
        """The tickets it names that the agent may see, with people."""
        tickets = narrow(Ticket.objects.visible_to(agent), self, agent)
        return search(tickets, self.q).with_people()

    def _pairs(self, default: TicketFilter) -> Iterable[tuple[str, Any]]:
        for name, field in FIELDS.items():
            value = getattr(self, name)
            if value != getattr(default, name):
                yield from ((name, text) for text in field.write(value))
        yield from pairs_of(self.custom)


def _settled(chosen: TicketFilter) -> TicketFilter:
    return chosen if chosen.is_open else replace(chosen, sort=Sort.NEWEST)


VIEWS: Mapping[str, TicketFilter] = {
    "open": TicketFilter(),
    "mine": TicketFilter(assignee=Assignee.ME),
    "unassigned": TicketFilter(assignee=Assignee.NOBODY),
    "team": TicketFilter(team=Assignee.ME),
    "snoozed": TicketFilter(status=Shown.SNOOZED),
    "closed": TicketFilter(status=Shown.CLOSED),
    "all": TicketFilter(status=Shown.ALL),
}


def strangers_in(query: QueryDict) -> set[str]:
    """Names in a query string that no list of tickets knows."""
    return {name for name in set(query) - FIELDS.keys() - BESIDES if not is_field_name(name)}
