"""Bring back a value from the history of a profile (F81), unless somebody changed it since it was looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from accounts.models import Membership
from core.text import fold
from customers.changes import DETAILS, LEGAL, PLACE, mark_of
from customers.field_values import Value, write_value
from customers.kinds import CustomerEvent
from customers.models import (
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerTag,
    LegalDetails,
    TimelineNote,
)
from customers.services import contacting, finding, noting, restoring, saving_addresses
from customers.services.describing import Contested, describe_customer, read_details
from customers.services.portraying import show_photo
from customers.services.recounting_addresses import said_of
from customers.services.recounting_rows import PHOTO, RESTORABLE, said_of_line
from customers.services.saving_legal import read_legal, save_legal
from customers.services.setting_fields import FieldsContested, NotFitting, read_values, set_fields
from customers.services.tagging_customer import TooManyTags, tag_customer
from customers.services.timeline_noting import restore_timeline_note
from events.models import Event
from files.models import StoredFile

UTC = ZoneInfo("UTC")


class ChangeMissing(Exception):
    """The history has no such change, or none that can be undone."""


class ChangedSince(Exception):
    """The field holds something else than it did when the history was read. Nothing was written."""


class NotRestorable(Exception):
    """The value fits no longer; the text says why."""


@dataclass(frozen=True)
class _Wish:
    customer: Customer
    key: int  # of the row of history, of the version, of the event
    name: str
    seen: str
    actor: Actor
    at: datetime

    def check(self, now: Any) -> None:
        if mark_of(now) != self.seen:
            raise ChangedSince


def restore_value(*, customer: Customer, place: str, seen: str, actor: Actor, at: datetime) -> str:
    """Make what stood before a change hold again, as a change of its own; `place` and `seen` are as in Change.

    Returns what it is the value of. Raises ChangeMissing, ChangedSince, NotRestorable.
    """
    if not PLACE.fullmatch(place) or place[0] not in _WAYS:
        raise ChangeMissing
    wish = _Wish(customer, min(int(place[1:21]), 2**63 - 1), place[24:], seen, actor, at)
    with transaction.atomic():
        # Before anything is compared: whoever writes to the profile waits for this lock, or is waited for.
        locked = Customer.objects.locked_unmerged(customer)
        if locked.is_deleted:
            # Its addresses would be found by whoever writes from them.
            raise NotRestorable("Restore the customer first.")
        return _WAYS[place[0]](replace(wish, customer=locked))


def _restore_detail(wish: _Wish) -> str:
    rows = Customer.history.filter(id=wish.customer.pk)
    former = rows.filter(history_id__lt=wish.key).order_by("-history_id").first()
    if wish.name not in RESTORABLE or former is None or not rows.filter(history_id=wish.key).exists():
        raise ChangeMissing
    value = getattr(former, wish.name)
    wish.check(getattr(wish.customer, wish.name))
    if wish.name == PHOTO:
        return _restore_photo(wish, value)
    if wish.name == "manager_id" and not Membership.objects.filter(pk=value).exists():
        raise NotRestorable("This person has left.")
    now = read_details(wish.customer)
    said: dict[str, Any] = {wish.name: value}
    try:
        describe_customer(customer=wish.customer, details=replace(now, **said), actor=wish.actor, based_on=now)
    except Contested as error:
        raise ChangedSince from error
    return DETAILS[wish.name]


def _restore_photo(wish: _Wish, key: int | None) -> str:
    photo = StoredFile.objects.filter(pk=key).first() if key else None
    if photo is None and key:
        raise NotRestorable("This picture is gone.")
    show_photo(customer=wish.customer, photo=photo, actor=wish.actor)
    return DETAILS[PHOTO]


def _restore_contact(wish: _Wish) -> str:
    rows = CustomerContact.history.filter(customer_id__in=wish.customer.all_ids)
    row = rows.filter(history_id=wish.key).select_related("contact").first()
    if row is None or row.history_type == "+":
        raise ChangeMissing
    contact = finding.lock_contact(kind=row.contact.kind, value=row.contact.value)
    line = CustomerContact.objects.filter(customer=wish.customer, contact=contact).first()
    if row.history_type == "-":
        wish.check(said_of_line(line) if line else None)
        said = {"typed": row.typed, "tag": row.tag, "extension": row.extension}
        line = contacting.hold(customer=wish.customer, contact=contact, actor=wish.actor, **said)
        if row.is_primary:
            contacting.make_primary(line=line, actor=wish.actor)
    else:
        former = rows.filter(id=row.id, history_id__lt=row.history_id).order_by("-history_id").first()
        if former is None or line is None or line.pk != row.id:
            raise ChangedSince
        wish.check(said_of_line(line))
        _rewrite(line, former, row, wish.actor)
    return row.typed


def _rewrite(line: CustomerContact, former: Any, row: Any, actor: Actor) -> None:
    """Only what the row changed: what was written on the line before and after it stays."""
    said = {
        name: getattr(former if getattr(former, name) != getattr(row, name) else line, name)
        for name in ("typed", "tag", "extension")
    }
    contacting.describe_contact(line=line, actor=actor, **said)
    if former.is_primary and not row.is_primary:
        contacting.make_primary(line=line, actor=actor)


def _restore_field(wish: _Wish) -> str:
    rows = CustomerFieldValue.history.filter(customer_id__in=wish.customer.all_ids)
    row = rows.filter(history_id=wish.key).select_related("field", "option").first()
    if row is None or row.history_type == "+" or not row.field.is_active:
        raise ChangeMissing
    if row.history_type == "~":
        former = rows.filter(id=row.id, history_id__lt=wish.key).order_by("-history_id")
        row = former.select_related("field", "option").first()
    if row is None:
        raise ChangeMissing
    held = read_values(customer=wish.customer)
    wish.check(held.get(row.field.code, Value()))
    value = Value(text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment)
    if row.option:
        chosen = held.get(row.field.code, Value()).options if row.field.takes_several else ()
        value = Value(options=(*chosen, row.option.code))
    typed = write_value(value, zone=UTC) if value.moment is None else value.moment.isoformat()
    try:
        set_fields(customer=wish.customer, typed={row.field.code: typed}, zone=UTC, actor=wish.actor, based_on=held)
    except FieldsContested as error:
        raise ChangedSince from error
    except NotFitting as error:
        raise NotRestorable(next(iter(error.problems.values()))) from error
    return str(row.field.name)


def _restore_address(wish: _Wish) -> str:
    rows = CustomerAddress.history.filter(customer_id__in=wish.customer.all_ids)
    row = rows.filter(history_id=wish.key).first()
    if row is None or row.history_type == "+":
        raise ChangeMissing
    held = CustomerAddress.objects.filter(customer=wish.customer)
    current = held.filter(pk=row.id).first()
    wish.check(said_of(current) if current else None)
    if current is None:
        said = saving_addresses.say(row)
        saving_addresses.bring_back_address(
            customer=wish.customer, address=row.id, said=said, is_main=row.is_main, actor=wish.actor
        )
        return "Address"
    former = rows.filter(id=row.id, history_id__lt=row.history_id).order_by("-history_id").first()
    if former is None or row.history_type == "-":
        raise ChangeMissing
    # Only what the row changed: what was written before and after it stays.
    was, changed = saving_addresses.say(current), saving_addresses.say(former)
    names = (name for name in saving_addresses.NAMES if getattr(former, name) != getattr(row, name))
    now = replace(was, **{name: getattr(changed, name) for name in names})
    edit = saving_addresses.AddressEdit("address", current.pk, was, now)
    main_was = held.filter(is_main=True).values_list("pk", flat=True).first()
    main = edit.key if former.is_main and not row.is_main else ""
    edits = saving_addresses.AddressEdits((edit,), main, main_was)
    saving_addresses.save_addresses(customer=wish.customer, edits=edits, actor=wish.actor)
    return "Address"


def _restore_legal(wish: _Wish) -> str:
    rows = LegalDetails.history.filter(customer_id__in=wish.customer.all_ids)
    former = rows.filter(history_id__lt=wish.key).order_by("-history_id").first()
    code = f"legal_{wish.name}"
    if code not in LEGAL or former is None or not rows.filter(history_id=wish.key).exists():
        raise ChangeMissing
    now = read_legal(customer=wish.customer)
    wish.check(getattr(now, wish.name))
    said: dict[str, Any] = {wish.name: getattr(former, wish.name)}
    save_legal(customer=wish.customer, legal=replace(now, **said), actor=wish.actor)
    return LEGAL[code]


def _restore_note(wish: _Wish) -> str:
    wish.check(noting.lock_note(customer=wish.customer).version)
    try:
        restoring.restore_version(customer=wish.customer, number=wish.key - 1, actor=wish.actor, at=wish.at)
    except restoring.VersionMissing as error:
        raise ChangeMissing from error
    return "Note"


def _restore_tag(wish: _Wish) -> str:
    rows = CustomerTag.history.filter(customer_id__in=wish.customer.all_ids, history_id=wish.key, history_type="-")
    row = rows.first()
    if row is None:
        raise ChangeMissing
    if CustomerTag.objects.filter(customer=wish.customer, name_folded=fold(row.name)).exists():
        raise ChangedSince
    try:
        tag_customer(customer=wish.customer, add=[row.name], actor=wish.actor)
    except TooManyTags as error:
        raise NotRestorable("A customer carries at most fifty tags.") from error
    return f"Tag {row.name}"


def _restore_timeline_note(wish: _Wish) -> str:
    told = Event.objects.for_customers(wish.customer.all_ids).filter(pk=wish.key)
    event = told.filter(type=str(CustomerEvent.TIMELINE_NOTE_DELETED)).first()
    note = TimelineNote.objects.filter(pk=event.data["timeline_note"]).first() if event else None
    if note is None:
        raise ChangeMissing
    if note.deleted_at is None:
        raise ChangedSince
    restore_timeline_note(note=note, actor=wish.actor, at=wish.at)
    return "Note on the timeline"


_WAYS: Mapping[str, Callable[[_Wish], str]] = {
    "a": _restore_detail,
    "c": _restore_contact,
    "d": _restore_field,
    "e": _restore_note,
    "f": _restore_tag,
    "g": _restore_timeline_note,
    "h": _restore_address,
    "i": _restore_legal,
}
