"""Business time: how long a shop was open between two moments, in its own time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTES = 24 * 60
# Wall-clock minutes from midnight: open from the first until the second, at most MINUTES.
Span = tuple[int, int]
# Moments in UTC: open from the first until the second.
Opening = tuple[datetime, datetime]

_SPAN = re.compile(r"(\d{1,2}):?(\d{2})?\s*[-–—]\s*(\d{1,2}):?(\d{2})?")
_CLOSED = "closed"
ALL_DAY: tuple[Span, ...] = ((0, MINUTES),)


@dataclass(frozen=True)
class OpeningHours:
    """`week` begins on Monday; a day's spans rise and do not overlap. On a holiday nobody is there.

    What counts is the clock on the wall: an hour that the clocks skip is no time, an hour they repeat is two.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...] = (ALL_DAY,) * 7
    holidays: frozenset[date] = frozenset()

    @property
    def is_always_open(self) -> bool:
        return not self.holidays and all(spans == ALL_DAY for spans in self.week)

    def openings(self, start: datetime, end: datetime) -> list[Opening]:
        """When it is open between two aware moments, in order; what touches is one."""
        if self.is_always_open:
            return [(start.astimezone(UTC), end.astimezone(UTC))] if start < end else []
        found: list[Opening] = []
        for opened, closed in self._daily(start.astimezone(UTC), end.astimezone(UTC)):
            if found and found[-1][1] == opened:
                found[-1] = (found[-1][0], closed)
            else:
                found.append((opened, closed))
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The time it was open between two aware moments; nothing when `end` is not later."""
        return sum((closed - opened for opened, closed in self.openings(start, end)), timedelta())

    def _daily(self, start: datetime, end: datetime) -> Iterator[Opening]:
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            spans = () if day in self.holidays else self.week[day.weekday()]
            for opened, closed in _in_utc(day, spans, self.zone) if spans else ():
                clipped = max(opened, start), min(closed, end)
                if clipped[0] < clipped[1]:
                    yield clipped
            day += timedelta(days=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, in UTC; the first moment of it where the clocks skip or repeat midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def read_spans(text: str) -> tuple[Span, ...]:
    """Spans of a text such as "09:00-12:30, 13:30-18:00"; none of "closed".

    Raises ValueError, with a sentence for people.
    """
    if text.strip().lower() == _CLOSED:
        return ()
    spans = [_span(part) for part in text.split(",")]
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError("Write the hours in order, without overlaps.")
    return tuple(spans)


def write_spans(spans: Sequence[Span]) -> str:
    """The text of which `read_spans` makes these spans."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans) or _CLOSED


def read_days(text: str) -> frozenset[date]:
    """Days such as 2026-12-25, one a line or between commas; what follows the day on its line is its name.

    Raises ValueError, with a sentence for people.
    """
    days = set()
    for line in re.split(r"[\n,]", text):
        if word := line.strip().partition(" ")[0]:
            try:
                days.add(date.fromisoformat(word))
            except ValueError as error:
                raise ValueError(f"Write each day as in 2026-12-25, not {word[:20]}.") from error
    return frozenset(days)


def make_hours(zone: str, week: Mapping[int, str], holidays: str) -> OpeningHours:
    """From the texts of a workspace's settings; `week` is weekday (Monday 0) -> spans. Raises ValueError."""
    return OpeningHours(ZoneInfo(zone), tuple(read_spans(week[day]) for day in range(7)), read_days(holidays))


def _in_utc(day: date, spans: Sequence[Span], zone: ZoneInfo) -> Iterator[Opening]:
    """A day's spans as moments, piece by piece between changes of the clocks."""
    for begins, ends in _pieces(day, zone):
        shift = begins.astimezone(zone).utcoffset() or timedelta()
        wall = datetime.combine(day, time(), UTC) - shift  # where this piece's midnight would be
        for start, end in spans:
            opened = max(begins, wall + timedelta(minutes=start))
            closed = min(ends, wall + timedelta(minutes=end))
            if opened < closed:
                yield opened, closed


def _pieces(day: date, zone: ZoneInfo) -> list[Opening]:
    """The day from midnight to midnight, cut where its clocks change; they change at most once a day."""
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    last = ends - timedelta(seconds=1)
    if begins.astimezone(zone).utcoffset() == last.astimezone(zone).utcoffset():
        return [(begins, ends)]
    change = _change_between(begins, last, zone)
    return [(begins, change), (change, ends)]


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clocks change."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _span(text: str) -> Span:
    if not (found := _SPAN.fullmatch(text.strip())):
        raise ValueError("Write hours as in 09:00-17:30, several with commas between them, or the word closed.")
    hours, minutes, until_hours, until_minutes = (int(part or 0) for part in found.groups())
    start, end = hours * 60 + minutes, until_hours * 60 + until_minutes
    if minutes > 59 or until_minutes > 59 or end > MINUTES or start >= end:
        raise ValueError(f"{text.strip()} is no time of a day: 24:00 is its end, and the end comes later.")
    return start, end


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
