"""A filter in words: one chip for each thing that narrows the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format

from accounts.models import Membership, Team
from accounts.tenancy import active_tenant_id
from customers.kinds import FieldTarget
from customers.services.filtering_fields import tell_tests
from customers.services.following import find_survivor
from tickets.filters.ticket_filter import TicketFilter
from tickets.kinds import Priority, Topic
from tickets.models import Inbox, Tag

STATUSES = {"open": "Open", "closed": "Closed", "snoozed": "Snoozed", "all": "All tickets"}
SORTS = {
    "waiting": "waiting for a reply, longest first",
    "priority": "by priority",
    "topic": "by topic",
}
GONE = "that no longer exists"

Say = Callable[[Any, Membership], str]


@dataclass(frozen=True)
class Chip:
    """Something that narrows a list, and the query string of the list without it."""

    label: str
    query: str


def chips_of(chosen: TicketFilter, agent: Membership) -> list[Chip]:
    """What narrows it, status aside. Names are read from the database, only for what is named by number."""
    chips = [Chip(label, chosen.without(name).as_query()) for name, label in _labels(chosen, agent)]
    told = tell_tests(chosen.custom, FieldTarget.TICKET)
    return [*chips, *(Chip(label, chosen.without_custom(test.code).as_query()) for test, label in told)]


def describe(chosen: TicketFilter, agent: Membership) -> str:
    """The whole filter in words: "Open · VIP · tag returns"."""
    labels = [label for _, label in _labels(chosen, agent)]
    told = [label for _, label in tell_tests(chosen.custom, FieldTarget.TICKET)]
    return " · ".join([STATUSES[chosen.status], *labels, *told])


def _labels(chosen: TicketFilter, agent: Membership) -> Iterator[tuple[str, str]]:
    for name, say in WORDS.items():
        if value := getattr(chosen, name):
            yield name, say(value, agent)
    if chosen.sort in SORTS:
        yield "sort", SORTS[chosen.sort]


def _assignee(value: str, agent: Membership) -> str:
    if value in ("me", "nobody"):
        return "assigned to me" if value == "me" else "unassigned"
    member = Membership.objects.of_tenant(active_tenant_id()).filter(number=int(value)).first()
    return f"assigned to {member.name if member else 'somebody ' + GONE}"


def _team(value: str, agent: Membership) -> str:
    if value in ("me", "nobody"):
        return "my teams" if value == "me" else "no team"
    return f"team {_name(Team.objects.filter(number=int(value)))}"


def _tags(value: tuple[int, ...], agent: Membership) -> str:
    names = list(Tag.objects.filter(number__in=value).order_by("name_folded").values_list("name", flat=True))
    names += [GONE] * (len(value) - len(names))
    return f"tag{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _customer(value: int, agent: Membership) -> str:
    customer = find_survivor(value)
    return f"customer {customer.display_name if customer else GONE}"


def _name(rows: QuerySet[Any]) -> str:
    row = rows.first()
    return row.name if row else GONE


def _day(value: date) -> str:
    return date_format(value, "M j, Y")


WORDS: Mapping[str, Say] = {
    "assignee": _assignee,
    "team": _team,
    "mark": lambda value, agent: value.upper(),
    "tag": _tags,
    "topic": lambda value, agent: "no topic" if value == "none" else f"topic {Topic(value).label}",
    "priority": lambda value, agent: f"priority {Priority[value.upper()].label.lower()}",
    "inbox": lambda value, agent: f"inbox {_name(Inbox.objects.visible_to(agent).filter(number=value))}",
    "channel": lambda value, agent: f"channel {value.replace('_', ' ')}",
    "customer": _customer,
    "created_from": lambda value, agent: f"created from {_day(value)}",
    "created_to": lambda value, agent: f"created until {_day(value)}",
    "active_from": lambda value, agent: f"last message from {_day(value)}",
    "active_to": lambda value, agent: f"last message until {_day(value)}",
    "draft": lambda value, agent: "has my draft",
    "q": lambda value, agent: f"“{value}”",
}
