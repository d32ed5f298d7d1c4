"""What changed on a profile, newest first: who or what, when, from what to what (F81)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import Lag

from accounts.kinds import ActorKind
from accounts.models import Membership
from customers.changes import CONTACT, DETAILS, NOTE, SOURCE, TIMELINE_NOTE, Change, Narrowing
from customers.kinds import ContactKind, Sex
from customers.models import Customer, CustomerContact, CustomerFieldValue, CustomerSource, NoteVersion, TimelineNote
from customers.stores import read_stores

PAGE_SIZE = 50
LONGEST_SHOWN = 300  # characters of a value; a note is read in full among its versions


@dataclass(frozen=True)
class History:
    """A page of changes, the cursor of the next one ("" at the end), and what the whole can be narrowed by: fields by
    their codes with their labels, authors by name.
    """

    changes: list[Change]
    cursor: str
    fields: dict[str, str]
    authors: list[str]


def read_history(*, customer: Customer, narrowing: Narrowing, before: str = "", size: int = PAGE_SIZE) -> History:
    """All changes are read once, for the page and for its choices. A cursor nobody gave out begins at the newest."""
    place = _place(before)
    everything = list(heapq.merge(*_streams(customer, _Names()), key=lambda one: (one.at, one.place), reverse=True))
    wanted = [one for one in everything if narrowing.fits(one) and (place is None or (one.at, one.place) < place)]
    page = wanted[:size]
    return History(
        changes=page,
        cursor=page[-1].cursor if len(wanted) > size else "",
        fields={one.field: one.label for one in everything},
        authors=sorted({one.who for one in everything}),
    )


def _place(cursor: str) -> tuple[datetime, str] | None:
    at, _, place = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, place) if moment.tzinfo and place else None


class _Names:
    """Names of what values point to, asked for once and only when they are needed."""

    def __init__(self) -> None:
        self._members: dict[int, str] = {}
        self._stores: dict[int, str] | None = None

    def show(self, field: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if field == "manager_id":
            return self._member(value)
        if field == "store_number":
            if self._stores is None:
                self._stores = {number: store.name for number, store in read_stores().items()}
            return self._stores.get(value, f"Store {value}")
        return _plain(field, value)

    def _member(self, pk: int) -> str:
        if pk not in self._members:
            member = Membership.objects.select_related("user").filter(pk=pk).first()
            self._members[pk] = member.name if member else "Somebody who left"
        return self._members[pk]


def _plain(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if field == "sex":
        return str(Sex(value).label)
    return str(value)[:LONGEST_SHOWN]


def _streams(customer: Customer, names: _Names) -> Sequence[Iterator[Change]]:
    """Each newest first."""
    return (
        _of_details(customer, names),
        _of_source(customer, names),
        _of_contacts(customer),
        _of_fields(customer),
        _of_note(customer),
        _of_timeline_notes(customer),
    )


def _with_former(rows: Any, fields: Iterable[str]) -> Any:
    """Each row of history with what its fields held before, as `was_<field>`."""
    window: dict[str, Any] = {"partition_by": [F("id")], "order_by": F("history_id").asc()}
    return rows.annotate(
        was_nothing=Window(Lag("history_id"), **window),
        **{f"was_{name}": Window(Lag(name), **window) for name in fields},
    ).order_by("-history_date", "-history_id")


def _of_details(customer: Customer, names: _Names) -> Iterator[Change]:
    rows = _with_former(Customer.history.filter(id=customer.pk), DETAILS)
    yield from _differences(rows, DETAILS, names, prefix="a", details=frozenset(DETAILS) - {"deleted_at", "reference"})


def _of_source(customer: Customer, names: _Names) -> Iterator[Change]:
    rows = _with_former(CustomerSource.history.filter(customer_id=customer.pk), SOURCE)
    yield from _differences(rows, SOURCE, names, prefix="b", details=frozenset())


def _differences(
    rows: Any, labels: Mapping[str, str], names: _Names, *, prefix: str, details: frozenset[str]
) -> Iterator[Change]:
    for row in rows:
        for order, (name, label) in enumerate(sorted(labels.items())):
            was, now = getattr(row, f"was_{name}"), getattr(row, name)
            if row.was_nothing is None:
                was = False if isinstance(now, bool) else None
            if was == now or (was in (None, "") and now in (None, "")):
                continue
            yield _change(
                row,
                place=f"{prefix}{row.history_id:020}.{99 - order:02}",
                field=name,
                label=label,
                before=names.show(name, was),
                after=names.show(name, now),
                detail=name if name in details else "",
                raw_before=was,
            )


def _of_contacts(customer: Customer) -> Iterator[Change]:
    rows = CustomerContact.history.filter(customer_id=customer.pk).select_related("contact")
    for row in _with_former(rows, CONTACT):
        kind = ContactKind(row.contact.kind)
        said: dict[str, Any] = {"field": str(kind), "label": str(kind.label)}
        place = f"c{row.history_id:020}"
        if row.history_type == "+":
            yield _change(row, place=place, before="", after=_shown_contact(row), **said)
        elif row.history_type == "-":
            yield _change(row, place=place, before=_shown_contact(row), after="", **said)
        else:
            changed = [name for name in CONTACT if getattr(row, name) != getattr(row, f"was_{name}")]
            if changed:
                now, was = _said_of(row, changed, ""), _said_of(row, changed, "was_")
                yield _change(row, place=place, before=f"{row.typed} ({was})", after=f"{row.typed} ({now})", **said)


def _said_of(row: Any, names: Iterable[str], prefix: str) -> str:
    return ", ".join(f"{CONTACT[name]}: {_plain(name, getattr(row, prefix + name)) or 'no'}" for name in names)


def _shown_contact(row: Any) -> str:
    return " ".join(part for part in (row.typed, f"ext. {row.extension}" if row.extension else "", row.tag) if part)


def _of_fields(customer: Customer) -> Iterator[Change]:
    columns = ("text", "number", "flag", "date", "moment")
    rows = CustomerFieldValue.history.filter(customer_id=customer.pk).select_related("field", "option")
    for row in _with_former(rows, columns):
        now = row.option.label if row.option else _first(getattr(row, name) for name in columns)
        was = _first(getattr(row, f"was_{name}") for name in columns)
        before = "" if row.history_type == "+" else (now if row.history_type == "-" else _plain("", was))
        after = "" if row.history_type == "-" else now
        yield _change(
            row,
            place=f"d{row.history_id:020}",
            field=row.field.code,
            label=row.field.name,
            before=_plain("", before),
            after=_plain("", after),
        )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value not in (None, "")), "")


def _of_note(customer: Customer) -> Iterator[Change]:
    rows = NoteVersion.objects.filter(note__customer=customer).annotate(
        was=Window(Lag("text"), partition_by=[F("note_id")], order_by=F("number").asc())
    )
    for row in rows.order_by("-created_at", "-number"):
        yield Change(
            at=row.created_at,
            place=f"e{row.number:020}",
            field=NOTE,
            label="Note",
            before=(row.was or "")[:LONGEST_SHOWN],
            after=row.text[:LONGEST_SHOWN],
            who=row.author_name or str(ActorKind(row.author_kind).label),
            kind=row.author_kind,
        )


def _of_timeline_notes(customer: Customer) -> Iterator[Change]:
    notes = TimelineNote.objects.filter(customer=customer)
    changes = [_timeline_change(note, note.created_at, "", note.text, note.author_name) for note in notes]
    changes += [
        _timeline_change(note, note.deleted_at, note.text, "", note.deleted_by) for note in notes if note.deleted_at
    ]
    yield from sorted(changes, key=lambda one: (one.at, one.place), reverse=True)


def _timeline_change(note: TimelineNote, at: datetime, before: str, after: str, who: str) -> Change:
    return Change(
        at=at,
        place=f"f{note.number:020}{'' if after else 'x'}",
        field=TIMELINE_NOTE,
        label="Note on the timeline",
        before=before[:LONGEST_SHOWN],
        after=after[:LONGEST_SHOWN],
        who=who or str(ActorKind(note.author_kind).label),
        kind=note.author_kind,
    )


def _change(row: Any, **said: Any) -> Change:
    who = row.actor_name or str(ActorKind(row.actor_kind).label)
    return Change(at=row.history_date, who=who, kind=row.actor_kind, **said)
