"""A change of a profile as its history tells it (F81), and what the parts of a profile are called there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

DETAILS = {
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "is_vip": "VIP",
    "is_bad": "BAD",
    "sex": "Sex",
    "birthday": "Birthday",
    "manager_id": "Manager",
    "store_number": "Store",
    "language": "Language",
    "time_zone": "Time zone",
    "location": "Location",
    "personal_discount": "Personal discount",
    "cumulative_discount": "Cumulative discount",
    "discount_card": "Discount card",
    "reference": "External number",
    "deleted_at": "Deleted",
}
SOURCE = {
    "source": "Source",
    "medium": "Medium",
    "campaign": "Campaign",
    "keyword": "Keyword",
    "content": "Content",
    "landing_page": "Landing page",
    "referrer": "Referrer",
    "first_visit_at": "First visit",
    "first_client_id": "First client id",
    "last_client_id": "Last client id",
}
CONTACT = {"tag": "tag", "extension": "extension", "is_primary": "main", "verified_at": "verified"}
NOTE, TIMELINE_NOTE = "note", "timeline_note"


@dataclass(frozen=True)
class Change:
    """One value that changed. `field` is what lists are narrowed by; `place` orders changes of one instant.

    `detail` is the name of a field of describing.Details that can be set back, "" for what cannot.
    """

    at: datetime
    place: str
    field: str
    label: str
    before: str
    after: str
    who: str
    kind: str
    detail: str = ""
    raw_before: Any = None

    @property
    def cursor(self) -> str:
        """What the next page is asked for with: everything older than this."""
        return f"{self.at.isoformat()}|{self.place}"


@dataclass(frozen=True)
class Narrowing:
    """Which changes to show: of one field, by one author; "" for all."""

    field: str = ""
    who: str = ""

    def fits(self, change: Change) -> bool:
        return self.field in ("", change.field) and self.who in ("", change.who)
