"""Each field of a filter as a condition. Names in a query string choose among these; they never become lookups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Membership, Team, TeamMember
from accounts.tenancy import active_tenant_id
from customers.kinds import FieldTarget
from customers.services.filtering_fields import narrow_by_fields
from customers.services.following import find_survivor
from tickets.kinds import Priority
from tickets.models import Draft, Inbox, Tag, TicketTag
from tickets.models.ticket import TicketQuerySet

if TYPE_CHECKING:
    from tickets.filters.ticket_filter import TicketFilter

# Carriers of a tag that are read at once; of more, one in a few hundred tickets carries it.
MANY = 5_000

Condition = Callable[[Any, Membership], Q]


def narrow(tickets: TicketQuerySet, chosen: TicketFilter, agent: Membership) -> TicketQuerySet:
    """Those of `tickets` that fit every field; the words are the search's."""
    tickets = STATUSES[chosen.status](tickets)
    if chosen.sort == "waiting":
        tickets = tickets.filter(awaits_reply=True)
    if not chosen.q:
        tickets = tickets.filter(merged_into=None)  # empty: what it held stands in the other ticket
    for number in chosen.tag:
        tickets = _carrying(tickets, number)
    for name, condition in CONDITIONS.items():
        if value := getattr(chosen, name):
            tickets = tickets.filter(condition(value, agent))
    zone = ZoneInfo(agent.time_zone)
    return narrow_by_fields(tickets, tests=chosen.custom, target=FieldTarget.TICKET, zone=zone)


STATUSES: Mapping[str, Callable[[TicketQuerySet], TicketQuerySet]] = {
    "open": lambda tickets: tickets.open(),
    "closed": lambda tickets: tickets.closed(),
    "snoozed": lambda tickets: tickets.snoozed(),
    "all": lambda tickets: tickets,
}


def _carrying(tickets: TicketQuerySet, number: int) -> TicketQuerySet:
    """Those with the tag; two small queries to know how to ask for them.

    Few carriers are read and sorted. Many are not: in the list's own order each ticket is asked whether it carries the
    tag, until the page is full. A scalar subquery, for PostgreSQL would turn EXISTS into a join of all of them.
    """
    tag_id = Tag.objects.filter(number=number).values_list("pk", flat=True).first()
    carriers = TicketTag.objects.filter(tag=tag_id)
    if carriers.values("pk")[: MANY + 1].count() <= MANY:
        return tickets.filter(pk__in=carriers.values("ticket_id"))
    one = carriers.filter(ticket=OuterRef("pk")).values("pk")[:1]
    return tickets.alias(carries=Subquery(one)).filter(carries__isnull=False)


def _assignee(value: str, agent: Membership) -> Q:
    if value in ("me", "nobody"):
        return Q(assignee=agent if value == "me" else None)
    return Q(assignee=_id_of(Membership.objects.of_tenant(active_tenant_id()).filter(number=int(value))))


def _team(value: str, agent: Membership) -> Q:
    if value == "me":
        return Q(team__in=TeamMember.objects.filter(member=agent).values("team_id"))
    return Q(team=None) if value == "nobody" else Q(team=_id_of(Team.objects.filter(number=int(value))))


def _draft(value: bool, agent: Membership) -> Q:
    return Q(pk__in=Draft.objects.filter(member=agent, ticket__isnull=False).values("ticket_id"))


CONDITIONS: Mapping[str, Condition] = {
    "assignee": _assignee,
    "team": _team,
    "topic": lambda value, agent: Q(topic="" if value == "none" else value),
    "channel": lambda value, agent: Q(inbox__in=Inbox.objects.filter(kind=value)),
    "inbox": lambda value, agent: Q(inbox=_id_of(Inbox.objects.filter(number=value))),
    "priority": lambda value, agent: Q(priority=Priority[value.upper()]),
    "mark": lambda value, agent: Q(customer__is_vip=True) if value == "vip" else Q(customer__is_bad=True),
    "customer": lambda value, agent: Q(customer=find_survivor(value)),
    "created_from": lambda value, agent: Q(created_at__gte=_start(value, agent)),
    "created_to": lambda value, agent: Q(created_at__lt=_start(value + timedelta(days=1), agent)),
    "active_from": lambda value, agent: Q(last_message_at__gte=_start(value, agent)),
    "active_to": lambda value, agent: Q(last_message_at__lt=_start(value + timedelta(days=1), agent)),
    "draft": _draft,
}


def _id_of(rows: QuerySet[Any]) -> Subquery:
    # Compared with `=` and known before the rows are read: the index still gives them in their order.
    return Subquery(rows.values("pk")[:1])


def _start(day: date, agent: Membership) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(agent.time_zone))
