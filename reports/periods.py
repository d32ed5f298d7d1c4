"""The time a report is about: whole local days, in steps that a chart can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.opening_hours import midnight

LONGEST = 366  # days
EARLIEST = date(2000, 1, 1)
MOST_STEPS = 100  # beyond it, steps are weeks: narrower bars say nothing


@dataclass(frozen=True)
class Period:
    """From the first moment of one local day to the last of another, both counted, in the reader's time zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step_days(self) -> int:
        return 1 if self.days <= MOST_STEPS else 7

    @property
    def steps(self) -> tuple[date, ...]:
        """The day on which each step begins; the last one may be short."""
        return tuple(self.first + timedelta(days=day) for day in range(0, self.days, self.step_days))

    @property
    def edges(self) -> list[datetime]:
        """The moment at which each step begins, in UTC. PostgreSQL need not know the zone, nor when clocks change."""
        return [midnight(day, self.zone) for day in self.steps]

    @property
    def start(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment that is no longer in it."""
        return midnight(self.last + timedelta(days=1), self.zone)


def last_days(count: int, *, at: datetime, zone: ZoneInfo) -> Period:
    """The last days up to today, which is not over yet."""
    today = at.astimezone(zone).date()
    return Period(today - timedelta(days=count - 1), today, zone)


def between(first: date, last: date, *, at: datetime, zone: ZoneInfo) -> Period:
    """The days between two, in either order; none beyond today or before EARLIEST, and at most LONGEST."""
    today = at.astimezone(zone).date()
    first, last = sorted(max(EARLIEST, min(day, today)) for day in (first, last))
    return Period(max(first, last - timedelta(days=LONGEST - 1)), last, zone)
