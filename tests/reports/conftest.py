"""Tickets at known moments, and the reports of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Tenant
from events.services.recording import record
from reports.periods import Period
from reports.services.counting import Scope
from reports.services.reading import Report, read_report
from tests.factories.tickets import make_inbox, make_ticket
from tickets.kinds import TicketEvent
from tickets.models import Inbox, Message, Ticket

LISBON = ZoneInfo("Europe/Lisbon")


def lisbon(day: str, hour: str = "12:00") -> datetime:
    """A moment by the clocks of Lisbon."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=LISBON)


@dataclass
class Desk:
    """Makes tickets as they would have become, at moments of one's own."""

    inbox: Inbox

    def open(self, at: datetime, *, inbox: Inbox | None = None, **fields: Any) -> Ticket:
        """A ticket that began with the customer's message."""
        ticket = make_ticket(inbox or self.inbox, created_at=at, last_message_at=at, **fields)
        self.say(ticket, "in", at)
        return ticket

    def say(self, ticket: Ticket, direction: str, at: datetime, by: Membership | None = None) -> Message:
        number = ticket.mark_message(preview="words", at=at, awaits_reply=direction == "in")
        words = {"direction": direction, "text": "words", "author_member": by, "author_name": by.name if by else "Ana"}
        return Message.objects.create(ticket=ticket, number=number, created_at=at, **words)

    def close(self, ticket: Ticket, at: datetime, by: Membership, snoozed_until: datetime | None = None) -> None:
        ticket.mark_closed(at=at, snoozed_until=snoozed_until)
        if snoozed_until is None:
            record(TicketEvent.CLOSED, subject=ticket, actor=by.as_actor(), ticket_id=ticket.pk, at=at)

    def reopen(self, ticket: Ticket, at: datetime, by: Membership) -> None:
        ticket.mark_open()
        data = {"by_message": False}
        record(TicketEvent.REOPENED, subject=ticket, actor=by.as_actor(), ticket_id=ticket.pk, at=at, data=data)


@pytest.fixture
def desk(in_acme: Tenant) -> Desk:
    return Desk(make_inbox())


ReadPeriod = Callable[..., Report]


@pytest.fixture
def read(ada: Membership) -> ReadPeriod:
    """The report of some days by the clocks of Lisbon, seen by Ada unless another is named."""

    def make(first: str, last: str, *, reader: Membership | None = None, **narrowed: Any) -> Report:
        period = Period(datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date(), LISBON)
        return read_report(Scope(reader=reader or ada, period=period, **narrowed))

    return make
