"""A change of a profile as its history tells it (F81), and what the parts of a profile are called there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.kinds import ActorKind
from events.kinds import EventType

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
    "preferred_channel": "Preferred channel",
    "language": "Language",
    "time_zone": "Time zone",
    "location": "Location",
    "personal_discount": "Personal discount",
    "cumulative_discount": "Cumulative discount",
    "discount_card": "Discount card",
    "reference": "External number",
    "photo_id": "Photo",
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
CONTACT = {
    "typed": "written",
    "tag": "tag",
    "extension": "extension",
    "is_primary": "main",
    "verified_at": "verified",
}
# What the law and a bank know of somebody; `legal_` keeps these codes apart from those of details.
LEGAL = {
    "legal_contractor_type": "Contractor type",
    "legal_country": "Country of the contractor",
    "legal_legal_name": "Full name",
    "legal_legal_address": "Legal address",
    "legal_inn": "INN",
    "legal_kpp": "KPP",
    "legal_ogrn": "OGRN",
    "legal_ogrnip": "OGRNIP",
    "legal_okpo": "OKPO",
    "legal_tax": "Tax number",
    "legal_vat": "VAT number",
    "legal_registration": "Registration number",
    "legal_certificate_number": "Certificate number",
    "legal_certificate_date": "Certificate date",
    "legal_bik": "Bank code",
    "legal_bank": "Bank",
    "legal_bank_address": "Bank address",
    "legal_corr_account": "Correspondent account",
    "legal_bank_account": "Settlement account",
    "legal_iban": "IBAN",
    "legal_bic": "BIC (SWIFT)",
}
# What events say of an address beside the history of who holds it.
MARKS = {
    "bounced": "bounced",
    "deliverable": "delivers again",
    "shared": "shared by several people",
    "personal": "one person's",
}
SUBSCRIPTIONS = {"subscribed": "subscribed", "unsubscribed": "unsubscribed", "unknown": "subscription unknown"}
NOTE, TIMELINE_NOTE, TAG, SUBSCRIPTION = "note", "timeline_note", "tags", "subscription"
ADDRESS = "addresses"
CUSTOM = "custom_"  # before the code of a custom field
# A link may ask for what belongs together; every name is its own as well.
GROUPS = {
    "name": frozenset({"first_name", "middle_name", "last_name"}),
    "marks": frozenset({"is_vip", "is_bad"}),
    "origin": frozenset(SOURCE),
    "legal": frozenset(LEGAL),
}
PLACE = re.compile(r"[a-i]\d{20}(?:\.[a-z0-9_]{1,60})?")

# By what way something was written; the rest is ours and other machines'.
ICONS = {ActorKind.AGENT: "user-round", ActorKind.STORE: "store", ActorKind.CUSTOMER: "mail"}

# Names of what events point to, for all of a page at once.
Namer = Callable[[Sequence[Mapping[str, Any]]], Sequence[str]]


@dataclass(frozen=True)
class Teller:
    """How an event of an app above stands in the history: under which field, with which words after a name."""

    field: str
    label: str
    words: str
    name: Namer


_tellers: dict[str, Teller] = {}


def register_teller(type: EventType, teller: Teller) -> None:
    """Called by apps above when they start, for what they do to customers."""
    _tellers[type.name] = teller


def tellers() -> Mapping[str, Teller]:
    """By the names of their events."""
    return _tellers


@dataclass(frozen=True)
class Change:
    """One value that changed. `field` is what lists are narrowed by; `place` orders changes of one instant, and says
    to programs which change it is. `seen` is the mark of what the field holds now where `before` can be restored,
    "" where it cannot.
    """

    at: datetime
    place: str
    field: str
    label: str
    before: str
    after: str
    who: str
    kind: str
    seen: str = ""
    # Whose it was, as the history holds it, and why a program wrote it; `came_from` is both in words.
    of: int = 0
    reason: str = ""
    came_from: str = ""

    @property
    def icon(self) -> str:
        return ICONS.get(ActorKind(self.kind), "bot")

    @property
    def cursor(self) -> str:
        """What the next page is asked for with: everything older than this."""
        return f"{self.at.isoformat()}|{self.place}"


@dataclass(frozen=True)
class Narrowing:
    """Which changes to show: of one field or group of fields, by one author; "" for all."""

    field: str = ""
    who: str = ""

    @property
    def is_any(self) -> bool:
        return not (self.field or self.who)

    def among(self, names: Mapping[str, str]) -> dict[str, str]:
        """Those of the named fields that are to be shown."""
        wanted = GROUPS.get(self.field, frozenset({self.field}))
        return {name: label for name, label in names.items() if not self.field or name in wanted}

    def takes(self, *names: str) -> bool:
        """Whether changes of one of these fields are to be shown."""
        return bool(self.among(dict.fromkeys(names, "")))

    @property
    def custom(self) -> str | None:
        """The code of the only custom field to show, "" for all of them, None for none."""
        if not self.field:
            return ""
        return self.field.removeprefix(CUSTOM) if self.field.startswith(CUSTOM) else None


@dataclass(frozen=True)
class Cut:
    """Where a page begins: below the change of this moment and place."""

    at: datetime
    place: str


def read_cursor(cursor: str) -> Cut | None:
    """None for one that nobody gave out: then a page begins at the newest."""
    at, _, place = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(at)
        # The first and the last moments there are have none in other zones.
        return Cut(moment.astimezone(UTC), place) if moment.tzinfo and PLACE.fullmatch(place) else None
    except (ValueError, OverflowError):
        return None


def mark_of(value: object) -> str:
    """Equal for equal values: by it we know that nobody changed one meanwhile."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
