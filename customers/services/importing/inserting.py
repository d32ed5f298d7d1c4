"""Insert many new customers with all that is said of them, in a handful of statements however many they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models.functions import Collate

from accounts.kinds import Actor
from accounts.services.numbering import take_numbers
from core.database.among import AmongTexts
from core.database.columns import insert_columns, insert_missing_columns
from customers.field_values import Value
from customers.kinds import CustomerEvent
from customers.models import (
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerNote,
    CustomField,
    FieldOption,
    NoteVersion,
)
from customers.services.importing.chronicling import insert_chronicled
from customers.services.importing.reading_rows import Wanted, WantedContact
from customers.services.merging.locking import unfollowed
from customers.supposed_sex import suppose_sex
from events.models import Event

# What a row may say of an address.
PLACE = ("street", "city", "region", "postal_code", "country", "company")
OF_CUSTOMER = (
    *("number", "reference", "first_name", "middle_name", "last_name", "fallback_name"),
    *("name_folded", "supposed_sex", "sex", "birthday"),
)
_OF_CUSTOMER = attrgetter(*OF_CUSTOMER)
Key = tuple[str, str]


@dataclass(frozen=True)
class Origin:
    """By whom and when; the workspace's custom fields by code, with their options, and what stands in them at first."""

    actor: Actor
    at: datetime
    fields: Mapping[str, CustomField]
    defaults: Mapping[str, Value]


def insert_customers(*, rows: Sequence[Wanted], origin: Origin) -> list[int]:
    """Insert a customer for each row; returns their ids. Call inside a transaction.

    An address that somebody holds already gets one more holder (D15). What is inserted has its history, and each
    customer one event, `customer.created`; no event of its own tells of the contacts and the note they came with.
    """
    if not rows:
        return []
    # Before the numbers: an arriving message locks in this order too.
    contacts = lock_contacts([one for row in rows for one in row.contacts])
    ids = _insert_customers(rows, origin)
    with unfollowed():
        _insert_contacts(rows, ids, contacts, origin)
        _insert_values(rows, ids, origin)
        _insert_notes(rows, ids, origin)
        _insert_addresses(rows, ids, origin)
    _insert_events(ids, origin)
    return ids


def lock_contacts(wanted: Sequence[WantedContact]) -> dict[Key, int]:
    """The ids of these contacts by kind and value, made if need be, all locked until the transaction ends."""
    keys = sorted({(one.kind.value, one.value) for one in wanted})
    insert_missing_columns(Contact, {"kind": [kind for kind, _ in keys], "value": [value for _, value in keys]})
    found: dict[Key, int] = {}
    for kind in sorted({kind for kind, _ in keys}):
        values = [value for one, value in keys if one == kind]
        # As Python sorts them, whatever the database's own collation is: others lock one by one.
        rows = Contact.objects.filter(AmongTexts("value", values), kind=kind).order_by(Collate("value", "C"))
        rows = rows.select_for_update(no_key=True)
        found |= {(kind, value): pk for pk, value in rows.values_list("pk", "value")}
    return found


def _insert_customers(rows: Sequence[Wanted], origin: Origin) -> list[int]:
    numbers = take_numbers("customer", len(rows))
    customer = Customer()  # one for all: making each takes longer than all that is asked of it
    lines = [_describe(customer, row, number) for row, number in zip(rows, numbers, strict=True)]
    return _insert_lines(Customer, OF_CUSTOMER, lines, origin, {"origin": origin.actor.kind, "created_at": origin.at})


def _describe(customer: Customer, row: Wanted, number: int) -> tuple[Any, ...]:
    """The OF_CUSTOMER. Somebody without a name is called by what else is known of them (D14)."""
    said = row.details
    known = (*(one.typed for one in row.contacts), row.place.get("company", ""), row.reference)
    customer.number, customer.reference = number, row.reference
    customer.fallback_name = next(filter(None, known), "")[:254]
    customer.sex, customer.birthday = said.get("sex", ""), said.get("birthday")
    first, middle, last = (said.get(f"{name}_name", "") for name in ("first", "middle", "last"))
    guess = suppose_sex(first=first, middle=middle, last=last)
    customer.set_names(first=first, middle=middle, last=last, supposed_sex=guess)
    return _OF_CUSTOMER(customer)


def _insert_contacts(rows: Sequence[Wanted], ids: Sequence[int], contacts: Mapping[Key, int], origin: Origin) -> None:
    lines: list[tuple[Any, ...]] = []
    for row, customer_id in zip(rows, ids, strict=True):
        counts: dict[str, int] = {}
        for one in row.contacts:
            place = counts.setdefault(one.kind, 0)
            counts[one.kind] += 1
            contact = contacts[one.kind, one.value]
            lines.append((customer_id, contact, one.typed, one.tag, one.extension, place, place == 0))
    names = ("customer_id", "contact_id", "typed", "tag", "extension", "position", "is_primary")
    _insert_lines(CustomerContact, names, lines, origin, {"origin": origin.actor.kind, "created_at": origin.at})


def _insert_values(rows: Sequence[Wanted], ids: Sequence[int], origin: Origin) -> None:
    options = {code: {one.code: one for one in field.options.all()} for code, field in origin.fields.items()}
    lines = [
        (customer_id, origin.fields[code].pk, *columns)
        for row, customer_id in zip(rows, ids, strict=True)
        for code, value in {**origin.defaults, **row.values}.items()
        for columns in _columns_of(value, options[code])
    ]
    names = ("customer_id", "field_id", "option_id", "text", "key", "number", "flag", "date", "moment")
    _insert_lines(CustomerFieldValue, names, lines, origin)


def _columns_of(value: Value, options: Mapping[str, FieldOption]) -> Iterator[tuple[Any, ...]]:
    """One row for each choice, so that a filter finds each; of any other value one."""
    for code in value.options:
        yield (options[code].pk, "", "", None, None, None, None)
    if not value.options:
        yield (None, value.text, value.key, value.number, value.flag, value.date, value.moment)


def _insert_notes(rows: Sequence[Wanted], ids: Sequence[int], origin: Origin) -> None:
    noted = [(customer_id, row.note) for row, customer_id in zip(rows, ids, strict=True) if row.note]
    texts = [text for _, text in noted]
    author = {"author_kind": origin.actor.kind, "author_id": origin.actor.id, "author_name": origin.actor.name[:200]}
    customers = [customer_id for customer_id, _ in noted]
    same = {**author, "version": 1, "updated_at": origin.at}
    notes = insert_columns(CustomerNote, {"customer_id": customers, "text": texts}, same)
    same = {**author, "number": 1, "created_at": origin.at}
    insert_columns(NoteVersion, {"note_id": notes, "text": texts}, same)


def _insert_addresses(rows: Sequence[Wanted], ids: Sequence[int], origin: Origin) -> None:
    lines = [
        (customer_id, *(row.place.get(name, "") for name in PLACE))
        for row, customer_id in zip(rows, ids, strict=True)
        if row.place
    ]
    same = {"is_main": True, "origin": origin.actor.kind, "created_at": origin.at}
    _insert_lines(CustomerAddress, ("customer_id", *PLACE), lines, origin, same)


def _insert_lines(
    model: Any,
    names: Sequence[str],
    lines: Sequence[tuple[Any, ...]],
    origin: Origin,
    same: Mapping[str, Any] | None = None,
) -> list[int]:
    if not lines:
        return []
    varying = dict(zip(names, map(list, zip(*lines, strict=True)), strict=True))
    return insert_chronicled(model=model, varying=varying, same=same, actor=origin.actor, at=origin.at)


def _insert_events(ids: Sequence[int], origin: Origin) -> None:
    """As events.services.recording writes each, and wakes nobody: who would be told is told when the import ends."""
    type, actor = CustomerEvent.CREATED, origin.actor
    data = {"origin": str(actor.kind)}
    type.check(data)
    same = {
        "type": type.name,
        "subject_kind": "customer",
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name[:200],
        "data": data,
        "created_at": origin.at,
        # The audit has one line for the whole import.
        "audit_group": "",
    }
    insert_columns(Event, {"subject_id": ids, "customer_id": ids}, same)
