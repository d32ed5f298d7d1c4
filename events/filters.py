"""What the audit is narrowed to, as it stands in an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from accounts.kinds import ActorKind
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.opening_hours import midnight
from events.kinds import AUDIT_GROUPS
from events.links import find_subject_ids
from events.services.auditing import CUSTOMER, Wanted

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
MOST = 2**31 - 1  # the largest number of a member or customer
# Machines, beside the members: `who` is a member's number or one of these.
MACHINES = {str(kind): str(kind.label) for kind in ActorKind if kind is not ActorKind.AGENT}


@dataclass(frozen=True)
class AuditFilter:
    """`who` is a member's number or a kind of actor; days are the reader's, both counted; 0 is every customer."""

    group: str = ""
    who: str = ""
    first: date | None = None
    last: date | None = None
    customer: int = 0

    @classmethod
    def parse(cls, query: QueryDict) -> AuditFilter:
        """What cannot be read, somebody's experiment, is as if it were not there."""
        group, who = query.get("group", ""), query.get("who", "")
        return cls(
            group=group if group in AUDIT_GROUPS else "",
            who=who if who in MACHINES else str(_number(who) or ""),
            first=_date(query.get("from", "")),
            last=_date(query.get("to", "")),
            customer=_number(query.get("customer", "")),
        )

    @property
    def is_any(self) -> bool:
        return self == AuditFilter()

    def parts(self) -> dict[str, str]:
        """What narrows, by its name in an address."""
        all_ = {
            "group": self.group,
            "who": self.who,
            "from": str(self.first or ""),
            "to": str(self.last or ""),
            "customer": str(self.customer or ""),
        }
        return {name: value for name, value in all_.items() if value}

    def as_query(self) -> str:
        """The same filter in an address, "group=notes&who=2", without a question mark."""
        return urlencode(self.parts())

    def in_words(self) -> str:
        """The same for people: "Notes, by Bela, from 2026-03-01, of customer 7"."""
        member = self._member()
        who = MACHINES.get(self.who) or (member.name if member else "nobody")
        parts = [
            AUDIT_GROUPS[self.group] if self.group else "Everything",
            f"by {who}" if self.who else "",
            f"from {self.first}" if self.first else "",
            f"to {self.last}" if self.last else "",
            f"of customer {self.customer}" if self.customer else "",
        ]
        return ", ".join(part for part in parts if part)

    def wanted(self, reader: Membership) -> Wanted:
        """What to look for; a member or customer that is not there has done nothing."""
        zone = ZoneInfo(reader.time_zone)
        kind, actor = self._actor()
        return Wanted(
            group=self.group,
            actor_kind=kind,
            actor_id=actor,
            start=midnight(self.first, zone) if self.first else None,
            end=midnight(self.last + timedelta(days=1), zone) if self.last else None,
            customer_ids=tuple(find_subject_ids(CUSTOMER, self.customer)) if self.customer else None,
        )

    def _actor(self) -> tuple[str, int | None]:
        if not self.who or self.who in MACHINES:
            return self.who, None
        member = self._member()
        return str(ActorKind.AGENT), member.pk if member else 0

    def _member(self) -> Membership | None:
        if not self.who or self.who in MACHINES:
            return None
        return Membership.objects.of_tenant(active_tenant_id()).filter(number=int(self.who)).first()


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        return 0
    return min(int(text), MOST)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-12-25") else None
    except ValueError:
        return None
    return min(max(found, EARLIEST), LATEST) if found else None
