"""Which tickets and messages a report counts: the meaning of each of its numbers, as querysets of facts.

A fact has `moment` (when it happened), `since` (from when it is measured), `before` (when the like happened on the
ticket before, or null), `member` (who did it, or null) and `place` (the inbox). It counts when `since` is not after
`moment`, and nothing alike came between the two: this is asked once all facts are read, since each is a look-up.
What everywhere holds:

- Only tickets count that the reader may see, and none whose messages were merged into another ticket: these are
  counted where they stand now.
- A ticket is opened once, when it began; opening it again is not another one.
- A ticket is closed when it is closed now, at the moment of its last closing. One that was closed and opened again
  counts when it is closed for good. A snoozed ticket is not closed: it waits.
- The first response is the first message that went out after the customer's first message; what an agent wrote before
  the customer did is not one, nor is an internal note. It is measured from the customer's first message.
- A resolution is measured from the moment a ticket began to its last closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Least

from accounts.kinds import ActorKind
from accounts.models import Membership
from events.models import Event
from reports.periods import Period
from tickets.kinds import Direction, TicketEvent
from tickets.models import Inbox, Message, Ticket
from tickets.models.message import MessageQuerySet
from tickets.models.ticket import TicketQuerySet

NOTHING_BEFORE = Cast(Value(None), DateTimeField())
FACTS = ("moment", "since", "before", "member", "place")
Facts = QuerySet[Any, Any]


@dataclass(frozen=True)
class Scope:
    """What is counted: of whom (None is everybody), where (None is every inbox), and seen by whom."""

    reader: Membership
    period: Period
    agent: Membership | None = None
    inbox: Inbox | None = None


def opened(scope: Scope) -> Facts:
    """Tickets that began in the period. Of one agent: those assigned to them now."""
    tickets = _tickets(scope).filter(created_at__gte=scope.period.start, created_at__lt=scope.period.end)
    if scope.agent:
        tickets = tickets.assigned_to(scope.agent)
    facts = tickets.annotate(
        moment=F("created_at"),
        since=F("created_at"),
        before=NOTHING_BEFORE,
        member=F("assignee_id"),
        place=F("inbox_id"),
    )
    return facts.values_list(*FACTS)


def closed(scope: Scope) -> Facts:
    """Tickets closed in the period and since; whoever closed a ticket last did it."""
    tickets = _tickets(scope).closed().filter(snoozed_until=None)
    tickets = tickets.filter(closed_at__gte=scope.period.start, closed_at__lt=scope.period.end)
    closings = Event.objects.filter(ticket_id=OuterRef("pk"), type=TicketEvent.CLOSED.name).order_by("-pk")
    agents = closings.values(by=Case(When(actor_kind=ActorKind.AGENT, then=F("actor_id"))))
    facts = tickets.annotate(
        moment=F("closed_at"),
        since=Least("created_at", "closed_at"),
        before=NOTHING_BEFORE,
        member=Subquery(agents[:1]),
        place=F("inbox_id"),
    )
    if scope.agent:
        facts = facts.filter(member=scope.agent.pk)
    return facts.values_list(*FACTS)


def replies(scope: Scope) -> Facts:
    """Messages that went out in the period, by who wrote them."""
    facts = _sent(scope).annotate(
        moment=F("created_at"),
        since=F("created_at"),
        before=NOTHING_BEFORE,
        member=F("author_member_id"),
        place=F("ticket__inbox_id"),
    )
    return facts.values_list(*FACTS)


def first_responses(scope: Scope) -> Facts:
    """Messages sent in the period, with what tells whether they were the first response; by who wrote them."""
    said = Message.objects.filter(ticket=OuterRef("ticket"))
    asked = said.filter(direction=Direction.IN, is_automatic=False).order_by("created_at")
    earlier = Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    answered = said.filter(earlier, direction=Direction.OUT, is_automatic=False).order_by("-created_at")
    facts = _sent(scope).annotate(
        moment=F("created_at"),
        since=Subquery(asked.values("created_at")[:1]),
        before=Subquery(answered.values("created_at")[:1]),
        member=F("author_member_id"),
        place=F("ticket__inbox_id"),
    )
    return facts.values_list(*FACTS)


def oldest_moment(scope: Scope) -> datetime:
    """From when business time must be known: nothing that is measured began before the oldest ticket."""
    oldest = Ticket.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return min(oldest, scope.period.start) if oldest else scope.period.start


def _tickets(scope: Scope) -> TicketQuerySet:
    tickets = Ticket.objects.visible_to(scope.reader).filter(merged_into=None)
    return tickets.filter(inbox=scope.inbox) if scope.inbox else tickets


def _sent(scope: Scope) -> MessageQuerySet:
    messages = Message.objects.filter(
        direction=Direction.OUT,
        is_automatic=False,
        created_at__gte=scope.period.start,
        created_at__lt=scope.period.end,
    )
    messages = messages.filter(ticket__in=_tickets(scope))
    return messages.filter(author_member=scope.agent) if scope.agent else messages
