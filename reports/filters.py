"""What a report is narrowed to, as it stands in an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from reports import periods
from reports.periods import Period
from reports.services.counting import Scope
from tickets.models import Inbox

CHOICES = (7, 30, 90)  # days
DEFAULT = 30
MOST = 2**31 - 1  # the largest number of a member or inbox


@dataclass(frozen=True)
class ReportFilter:
    """`first` and `last` are a range of one's own, instead of the last `days`; numbers are 0 for everybody."""

    days: int = DEFAULT
    first: date | None = None
    last: date | None = None
    agent: int = 0
    inbox: int = 0

    @classmethod
    def parse(cls, query: QueryDict) -> ReportFilter:
        """What cannot be read, somebody's experiment, is as if it were not there."""
        days = _number(query.get("days", ""))
        first, last = _date(query.get("from", "")), _date(query.get("to", ""))
        return cls(
            days=days if days in CHOICES else DEFAULT,
            first=first if last else None,
            last=last if first else None,
            agent=_number(query.get("agent", "")),
            inbox=_number(query.get("inbox", "")),
        )

    @property
    def is_own_range(self) -> bool:
        return self.first is not None

    def as_query(self) -> str:
        """The same filter in an address: "?days=7&agent=2", without what is not narrowed."""
        own = {"from": self.first, "to": self.last} if self.is_own_range else {"days": self.days}
        return "?" + urlencode({**own, **{name: value for name, value in self._narrowed().items() if value}})

    def of_days(self, days: int) -> ReportFilter:
        """The same, of the last days."""
        return replace(self, days=days, first=None, last=None)

    def period(self, *, at: datetime, zone: ZoneInfo) -> Period:
        if self.first and self.last:
            return periods.between(self.first, self.last, at=at, zone=zone)
        return periods.last_days(self.days, at=at, zone=zone)

    def scope(self, reader: Membership, *, at: datetime) -> Scope:
        """Days are those of the reader's time zone; an agent or inbox they cannot know narrows nothing."""
        members = Membership.objects.of_tenant(active_tenant_id())
        return Scope(
            reader=reader,
            period=self.period(at=at, zone=ZoneInfo(reader.time_zone)),
            agent=members.filter(number=self.agent).first() if self.agent else None,
            inbox=Inbox.objects.visible_to(reader).filter(number=self.inbox).first() if self.inbox else None,
        )

    def _narrowed(self) -> dict[str, int]:
        return {"agent": self.agent, "inbox": self.inbox}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        return 0
    return min(int(text), MOST)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-25") else None
    except ValueError:
        return None
