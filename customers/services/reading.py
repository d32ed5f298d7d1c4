"""Read what the card shows of a customer, in a constant small number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import MemberPreference, Membership, WorkspaceSetting
from accounts.services.configuring import read_all
from core.database.queries import Query
from core.languages import language_name
from customers import rules
from customers.clocks import read_clock
from customers.kinds import ContactKind, NoteSync
from customers.models import (
    Customer,
    CustomerContact,
    CustomerFieldValue,
    CustomerNote,
    CustomerSource,
    CustomerTag,
    NoteDraft,
    Presence,
)
from customers.options import ADMINS, MERGED_BY, cutoffs_of
from customers.presence import NEVER, Sighting, judge
from customers.services.editing import read_editors
from customers.services.reading_contacts import ContactLine, read_lines, show_lines
from customers.services.stating import Fact, state_facts
from customers.services.suggesting.hinting import Hint, is_suggested, read_hint

SHOWS_MORE = "card.more"  # what a member who keeps More info open prefers

DETAILS = {
    NoteSync.IN_SYNC: "The store has the same text.",
    NoteSync.PENDING: "The text is on its way to the store.",
    NoteSync.BLOCKED: "The note cannot be synchronized.",
    NoteSync.FAILED: "The store did not take the text.",
    NoteSync.DIFFERS: "Note and store both have a text. Choose one.",
}


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
    tags: tuple[str, ...]
    came_from: tuple[str, ...]  # what links call utm_source, utm_medium and utm_campaign
    language: str  # by its name
    shows_more: bool  # whether the reader left More info open
    hint: Hint | None  # who they may be as well
    can_merge: bool  # by who reads it

    @property
    def subscription(self) -> str:
        """That of the main address, since mailings go there (D25); each address says its own."""
        return next((str(one.subscription.label) for one in self.emails[:1] if one.subscription), "")


def _rows(pk: int, reader: int) -> QuerySet[Customer]:
    """The customer with all there is at most one of; `reader` is the member's id."""
    rows = Customer.objects.filter(pk=pk)
    tags = CustomerTag.objects.filter(customer=OuterRef("pk")).order_by("name_folded", "pk")
    return rows.select_related("note_row", "presence_row", "source_row", "photo", "manager__user").annotate(
        has_custom=Exists(CustomerFieldValue.objects.filter(customer=OuterRef("pk"))),
        tag_names=ArraySubquery(tags.values("name")),
        shows_more=Exists(MemberPreference.objects.filter(member=reader, key=SHOWS_MORE)),
        is_suggested=is_suggested(),
        is_merged_by_admins=Exists(WorkspaceSetting.objects.filter(key=MERGED_BY.key, value=ADMINS)),
    )


_KNOWN = Query(_rows)
_DRAFTS = Query(lambda note: NoteDraft.objects.filter(note=note).unsettled().order_by("pk"))


def read_profile(*, customer: Customer, at: datetime, reader: Membership | None = None) -> Profile:
    """Everything at once, in at most eight queries. `reader` is not told that they are editing themselves."""
    known = _KNOWN.first(customer.pk, reader.pk if reader else 0)
    if known is None:
        raise Customer.DoesNotExist
    has_custom: bool = vars(known)["has_custom"]
    shows_more: bool = vars(known)["shows_more"]
    may_be_another: bool = vars(known)["is_suggested"]
    is_for_admins: bool = vars(known)["is_merged_by_admins"]
    tag_names: list[str] = vars(known)["tag_names"]
    zone = ZoneInfo(reader.time_zone if reader else "UTC")
    contacts = read_lines(known)
    lines = show_lines(known, contacts)
    return Profile(
        customer=known,
        note=_show_note(known, getattr(known, "note_row", None), reader),
        emails=lines[ContactKind.EMAIL],
        phones=lines[ContactKind.PHONE],
        handles=lines[ContactKind.HANDLE],
        location=known.location,
        local_time=_read_clock(known, contacts, at),
        presence=_judge(getattr(known, "presence_row", None), at),
        facts=state_facts(customer=known, zone=zone, today=at.astimezone(zone).date(), has_custom=has_custom),
        tags=tuple(tag_names),
        came_from=_came_from(getattr(known, "source_row", None)),
        language=language_name(known.language) if known.language else "",
        shows_more=shows_more,
        hint=read_hint(customer=known) if may_be_another else None,
        can_merge=reader is not None and rules.can_merge(reader, is_for_admins=is_for_admins),
    )


def read_note_card(*, customer: Customer, reader: Membership | None = None) -> NoteCard:
    """The note alone, in two queries."""
    return _show_note(customer, CustomerNote.objects.filter(customer=customer).first(), reader)


def read_presence(*, customer: Customer, at: datetime) -> Sighting:
    """The dot alone, in two queries."""
    return _judge(Presence.objects.filter(customer=customer).first(), at)


def _came_from(source: CustomerSource | None) -> tuple[str, ...]:
    return tuple(word for word in (source.source, source.medium, source.campaign) if word) if source else ()


def _read_clock(customer: Customer, contacts: Sequence[CustomerContact], at: datetime) -> datetime | None:
    phones = (line.contact.value for line in contacts if line.contact.is_phone)
    return read_clock(time_zone=customer.time_zone, phones=phones, place=customer.location, at=at)


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
    drafts = tuple(_DRAFTS.all(note.pk))
    for draft in drafts:
        draft.is_own = me is not None and (draft.author_kind, draft.author_id) == (me.kind, me.id)
    return drafts


def _show_badge(note: CustomerNote) -> Badge | None:
    state = NoteSync(note.sync_state)
    if state is NoteSync.OFF:
        return None
    return Badge(state.value, state.label, note.sync_detail or DETAILS[state])
