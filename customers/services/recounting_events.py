"""Changes that stand elsewhere than in tables of history: versions of the note, and what events tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from customers.changes import (
    MARKS,
    NOTE,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    TIMELINE_NOTE,
    Change,
    Narrowing,
    mark_of,
    tellers,
)
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Contact, Customer, CustomerNote, NoteVersion, TimelineNote
from customers.services.recounting_rows import Ask
from customers.services.retracing import place_of, rows_after, written_by
from customers.services.wording_changes import LONGEST_SHOWN, author_of, shorten
from events.models import Event

DELETED = str(CustomerEvent.TIMELINE_NOTE_DELETED)
OF_TIMELINE_NOTES = (
    str(CustomerEvent.TIMELINE_NOTE_ADDED),
    DELETED,
    str(CustomerEvent.TIMELINE_NOTE_RESTORED),
)
CONTACT_CHANGED = str(CustomerEvent.CONTACT_CHANGED)


def streams(ask: Ask) -> Sequence[Sequence[Change]]:
    """Each newest first; those that can hold nothing that was asked for are not read."""
    # Versions of several notes may be of one moment and one number: an import writes them so.
    return [sorted(_of_note(ask), key=lambda one: (one.at, one.place), reverse=True), list(_of_events(ask))]


def _of_note(ask: Ask) -> Iterator[Change]:
    if not ask.narrowing.takes(NOTE):
        return
    versions = NoteVersion.objects.filter(note__customer__in=ask.customer.all_ids).annotate(of=F("note__customer_id"))
    if ask.narrowing.who:
        versions = versions.filter(written_by(ask.narrowing.who, "author_name", "author_kind"))
    former = NoteVersion.objects.filter(note=OuterRef("note"), number=OuterRef("number") - 1)
    rows: Any = rows_after(versions, cut=ask.cut, prefix="e", date="created_at", key="number")
    rows = rows.annotate(
        beginning=Left("text", LONGEST_SHOWN + 1),
        was=Subquery(former.values(start=Left("text", LONGEST_SHOWN + 1))[:1]),
        holds=Exists(former.filter(text=OuterRef("note__text"))),
    ).defer("text")[: ask.size]
    if found := list(rows):
        current = CustomerNote.objects.filter(customer=ask.customer).values_list("version", flat=True).first()
        for row in found:
            yield _note_change(row, current or 0, is_own=row.of == ask.customer.pk)


def _note_change(row: Any, current: int, *, is_own: bool) -> Change:
    before = shorten(row.was or "")
    # The newest text but one comes back by restoring what the newest took its place; older ones likewise.
    return Change(
        at=row.created_at,
        # Numbers of versions begin anew in each profile.
        place=place_of("e", row.number) if is_own else place_of("e", row.number, 0, f"of{row.of}"),
        field=NOTE,
        label="Note",
        before=before,
        after=shorten(row.beginning),
        who=author_of(row.author_name, row.author_kind),
        kind=row.author_kind,
        seen=mark_of(current) if is_own and before and not row.holds else "",
        of=row.of,
    )


def told_events(customer: Customer, narrowing: Narrowing) -> QuerySet[Event, Event]:
    """The events that stand in a history as changes; what rows of history hold is not told twice."""
    wanted = Q(pk=None)
    if narrowing.takes(TIMELINE_NOTE):
        wanted |= Q(type__in=OF_TIMELINE_NOTES)
    if kinds := list(narrowing.among({str(kind): "" for kind in ContactKind})):
        wanted |= Q(type=CONTACT_CHANGED, data__kind__in=kinds, data__change__in=list(MARKS))
    if narrowing.takes(SUBSCRIPTION):
        wanted |= Q(type=CONTACT_CHANGED, data__change__in=list(SUBSCRIPTIONS))
    others = [name for name, teller in tellers().items() if narrowing.takes(teller.field)]
    if others:
        wanted |= Q(type__in=others)
    if narrowing.who:
        wanted &= written_by(narrowing.who, "actor_name", "actor_kind")
    events: QuerySet[Event, Event] = Event.objects.for_customers(customer.all_ids).filter(wanted)
    return events


def _of_events(ask: Ask) -> Iterator[Change]:
    rows = rows_after(told_events(ask.customer, ask.narrowing), cut=ask.cut, prefix="g", date="created_at", key="id")
    events = list(rows[: ask.size])
    notes = _timeline_notes([one.data["timeline_note"] for one in events if one.type in OF_TIMELINE_NOTES])
    contacts = _addresses([one.data["contact"] for one in events if one.type == CONTACT_CHANGED])
    named = _named(events)
    for event in events:
        if event.type in OF_TIMELINE_NOTES:
            yield _timeline_change(event, notes.get(event.data["timeline_note"]))
        elif event.type == CONTACT_CHANGED:
            yield _contact_change(event, contacts.get(event.data["contact"], ""))
        else:
            teller = tellers()[event.type]
            yield _change(event, field=teller.field, label=teller.label, after=named[event.pk])


def _timeline_notes(keys: Sequence[int]) -> Mapping[int, TimelineNote]:
    return TimelineNote.objects.defer("html").in_bulk(set(keys)) if keys else {}


def _addresses(keys: Sequence[int]) -> Mapping[int, str]:
    return dict(Contact.objects.filter(pk__in=set(keys)).values_list("pk", "value")) if keys else {}


def _named(events: Sequence[Event]) -> dict[int, str]:
    """What events of apps above say, each app asked once."""
    said: dict[int, str] = {}
    for type, teller in tellers().items():
        own = [one for one in events if one.type == type]
        if own:
            names = teller.name([one.data for one in own])
            said |= {one.pk: f"{name} {teller.words}".strip() for one, name in zip(own, names, strict=True)}
    return said


def _timeline_change(event: Event, note: TimelineNote | None) -> Change:
    text = shorten(note.text) if note else ""
    is_deleted = event.type == DELETED
    can = is_deleted and note is not None and note.deleted_at is not None
    return _change(
        event,
        field=TIMELINE_NOTE,
        label="Note on the timeline",
        before=text if is_deleted else "",
        after="" if is_deleted else text,
        seen=mark_of(None) if can else "",
    )


def _contact_change(event: Event, address: str) -> Change:
    change = event.data["change"]
    if change in SUBSCRIPTIONS:
        return _change(event, field=SUBSCRIPTION, label="Subscription", after=f"{address} {SUBSCRIPTIONS[change]}")
    kind = ContactKind(event.data["kind"])
    return _change(event, field=str(kind), label=str(kind.label), after=f"{address} {MARKS[change]}")


def _change(event: Event, *, field: str, label: str, after: str, before: str = "", seen: str = "") -> Change:
    return Change(
        at=event.created_at,
        place=place_of("g", event.pk),
        field=field,
        label=label,
        before=before,
        after=after,
        who=author_of(event.actor_name, event.actor_kind),
        kind=event.actor_kind,
        seen=seen,
        of=event.customer_id or 0,
    )
