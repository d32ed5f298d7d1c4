"""The timeline, part by part."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from events.services.recording import record
from tests.factories.tickets import make_message, make_ticket
from tickets.kinds import TicketEvent
from tickets.models import Ticket
from tickets.services import timelining
from tickets.services.timelining import read_timeline

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def happen(ticket: Ticket, minute: float, actor: Any = SYSTEM) -> None:
    at = START + timedelta(minutes=minute)
    record(TicketEvent.CLOSED, subject=ticket, actor=actor, ticket_id=ticket.pk, at=at)


def say(ticket: Ticket, minute: float) -> None:
    make_message(ticket, f"at {minute}", created_at=START + timedelta(minutes=minute))


def names(timeline: timelining.Timeline) -> list[str]:
    return [f"{'m' if one.message else 'e'}{(one.at - START).total_seconds() / 60:g}" for one in timeline]


def test_parts_follow_each_other_without_gap_or_overlap(in_acme: Tenant, monkeypatch: Any) -> None:
    monkeypatch.setattr(timelining, "TIMELINE_LIMIT", 4)
    ticket = make_ticket()
    for minute in (1, 2, 3, 3, 4, 6):
        say(ticket, minute)
    for minute in (0, 3, 3, 5, 6):
        happen(ticket, minute)

    newest = read_timeline(ticket=ticket)
    middle = read_timeline(ticket=ticket, before=newest.earlier)
    oldest = read_timeline(ticket=ticket, before=middle.earlier)

    assert names(newest) == ["m4", "e5", "e6", "m6"]
    assert names(middle) == ["e3", "e3", "m3", "m3"]
    assert names(oldest) == ["e0", "m1", "m2"]
    assert oldest.earlier == ""


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_parts_hold_together_wherever_they_are_cut(in_acme: Tenant, monkeypatch: Any, cut: int) -> None:
    ticket = make_ticket()
    for _ in range(2):
        say(ticket, 1)
        happen(ticket, 1)
    whole = [entry.key for entry in read_timeline(ticket=ticket)]
    monkeypatch.setattr(timelining, "TIMELINE_LIMIT", cut)

    part = read_timeline(ticket=ticket)
    parts = [entry.key for entry in part]
    while part.earlier:
        part = read_timeline(ticket=ticket, before=part.earlier)
        parts = [*(entry.key for entry in part), *parts]

    assert parts == whole


@pytest.mark.parametrize("cursor", ["x", "2026-99-99T00:00:00+00:00_m1", "2026-11-23T00:00:00_m1", "_e", "0" * 3000])
def test_strange_cursor_means_the_newest_part(in_acme: Tenant, cursor: str) -> None:
    ticket = make_ticket()
    say(ticket, 1)

    assert names(read_timeline(ticket=ticket, before=cursor)) == ["m1"]


def test_lines_of_one_actor_within_a_minute_are_one_act(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket()
    happen(ticket, 0, ada.as_actor())
    happen(ticket, 0.5, ada.as_actor())
    happen(ticket, 0.6, bela.as_actor())
    happen(ticket, 3, bela.as_actor())

    assert [entry.event.follows for entry in read_timeline(ticket=ticket) if entry.event] == [False, True, False, False]
