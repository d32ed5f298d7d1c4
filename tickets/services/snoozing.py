"""Snooze tickets: closed until a time, then open again by themselves (D27)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from events.models import Event
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Ticket
from tickets.services import telling
from tickets.services.closing import IsMerged

LONGEST = timedelta(days=366)
MORNING = time(9)
HOURS = (1, 3)


class HasPassed(Exception):
    """The time to snooze until is not ahead."""


class TooFarAhead(Exception):
    """Nobody waits longer than a year."""


@dataclass(frozen=True)
class Preset:
    """A time that is often wanted; `until` is in the agent's time zone."""

    label: str
    until: datetime


def snooze_ticket(*, ticket: Ticket, until: datetime, actor: Actor, at: datetime) -> Ticket:
    """Close the ticket until then; a closed one opens then, too. Raises HasPassed, TooFarAhead, closing.IsMerged."""
    if until <= at:
        raise HasPassed
    if until - at > LONGEST:
        raise TooFarAhead
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        if ticket.merged_into_id is not None:
            raise IsMerged
        if ticket.snoozed_until == until:
            return ticket
        ticket.mark_closed(at=ticket.closed_at or at, snoozed_until=until)
        record(
            TicketEvent.SNOOZED,
            subject=ticket,
            actor=actor,
            data={"until": until.isoformat()},
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
            react_at=until,
        )
    return ticket


def wake_ticket(*, snoozed: Event, at: datetime) -> bool:
    """Open a ticket whose snooze is over and tell whoever has it; False when that very snooze no longer holds.

    A message, an agent or another snooze may have come between; two workers may come at once, the second finds it open.
    """
    with transaction.atomic():
        ticket = Ticket.objects.locked(Ticket(pk=snoozed.ticket_id))
        if ticket.snoozed_until != datetime.fromisoformat(snoozed.data["until"]):
            return False
        ticket.mark_open()
        woken = record(
            TicketEvent.WOKEN,
            subject=ticket,
            actor=SYSTEM,
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            cause=snoozed,
            at=at,
            live=(ticket.live_name, "inbox"),
        )
        telling.tell_agents(ticket=ticket, event=woken)
    return True


def presets(*, at: datetime, zone: tzinfo) -> list[Preset]:
    """Times to offer at this moment in the agent's zone, the nearest first and none twice."""
    offered = {preset.until: preset for preset in reversed(list(_presets(at.astimezone(zone))))}
    return sorted(offered.values(), key=lambda preset: preset.until)


def _presets(now: datetime) -> Iterator[Preset]:
    for hours in HOURS:
        # Through UTC: wall-clock arithmetic is an hour off in the nights when clocks change.
        until = datetime.fromtimestamp(now.timestamp() + hours * 3600, now.tzinfo)
        yield Preset(f"In {hours} hour{'s' if hours > 1 else ''}", until.replace(second=0, microsecond=0))
    yield Preset("Tomorrow", _morning(now, days=1))
    yield Preset("Monday", _morning(now, days=7 - now.weekday()))
    yield Preset("In a week", _morning(now, days=7))


def _morning(now: datetime, *, days: int) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), MORNING, tzinfo=now.tzinfo)
