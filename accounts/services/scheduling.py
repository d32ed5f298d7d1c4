"""Know when the shop is open."""

from accounts.options import hours_of
from accounts.services.configuring import read_all
from core.opening_hours import OpeningHours


def read_opening_hours() -> OpeningHours:
    """The workspace's business hours, around the clock where none were set; one query."""
    return hours_of(read_all())
