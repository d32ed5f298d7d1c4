"""Who holds one e-mail address, phone or handle, and whose a message from it would be (F24, D15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from customers import spelling
from customers.models import Contact, Customer, CustomerContact
from customers.services.identifying import SHARED, choose_holder
from customers.services.suggesting.dismissing import dismissed_pairs

MOST_SHOWN = 50


@dataclass(frozen=True)
class Holder:
    """One customer who holds it, by their line."""

    line: CustomerContact
    tag: str
    written_at: datetime | None
    is_verified: bool
    is_claim: bool
    is_dismissed: bool  # said not to be the person whose line it is
    is_meant: bool  # whether a message from it would be theirs


@dataclass(frozen=True)
class Holders:
    """At most fifty, whoever came first first; `total` counts all. A message would be `meant`'s; `reason` says why."""

    contact: Contact
    value: str
    holders: tuple[Holder, ...]
    total: int
    meant: Customer | None
    reason: str


def read_holders(*, line: CustomerContact) -> Holders:
    """All of one contact, by any of their lines: by the query that an arriving message asks, and two more."""
    contact = line.contact
    lines = list(CustomerContact.objects.of_contact(contact))
    shown = lines[:MOST_SHOWN]
    dismissed = dismissed_pairs({line.customer_id, *(one.customer_id for one in shown)})
    apart = {pk for pair in dismissed if line.customer_id in pair for pk in pair} - {line.customer_id}
    meant, reason = (None, SHARED) if contact.is_shared else choose_holder(lines)
    return Holders(
        contact=contact,
        value=spelling.show(contact.kind, value=contact.value, typed=line.typed, extension=""),
        holders=tuple(_show(one, meant, is_dismissed=one.customer_id in apart) for one in shown),
        total=len(lines),
        meant=meant.customer if meant else None,
        reason=reason,
    )


def _show(line: CustomerContact, meant: CustomerContact | None, *, is_dismissed: bool) -> Holder:
    return Holder(
        line=line,
        tag=spelling.show_tag(line.tag),
        written_at=line.last_wrote_at,
        is_verified=line.verified_at is not None,
        is_claim=line.is_claim,
        is_dismissed=is_dismissed,
        is_meant=line == meant,
    )
