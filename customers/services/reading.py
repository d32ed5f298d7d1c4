"""Read what the card shows of a customer, in a constant small number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from accounts.models import Membership
from accounts.services.configuring import read_all
from core.contacts import zones_of_phone
from customers import spelling
from customers.kinds import ContactKind, NoteSync
from customers.models import Customer, CustomerContact, CustomerFieldValue, CustomerNote, NoteDraft, Presence
from customers.options import cutoffs_of
from customers.presence import NEVER, Sighting, judge
from customers.services.editing import read_editors
from customers.services.stating import Fact, state_facts

# A number of Portugal may be at home in Lisbon or, an hour behind, on the Azores: worth showing all the same.
DOUBT = timedelta(hours=1)
OTHERS_SHOWN = 20  # of those who also hold a contact

DETAILS = {
    NoteSync.IN_SYNC: "The store has the same text.",
    NoteSync.PENDING: "The text is on its way to the store.",
    NoteSync.BLOCKED: "The note cannot be synchronized.",
    NoteSync.FAILED: "The store did not take the text.",
    NoteSync.DIFFERS: "Note and store both have a text. Choose one.",
}


@dataclass(frozen=True)
class ContactLine:
    """One e-mail address, phone or handle as the card shows it."""

    id: int
    value: str
    tag: str  # as it is shown
    tag_code: str
    is_primary: bool
    is_verified: bool
    is_bounced: bool
    is_shared: bool
    also_held_by: tuple[Customer, ...]


@dataclass(frozen=True)
class Badge:
    """How the note stands with the store (B8); `state` is a NoteSync other than off."""

    state: str
    label: str
    detail: str


@dataclass(frozen=True)
class NoteCard:
    """The note as it is shown. `updated_at` is None for one never saved; `limit` is in characters, None for none."""

    text: str
    version: int
    updated_at: datetime | None
    updated_by: str
    limit: int | None
    badge: Badge | None
    drafts: tuple[NoteDraft, ...]
    editors: tuple[str, ...]
    error: str = ""  # why a text could not be saved; `text` is then what was typed


@dataclass(frozen=True)
class Profile:
    """What this app knows of a customer for the card. `local_time` is in the customer's zone, None when unknown."""

    customer: Customer
    note: NoteCard
    emails: tuple[ContactLine, ...]
    phones: tuple[ContactLine, ...]
    handles: tuple[ContactLine, ...]
    location: str
    local_time: datetime | None
    presence: Sighting
    facts: tuple[Fact, ...]


def read_profile(*, customer: Customer, at: datetime, reader: Membership | None = None) -> Profile:
    """Everything at once, in at most seven queries. `reader` is not told that they are editing themselves."""
    custom = Exists(CustomerFieldValue.objects.filter(customer=OuterRef("pk")))
    rows = Customer.objects.select_related("note_row", "presence_row", "manager__user").annotate(has_custom=custom)
    known = rows.get(pk=customer.pk)
    has_custom: bool = vars(known)["has_custom"]
    zone = ZoneInfo(reader.time_zone if reader else "UTC")
    contacts = _read_contacts(known)
    lines = _show_contacts(contacts)
    return Profile(
        customer=known,
        note=_show_note(known, getattr(known, "note_row", None), reader),
        emails=lines[ContactKind.EMAIL],
        phones=lines[ContactKind.PHONE],
        handles=lines[ContactKind.HANDLE],
        location=known.location,
        local_time=local_time(known, contacts, at),
        presence=_judge(getattr(known, "presence_row", None), at),
        facts=state_facts(customer=known, zone=zone, today=at.astimezone(zone).date(), has_custom=has_custom),
    )


def read_note_card(*, customer: Customer, reader: Membership | None = None) -> NoteCard:
    """The note alone, in two queries."""
    return _show_note(customer, CustomerNote.objects.filter(customer=customer).first(), reader)


def read_presence(*, customer: Customer, at: datetime) -> Sighting:
    """The dot alone, in two queries."""
    return _judge(Presence.objects.filter(customer=customer).first(), at)


def local_time(customer: Customer, contacts: Sequence[CustomerContact], at: datetime) -> datetime | None:
    """`at` on the customer's clock: by their zone, else by their phones, where these leave an hour's doubt at most."""
    if customer.time_zone:
        return _clock_in(customer.time_zone, at)
    for line in contacts:
        if clock := _usual_clock(zones_of_phone(line.contact.value), at):
            return clock
    return None


def _usual_clock(zones: Sequence[str], at: datetime) -> datetime | None:
    """The mainland's clock; None when the zones are more than an hour apart, or an unknown one is among them."""
    clocks = [_clock_in(zone, at) for zone in sorted(zones, key=_is_oceanic)]
    offsets = [clock.utcoffset() or timedelta() for clock in clocks if clock]
    if not offsets or len(offsets) < len(clocks) or max(offsets) - min(offsets) > DOUBT:
        return None
    return clocks[0]


def _is_oceanic(zone: str) -> bool:
    """Islands far out have the smaller share of a country's people."""
    return zone.startswith(("Atlantic/", "Pacific/", "Indian/"))


def _clock_in(zone: str, at: datetime) -> datetime | None:
    try:
        return at.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError):  # a zone that a store made up, or that this machine's data does not have
        return None


def _judge(seen: Presence | None, at: datetime) -> Sighting:
    if seen is None:
        return NEVER
    return judge(last_seen_at=seen.last_seen_at, evidence=seen.evidence, at=at, cutoffs=cutoffs_of(read_all()))


def _show_note(customer: Customer, note: CustomerNote | None, reader: Membership | None) -> NoteCard:
    editors = read_editors(customer=customer, besides=reader)
    if note is None:
        return NoteCard("", 0, None, "", None, None, (), editors)
    return NoteCard(
        text=note.text,
        version=note.version,
        updated_at=note.updated_at,
        updated_by=note.author_name,
        limit=note.text_limit,
        badge=_show_badge(note),
        drafts=_read_drafts(note, reader),
        editors=editors,
    )


def _read_drafts(note: CustomerNote, reader: Membership | None) -> tuple[NoteDraft, ...]:
    me = reader.as_actor() if reader else None
    drafts = tuple(note.drafts.unsettled().order_by("pk"))
    for draft in drafts:
        draft.is_own = me is not None and (draft.author_kind, draft.author_id) == (me.kind, me.id)
    return drafts


def _show_badge(note: CustomerNote) -> Badge | None:
    state = NoteSync(note.sync_state)
    if state is NoteSync.OFF:
        return None
    return Badge(state.value, state.label, note.sync_detail or DETAILS[state])


def _read_contacts(customer: Customer) -> list[CustomerContact]:
    return list(CustomerContact.objects.filter(customer=customer).select_related("contact").in_order())


def _show_contacts(contacts: Sequence[CustomerContact]) -> dict[str, tuple[ContactLine, ...]]:
    others = _read_others(contacts)
    shown: dict[str, list[ContactLine]] = {kind: [] for kind in ContactKind.values}
    for line in contacts:
        shown[line.contact.kind].append(_show_contact(line, tuple(others.get(line.contact_id, ()))))
    return {kind: tuple(lines) for kind, lines in shown.items()}


def _read_others(contacts: Sequence[CustomerContact]) -> dict[int, list[Customer]]:
    """Who else holds the contacts; a few of each, since an office line may have thousands."""
    if not contacts:
        return {}
    rank = Window(RowNumber(), partition_by=F("contact"), order_by="pk")
    lines = CustomerContact.objects.filter(contact__in=[line.contact_id for line in contacts])
    lines = lines.exclude(customer=contacts[0].customer_id).select_related("customer")
    others: dict[int, list[Customer]] = {}
    for line in lines.annotate(rank=rank).filter(rank__lte=OTHERS_SHOWN).order_by("pk"):
        others.setdefault(line.contact_id, []).append(line.customer)
    return others


def _show_contact(line: CustomerContact, others: tuple[Customer, ...]) -> ContactLine:
    contact = line.contact
    return ContactLine(
        id=line.pk,
        value=spelling.show(contact.kind, value=contact.value, typed=line.typed, extension=line.extension),
        tag=spelling.show_tag(line.tag),
        tag_code=line.tag,
        is_primary=line.is_primary,
        is_verified=line.verified_at is not None,
        is_bounced=contact.is_bounced,
        is_shared=contact.is_shared,
        also_held_by=others,
    )
