"""Read the block "Earlier" of a customer's page: its tabs (F88), and all that happened, on tickets too (F89)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Membership
from core.text import excerpt
from customers.kinds import CustomerEvent
from customers.models import Customer, TimelineNote
from customers.services.naming_merged import name_merged
from customers.services.recounting_merges import merge_places, told_of
from customers.services.timeline_noting import Notes, read_timeline_notes
from customers.tabs import ALL, NOTES, Tab, all_tabs
from events.kinds import all_types
from events.links import Link, find_links, seen_by
from events.models import Event
from events.models.event import EventQuerySet
from events.services.grouping import read_newest

PART = 40  # lines read at once
EXCERPT = 200  # characters of a note


@dataclass(frozen=True)
class Story:
    """A part of it, from old to recent. `earlier` is the cursor of what stands before it, None for nothing."""

    events: Sequence[Event]
    earlier: int | None

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    @property
    def begins_at(self) -> datetime | None:
        return self.events[0].created_at if self.events else None


@dataclass(frozen=True)
class Earlier:
    """The block with one tab open. What that tab shows is read where it is ours; else it is fetched from its URL."""

    customer: Customer
    tabs: Sequence[tuple[Tab, str]]
    tab: Tab
    url: str
    story: Story | None = None
    notes: Notes | None = None


def read_earlier(
    *, customer: Customer, reader: Membership, tab: Tab, before: int | None = None, since: int | None = None
) -> Earlier:
    """The block as it opens; at most five queries. `before` and `since` are for notes, as in `read_timeline_notes`."""
    tabs = [(one, _url(customer, one)) for one in all_tabs()]
    return Earlier(
        customer=customer,
        tabs=tabs,
        tab=tab,
        url=_url(customer, tab),
        story=read_story(customer=customer, reader=reader) if tab.code == ALL else None,
        notes=read_timeline_notes(customer=customer, before=before, since=since) if tab.code == NOTES else None,
    )


def read_story(*, customer: Customer, reader: Membership, before: int | None = None, size: int = PART) -> Story:
    """The newest part of what `reader` may see, or the one before a cursor; at most seven queries.

    Each event has its `place`: the ticket it is about, with the beginning of what was written; what came from a profile
    that was merged into this one says so.
    """
    shown = [one.name for one in all_types() if one.on_timeline or one.on_customer]

    def narrow(events: EventQuerySet) -> QuerySet[Event, Event]:
        told = seen_by(reader, events.filter(told_of(customer), type__in=shown))
        return told if before is None else told.filter(pk__lt=before)

    found = read_newest(customer_ids=customer.all_ids, narrow=narrow, size=size + 1)
    part = found[:size]
    places = {**find_links(reader, part), **_note_places(customer, part), **merge_places(customer, part)}
    names = name_merged(customer, (event.customer_id for event in part))
    for event in part:
        event.place, event.came_from = places.get(event.pk), names.get(event.customer_id or 0, "")
    # What was recorded late, such as a mail that lay in another system, still stands at its time.
    ordered = sorted(part, key=lambda one: (one.created_at, one.pk))
    return Story(events=ordered, earlier=part[-1].pk if len(found) > size else None)


def _url(customer: Customer, tab: Tab) -> str:
    if tab.url_name:
        return reverse(tab.url_name, args=[customer.number])
    return reverse("customers:earlier_tab", args=[customer.number, tab.code])


def _note_places(customer: Customer, events: Collection[Event]) -> dict[int, Link]:
    """Event's id -> what the note says that was written then, unless it was deleted since."""
    added = {one.pk: one.subject_id for one in events if one.type == CustomerEvent.TIMELINE_NOTE_ADDED.name}
    if not added:
        return {}
    texts = dict(TimelineNote.objects.kept().filter(pk__in=set(added.values())).values_list("pk", "text"))
    page = reverse("customers:timeline_notes", args=[customer.number])
    return {event: Link(page, "", excerpt(texts[note], EXCERPT)) for event, note in added.items() if note in texts}
