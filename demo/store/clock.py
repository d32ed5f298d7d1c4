"""The time of the pretend store: whole seconds, as Shopify's stamps have no finer part."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The moment, in UTC, cut to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def exact_now() -> datetime:
    """The moment, in UTC, with microseconds: for logs and the X-Shopify-Triggered-At header."""
    return datetime.now(UTC)


def in_api(moment: datetime) -> str:
    """As the GraphQL API writes it: `2026-10-01T10:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_webhook(moment: datetime, zone: str) -> str:
    """As a webhook body writes it, with the offset of the shop: `2026-10-01T06:00:00-04:00`."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
