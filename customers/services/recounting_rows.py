"""Changes that the tables of history hold: details, source, contacts, custom fields, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from core.text import fold
from customers.changes import CONTACT, CUSTOM, DETAILS, SOURCE, TAG, Change, Cut, Narrowing, mark_of
from customers.field_values import Value
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact, CustomerFieldValue, CustomerSource, CustomerTag
from customers.services.describing import Details
from customers.services.retracing import differing, place_of, read_former
from customers.services.setting_fields import read_values
from customers.services.wording_changes import Names, author_of, show_plain

VALUES = ("text", "number", "flag", "date", "moment")
PHOTO = "photo_id"
RESTORABLE = frozenset({PHOTO, *(field.name for field in fields(Details))})
# What an agent may write on a line; that it was verified is no one's to say again.
WRITTEN = ("typed", "tag", "extension", "is_primary")


@dataclass(frozen=True)
class Ask:
    """Whose changes, which of them, from where on, and how many at most of each kind."""

    customer: Customer
    narrowing: Narrowing
    cut: Cut | None
    size: int

    def former(self, rows: Any, *, columns: Sequence[str], prefix: str, whole: bool = False) -> list[Any]:
        return read_former(
            rows,
            columns=columns,
            prefix=prefix,
            narrowing=self.narrowing,
            cut=self.cut,
            size=self.size,
            whole=whole,
        )


def streams(ask: Ask) -> Sequence[Sequence[Change]]:
    """Each newest first; those that can hold nothing that was asked for are not read."""
    return [list(one(ask)) for one in (_of_details, _of_source, _of_contacts, _of_fields, _of_tags)]


def _of_details(ask: Ask) -> Iterator[Change]:
    if not (labels := ask.narrowing.among(DETAILS)):
        return
    history = Customer.history.filter(id__in=ask.customer.all_ids)
    rows = ask.former(history, columns=list(labels), prefix="a")
    names = Names()
    if "manager_id" in labels:
        names.look_up_members(one for row in rows for one in (row.manager_id, row.was_manager_id))
    if PHOTO in labels:
        names.look_up_photos(one for row in rows for one in (row.photo_id, row.was_photo_id))
    for row in rows:
        for change, name in _differences(row, "a", labels, names):
            is_own = row.id == ask.customer.pk
            if name == "deleted_at" and not is_own:
                continue  # it was merged, which is told
            was, now = getattr(row, f"was_{name}"), getattr(ask.customer, name)
            can = (
                is_own
                and name in RESTORABLE
                and not row.was_nothing
                and change.before
                and was != now
                and names.knows(name, was)
            )
            yield seen_as(change, now) if can else change


def _of_source(ask: Ask) -> Iterator[Change]:
    if not (labels := ask.narrowing.among(SOURCE)):
        return
    rows = ask.former(
        CustomerSource.history.filter(customer_id__in=ask.customer.all_ids), columns=list(labels), prefix="b"
    )
    for row in rows:
        yield from (change for change, _ in _differences(row, "b", labels, Names()))


def _differences(row: Any, prefix: str, labels: Mapping[str, str], names: Names) -> Iterator[tuple[Change, str]]:
    for order, name in enumerate(labels):
        if name not in differing(row, [name]):
            continue
        yield (
            change_of(
                row,
                place=place_of(prefix, row.history_id, order, name),
                field=name,
                label=labels[name],
                before=names.show(name, getattr(row, f"was_{name}")),
                after=names.show(name, getattr(row, name)),
            ),
            name,
        )


def _of_contacts(ask: Ask) -> Iterator[Change]:
    kinds = ask.narrowing.among({str(kind): str(kind.label) for kind in ContactKind})
    if not kinds:
        return
    history = CustomerContact.history.filter(customer_id__in=ask.customer.all_ids, contact__kind__in=list(kinds))
    rows = ask.former(history.select_related("contact"), columns=list(CONTACT), prefix="c", whole=True)
    held = _held(ask.customer, [row.contact_id for row in rows])
    for row in rows:
        line = held.get(row.contact_id)
        before, after = _said_of_contact(row)
        change = change_of(
            row,
            place=place_of("c", row.history_id),
            field=row.contact.kind,
            label=kinds[row.contact.kind],
            before=before,
            after=after,
        )
        if row.history_type == "-" and line is None:
            yield seen_as(change, None)
        elif row.history_type == "~" and line is not None and line.pk == row.id and _was_otherwise(row, line):
            yield seen_as(change, said_of_line(line))
        else:
            yield change


def _held(customer: Customer, contacts: Sequence[int]) -> dict[int, CustomerContact]:
    if not contacts:
        return {}
    lines = CustomerContact.objects.filter(customer=customer, contact__in=contacts)
    return {line.contact_id: line for line in lines}


def said_of_line(line: CustomerContact) -> tuple[Any, ...]:
    """What an agent can write on a line, as it stands."""
    return tuple(getattr(line, name) for name in WRITTEN)


def _was_otherwise(row: Any, line: CustomerContact) -> bool:
    """Whether bringing back what this row changed would change the line. That one was not the main one is no value:
    another is made the main one.
    """
    changed = [name for name in differing(row, WRITTEN) if name != "is_primary" or row.was_is_primary]
    return any(getattr(row, f"was_{name}") != getattr(line, name) for name in changed)


def _said_of_contact(row: Any) -> tuple[str, str]:
    if row.history_type == "+":
        return "", _shown_contact(row)
    if row.history_type == "-":
        return _shown_contact(row), ""
    changed = [name for name in differing(row, CONTACT) if name != "typed"]
    was, now = (
        ", ".join(f"{CONTACT[name]}: {show_plain(getattr(row, prefix + name)) or 'no'}" for name in changed)
        for prefix in ("was_", "")
    )
    return (f"{row.was_typed} ({was})", f"{row.typed} ({now})") if changed else (row.was_typed, row.typed)


def _shown_contact(row: Any) -> str:
    return " ".join(part for part in (row.typed, f"ext. {row.extension}" if row.extension else "", row.tag) if part)


def _of_fields(ask: Ask) -> Iterator[Change]:
    code = ask.narrowing.custom
    if code is None:
        return
    history = CustomerFieldValue.history.filter(customer_id__in=ask.customer.all_ids)
    if code:
        history = history.filter(field__code=code)
    rows = ask.former(history.select_related("field"), columns=[*VALUES, "option_id"], prefix="d", whole=True)
    if not rows:
        return
    names, held = Names(), read_values(customer=ask.customer)
    names.look_up_options(one for row in rows for one in (row.option_id, row.was_option_id))
    for row in rows:
        was, now = _value_of(row, "" if row.history_type == "-" else "was_"), _value_of(row, "")
        current = held.get(row.field.code, Value())
        change = change_of(
            row,
            place=place_of("d", row.history_id),
            field=f"{CUSTOM}{row.field.code}",
            label=row.field.name,
            before="" if row.history_type == "+" else _shown_value(was, names),
            after="" if row.history_type == "-" else _shown_value(now, names),
        )
        can = row.field.is_active and change.before and not _holds(current, was, names)
        yield seen_as(change, current) if can else change


def _holds(current: Value, was: Mapping[str, Any], names: Names) -> bool:
    if was["option_id"]:
        return names.code_of_option(was["option_id"]) in ("", *current.options)
    return all(getattr(current, name) == was[name] for name in VALUES)


def _value_of(row: Any, prefix: str) -> dict[str, Any]:
    return {name: getattr(row, prefix + name) for name in (*VALUES, "option_id")}


def _shown_value(value: Mapping[str, Any], names: Names) -> str:
    if value["option_id"]:
        return names.option(value["option_id"])
    return show_plain(next((value[name] for name in VALUES if value[name] not in (None, "")), None))


def _of_tags(ask: Ask) -> Iterator[Change]:
    if not ask.narrowing.takes(TAG):
        return
    rows = ask.former(
        CustomerTag.history.filter(customer_id__in=ask.customer.all_ids), columns=["name"], prefix="f", whole=True
    )
    gone = [row for row in rows if row.history_type == "-"]
    carried = _carried(ask.customer, (fold(row.name) for row in gone)) if gone else frozenset()
    for row in rows:
        is_gone = row.history_type == "-"
        change = change_of(
            row,
            place=place_of("f", row.history_id),
            field=TAG,
            label="Tags",
            before=row.name if is_gone else row.was_name or "",
            after="" if is_gone else row.name,
        )
        yield seen_as(change, None) if is_gone and fold(row.name) not in carried else change


def _carried(customer: Customer, keys: Iterable[str]) -> frozenset[str]:
    tags = CustomerTag.objects.filter(customer=customer, name_folded__in=list(keys))
    return frozenset(tags.values_list("name_folded", flat=True))


def change_of(row: Any, **said: Any) -> Change:
    """A change by whoever wrote this row of history; `said` are the rest of its fields."""
    who = author_of(row.actor_name, row.actor_kind)
    of, reason = getattr(row, "customer_id", row.id), row.history_change_reason or ""
    return Change(at=row.history_date, who=who, kind=row.actor_kind, of=of, reason=reason, **said)


def seen_as(change: Change, now: Any) -> Change:
    """It can be restored, as long as the field still holds what it holds now."""
    return Change(**{**vars(change), "seen": mark_of(now)})
