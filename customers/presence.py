"""What the dot says: active, seen recently, not recently, never (D3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.kinds import Evidence


@dataclass(frozen=True)
class Cutoffs:
    """Up to `active` after the last sign the customer is active, up to `recent` seen recently."""

    # Pings come every 120 s; one may be lost and a hidden tab is late.
    active: timedelta = timedelta(seconds=270)
    recent: timedelta = timedelta(minutes=30)


@dataclass(frozen=True)
class Sighting:
    """`state` is active, recent, away or never."""

    state: str
    label: str
    detail: str = ""


NEVER = Sighting("never", "Never seen on chat")


def judge(*, last_seen_at: datetime | None, evidence: str, at: datetime, cutoffs: Cutoffs) -> Sighting:
    """How present somebody is at `at`. Both cut-offs are inclusive; a moment ahead of our clock counts as now."""
    if last_seen_at is None:
        return NEVER
    age = max(at - last_seen_at, timedelta())
    detail = f"Seen {_age_in_words(age)} by {Evidence(evidence).label}"
    if age <= cutoffs.active:
        return Sighting("active", "Active on chat", detail)
    if age <= cutoffs.recent:
        return Sighting("recent", "Seen recently", detail)
    return Sighting("away", "Not seen recently", detail)


def _age_in_words(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if count := seconds // length:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
