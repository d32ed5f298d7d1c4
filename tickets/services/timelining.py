"""Read the timeline of a ticket: what was said and what happened, by time, the newest part first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from events.kinds import all_types
from events.models import Event
from tickets.kinds import TicketEvent
from tickets.models import Attachment, Message, Recipient, Ticket

# A ticket longer than this shows its newest part; what stands before it is asked for.
TIMELINE_LIMIT = 300
# Lines of one actor that follow each other so closely read as one act.
ONE_ACT = timedelta(minutes=1)


# In a cursor: the moment, then which row at that moment.
CURSOR = re.compile(r"(?P<at>[0-9T:.+-]{10,40})_(?P<kind>[me])(?P<pk>\d{1,18})")

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Edge:
    """Where a part begins that is already shown: the place of its first entry."""

    at: datetime
    is_message: bool
    pk: int


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a message or something that happened, never both."""

    at: datetime
    message: Message | None = None
    event: Event | None = None

    @property
    def key(self) -> tuple[datetime, bool, int]:
        """At the same instant what happened comes before what was said: opening before the first message."""
        return (self.at, self.message is not None, self._row.pk)

    @property
    def _row(self) -> Message | Event:
        if self.message is not None:
            return self.message
        assert self.event is not None  # noqa: S101  one of the two, as the class says
        return self.event


@dataclass(frozen=True)
class Timeline:
    """A part of the timeline, oldest first. `earlier` is the cursor of what stands before it, "" for nothing."""

    entries: Sequence[Entry]
    earlier: str

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def begins_at(self) -> datetime | None:
        return self.entries[0].at if self.entries else None


def read_timeline(*, ticket: Ticket, before: str = "") -> Timeline:
    """The newest part, or the one before a cursor; three or four queries, however many messages.

    A cursor we cannot read means the newest part: it may be somebody's experiment.
    """
    edge = _read_cursor(before)
    messages = _messages(ticket, edge)
    entries = [Entry(one.created_at, message=one) for one in messages]
    entries += [Entry(one.created_at, event=one) for one in _events(ticket, edge)]
    entries.sort(key=lambda entry: entry.key)
    shown = entries[-TIMELINE_LIMIT:]
    if edge is None:
        _mark_last_from_customer(messages)
    _mark_one_act(shown)
    return Timeline(entries=shown, earlier=_write_cursor(shown[0]) if len(entries) > len(shown) else "")


def recipient_lists() -> ArraySubquery:
    """To whom each message was written, as `recipient_list` for the filters of `written`."""
    people = Recipient.objects.filter(message=OuterRef("pk")).order_by("pk")
    told = {name: name for name in ("kind", "address", "name", "state", "detail", "state_at")}
    return ArraySubquery(people.values(one=JSONObject(**told)))


def _messages(ticket: Ticket, edge: Edge | None) -> list[Message]:
    files = Prefetch("attached", Attachment.objects.select_related("file").order_by("position"))
    rows = Message.objects.filter(ticket=ticket).annotate(recipient_list=recipient_lists())
    found = _newest(rows.prefetch_related(files), edge, is_message=True)
    for message in found:
        message.ticket = ticket
    return found


def _events(ticket: Ticket, edge: Edge | None) -> list[Event]:
    """Those of the tickets merged into this one belong to its story, too."""
    merged = Ticket.objects.merged_below(ticket) if getattr(ticket, "has_merged", True) else {}
    shown = [one.name for one in all_types() if one.on_timeline]
    events = Event.objects.for_tickets(ticket.pk, *merged).filter(type__in=shown)
    # Each of them says once more that it was merged.
    told = Q(ticket_id__in=merged, type=TicketEvent.MERGED_AWAY.name)
    found = _newest(events.exclude(told) if merged else events, edge, is_message=False)
    _mark_undoable(found, set(merged.values()))
    return found


def _newest(rows: QuerySet[M], edge: Edge | None, *, is_message: bool) -> list[M]:
    """One more than is shown, so that it is known whether something stands before."""
    if edge is not None:
        earlier = Q(created_at__lt=edge.at)
        if is_message == edge.is_message:
            earlier |= Q(created_at=edge.at, pk__lt=edge.pk)
        elif edge.is_message:
            earlier |= Q(created_at=edge.at)  # at the same instant events come before messages
        rows = rows.filter(earlier)
    return list(rows.order_by("-created_at", "-pk")[: TIMELINE_LIMIT + 1])


def _mark_undoable(newest_first: Sequence[Event], merged: set[int]) -> None:
    """Of several merges of one ticket only the last can be undone."""
    for event in newest_first:
        if event.type == TicketEvent.MERGED.name and event.data["other"] in merged:
            event.can_be_undone = True
            merged.discard(event.data["other"])


def _mark_last_from_customer(newest_first: Sequence[Message]) -> None:
    # F61: the dot stands on the avatar of the customer's most recent message only.
    last = next((message for message in newest_first if message.is_inbound), None)
    if last is not None:
        last.is_last_from_customer = True


def _mark_one_act(oldest_first: Sequence[Entry]) -> None:
    for before, entry in pairwise(oldest_first):
        one, other = before.event, entry.event
        if one and other and (one.actor_kind, one.actor_id) == (other.actor_kind, other.actor_id):
            other.follows = entry.at - before.at < ONE_ACT


def _write_cursor(first: Entry) -> str:
    at, is_message, pk = first.key
    return f"{at.isoformat()}_{'m' if is_message else 'e'}{pk}"


def _read_cursor(text: str) -> Edge | None:
    found = CURSOR.fullmatch(text)
    try:
        at = datetime.fromisoformat(found["at"]) if found else None
    except ValueError:
        at = None
    if found is None or at is None or at.tzinfo is None:
        return None
    return Edge(at, found["kind"] == "m", int(found["pk"]))
