"""Read the customer's own page (S4): the profile in its blocks, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.kinds import ActorKind
from accounts.models import Membership
from core.languages import language_name
from customers import rules
from customers.changes import CUSTOM
from customers.kinds import PreferredChannel
from customers.models import Customer, CustomerSource, CustomerTag
from customers.services.choosing_fields import FieldChoice, read_choices
from customers.services.naming_merged import mark_origins
from customers.services.reading import Profile, read_profile
from customers.services.reading_addresses import ShownAddress, read_addresses
from customers.services.reading_contractor import Contractor, read_contractor
from customers.services.stating import Fact

# How somebody came to be in the system (F13), in words that stand behind the date.
REGISTERED = {
    ActorKind.AGENT: "added by an agent",
    ActorKind.CUSTOMER: "wrote to us",
    ActorKind.STORE: "came from a store",
    ActorKind.LOOKUP: "came from a look-up",
    ActorKind.IMPORT: "imported",
    ActorKind.API: "added by a program",
    ActorKind.SYSTEM: "added by the helpdesk",
}
FINANCE = frozenset({"personal_discount", "cumulative_discount", "discount_card"})


@dataclass(frozen=True)
class Presented:
    """The page's left side. `main`, `finance` and `custom` are the facts of those blocks; `choices` what the gear
    offers; `source` is None when nobody knows where the customer came from."""

    profile: Profile
    main: tuple[Fact, ...]
    finance: tuple[Fact, ...]
    custom: tuple[Fact, ...]
    choices: Sequence[FieldChoice]
    tags: Sequence[CustomerTag]
    source: CustomerSource | None
    preferred_channel: str
    language: str
    registered_how: str
    addresses: Sequence[ShownAddress]  # the one for delivery first
    contractor: Contractor | None  # None for a private individual
    last_seen_at: datetime | None
    can_export: bool  # everything about the customer, by who reads the page

    @property
    def subscription(self) -> str:
        return self.profile.subscription

    @property
    def has_more_addresses(self) -> bool:
        """Whether there is more to say of them than the line that stands among the main data."""
        return len(self.addresses) > 1 or any(one.name or one.hints for one in self.addresses)

    @property
    def customer(self) -> Customer:
        return self.profile.customer


def present_customer(*, customer: Customer, reader: Membership, at: datetime) -> Presented:
    """Everything the left side shows: six queries more than the profile, and two for a contractor."""
    profile = read_profile(customer=customer, at=at, reader=reader)
    choices = read_choices(member=reader)
    away = {one.code for one in choices if not one.is_shown}
    known = profile.customer
    source = CustomerSource.objects.filter(customer=customer).first()
    tags = list(CustomerTag.objects.filter(customer=customer).order_by("name_folded", "pk"))
    mark_origins(known, tags)
    return Presented(
        profile=profile,
        main=tuple(one for one in profile.facts if not _is_custom(one) and one.code not in FINANCE),
        finance=tuple(one for one in profile.facts if one.code in FINANCE),
        custom=tuple(one for one in profile.facts if _is_custom(one) and one.code not in away),
        choices=choices,
        tags=tags,
        source=source,
        preferred_channel=str(PreferredChannel(known.preferred_channel).label) if known.preferred_channel else "",
        language=language_name(known.language) if known.language else "",
        registered_how=REGISTERED[ActorKind(known.origin)],
        addresses=read_addresses(customer=known),
        contractor=read_contractor(customer=known),
        last_seen_at=_last_seen(known, source),
        can_export=rules.can_export(reader),
    )


def _last_seen(customer: Customer, source: CustomerSource | None) -> datetime | None:
    """The last sign of them on the website that we have."""
    seen = getattr(customer, "presence_row", None)
    return seen.last_seen_at if seen else (source.first_visit_at if source else None)


def _is_custom(fact: Fact) -> bool:
    return fact.code.startswith(CUSTOM)
