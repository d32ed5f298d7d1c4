"""What a provider's call says became of mail of ours: anymail's events in our words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from channels.base import Call, Unparseable
from channels.email.api_sending import MAIL_ID
from channels.email.calls import STRANGE, events_of, understood
from channels.types import Report, Reported

# The others say what we know already (queued, sent), or are about something else.
KINDS = {
    "delivered": Reported.DELIVERED,
    "opened": Reported.OPENED,
    "clicked": Reported.OPENED,
    "deferred": Reported.DELAYED,
    "bounced": Reported.BOUNCED,
    "rejected": Reported.BOUNCED,
    "failed": Reported.BOUNCED,
    "complained": Reported.COMPLAINED,
}
# What the address itself can do nothing for.
PASSING_REASONS = frozenset({"timed_out", "blocked", "spam", "unsubscribed", "other"})

_PASSING = re.compile(r"(?<![\d.])(?:4\.\d{1,3}\.\d{1,3}|4\d\d(?=[ -]))")
_LONGEST_DETAIL = 290


def read_reports(call: Call) -> list[Report]:
    """What the call says, in its order. Raises Unparseable."""
    try:
        events = events_of(call, "Tracking", {})
        with understood():
            return [report for event in events for report in _reports(call.provider, event)]
    except OSError as error:  # a date no clock knows
        raise Unparseable(f"{type(error).__name__}: {error}") from error


def _reports(provider: str, event: Any) -> Iterator[Report]:
    what = KINDS.get(event.event_type)
    names = _names(event)
    if what is None or not names:
        return
    # Amazon does not know who opened it, and says everybody.
    is_anybody = provider == "amazon_ses" and what is Reported.OPENED
    yield Report(
        what=what,
        recipient="" if is_anybody else str(event.recipient or "")[:320],
        mail_ids=names,
        detail=_detail(event) if what in (Reported.BOUNCED, Reported.DELAYED) else "",
        permanent=what is Reported.BOUNCED and _is_permanent(provider, event),
        at=_moment(event.timestamp),
    )


def _names(event: Any) -> tuple[str, ...]:
    """What the mail is called: by the provider, and by us where we had it carry that along."""
    carried = event.metadata.get(MAIL_ID, "") if isinstance(event.metadata, dict) else ""
    return tuple(dict.fromkeys(str(one).strip() for one in (event.message_id, carried) if one))


def _detail(event: Any) -> str:
    said = event.mta_response or event.description or event.reject_reason or ""
    words = " ".join(str(said).split())
    if event.event_type == "bounced" or event.event_type == "deferred":
        return words[:_LONGEST_DETAIL]
    return f"The mail provider did not send it: {words or 'it does not say why'}"[:_LONGEST_DETAIL]


def _moment(at: Any) -> datetime | None:
    return at if isinstance(at, datetime) and at.tzinfo is not None else None


def _is_permanent(provider: str, event: Any) -> bool:
    """Whether no mail at all will reach the address: no such mailbox. Anymail calls a full mailbox a bounce as well."""
    try:
        is_hard = HARD[provider](event.esp_event) if provider in HARD else None
    except STRANGE:
        is_hard = None
    if is_hard is not None and event.event_type == "bounced":
        return is_hard
    if event.reject_reason in PASSING_REASONS or event.event_type == "failed":
        return False
    return not _PASSING.search(str(event.mta_response or event.description or ""))


# By the provider's own word for a bounce.
HARD: dict[str, Callable[[Any], bool]] = {
    "amazon_ses": lambda said: said["bounce"]["bounceType"] == "Permanent",
    "brevo": lambda said: said["event"] != "soft_bounce",
    "mailersend": lambda said: said["data"]["type"] == "hard_bounced",
    "mailjet": lambda said: bool(said["hard_bounce"]),
    "postmark": lambda said: said["Type"] == "HardBounce",
    "resend": lambda said: said["data"]["bounce"]["type"] == "Permanent",
    "sendgrid": lambda said: said["type"] == "bounce",
    "sparkpost": lambda said: next(iter(said["msys"].values()))["bounce_class"] in ("10", "30"),
}
