"""Save what edit mode says of a customer's addresses, as one (F26).

Two people at once: each row carries what it said when the page was opened, so that only what somebody touched is
written, and what a colleague wrote into the same field meanwhile is told instead of overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from customers.addresses.checking import normalize_postal_code
from customers.addresses.kinds import Address
from customers.addresses.spelling import tidy, tidy_value
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerAddress
from events.services.recording import record

ADDRESSES = "addresses"  # what an event calls them among the fields that changed


@dataclass(frozen=True)
class SaidAddress(Address):
    """What a row says beside the columns: its name, and the address as it was typed in one line."""

    name: str = ""
    text: str = ""
    is_city_chosen: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it leads nowhere: a name or a country alone is no address."""
        return not self.text and self.is_empty()


NAMES = tuple(field.name for field in fields(SaidAddress))
LIKE = (*NAMES, "reference")  # what two rows say alike of one address
LENGTHS: Mapping[str, int] = {
    name: length for name in NAMES if (length := getattr(CustomerAddress._meta.get_field(name), "max_length", None))
}


@dataclass(frozen=True)
class AddressEdit:
    """One row. `address` is the CustomerAddress's id and `was` what it said when the page was opened, both None for a
    new one; `now` is None for what shall be taken off.
    """

    key: str
    address: int | None
    was: SaidAddress | None
    now: SaidAddress | None


@dataclass(frozen=True)
class AddressEdits:
    """All rows, and the key of the one that shall be for delivery, only where somebody chose another.

    `main_was` is the address that was the main one when the page was opened.
    """

    rows: tuple[AddressEdit, ...] = ()
    main: str = ""
    main_was: int | None = None


class AddressesContested(Exception):
    """Somebody else changed the same fields meanwhile. Nothing was saved.

    `rows` says by key what stands there now, None for what was taken off; `names` which of its fields are contested;
    `main` is the main one now, None where nobody disagrees about it.
    """

    def __init__(
        self, rows: Mapping[str, SaidAddress | None], names: Mapping[str, frozenset[str]], main: int | None
    ) -> None:
        super().__init__("contested")
        self.rows, self.names, self.main = dict(rows), dict(names), main


def say(row: CustomerAddress) -> SaidAddress:
    """What it says now; rows of its history say it likewise."""
    return SaidAddress(**{name: getattr(row, name) for name in NAMES})


def like_of(row: CustomerAddress) -> tuple[object, ...]:
    """Two rows with the same are one address, twice."""
    return tuple(getattr(row, name) for name in LIKE)


def read_held(*, customer: Customer) -> list[CustomerAddress]:
    """All of them, the one for delivery first, in one query."""
    return list(CustomerAddress.objects.filter(customer=customer).in_order())


def save_addresses(*, customer: Customer, edits: AddressEdits, actor: Actor) -> frozenset[str]:
    """Write what was touched; returns what changed: "addresses", or nothing. Raises AddressesContested.

    The first address of a customer is the main one; when that is taken off, the oldest of the others is.
    """
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        held = {row.pk: row for row in read_held(customer=customer)}
        _refuse_contested(edits, held)
        gone = _take_off(edits, held, actor)
        rows = {edit.key: held[edit.address] for edit in edits.rows if edit.address in held}
        written: list[CustomerAddress] = []
        for edit in edits.rows:
            if edit.now is not None and edit.now != edit.was:
                has_main = any(row.is_main for row in (*held.values(), *written))
                rows[edit.key] = _write(customer, edit, rows.get(edit.key), actor, is_first=not has_main)
                written.append(rows[edit.key])
        is_moved = _settle_main(customer, rows.get(edits.main), actor)
        if not (gone or written or is_moved):
            return frozenset()
        _tell(customer, actor)
    return frozenset({ADDRESSES})


def bring_back_address(*, customer: Customer, address: int, said: SaidAddress, is_main: bool, actor: Actor) -> None:
    """One that was taken off, under the id it had, so that its history goes on."""
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        row = CustomerAddress(pk=address, customer=customer, origin=actor.kind, **asdict(said))
        row.sign(actor)
        row.save(force_insert=True)
        _settle_main(customer, row if is_main else None, actor)
        _tell(customer, actor)


def fit(said: SaidAddress) -> SaidAddress:
    """What the columns can hold, postal code and country as they are written."""
    texts: dict[str, Any] = {name: tidy_value(getattr(said, name))[:length] for name, length in LENGTHS.items()}
    texts["text"] = ", ".join(line.strip(" ,") for line in tidy(said.text).split("\n") if line.strip(" ,"))[:500]
    texts["country"] = texts["country"].upper()
    texts["postal_code"] = normalize_postal_code(texts["country"], texts["postal_code"])
    return replace(said, **texts)


def _refuse_contested(edits: AddressEdits, held: Mapping[int, CustomerAddress]) -> None:
    rows: dict[str, SaidAddress | None] = {}
    names: dict[str, frozenset[str]] = {}
    for edit in edits.rows:
        if edit.was is None or edit.now == edit.was:
            continue
        row = held.get(edit.address or 0)
        if row is None and edit.now is not None:
            rows[edit.key] = None
        elif row is not None and (clashing := _clashing(edit.was, edit.now, say(row))):
            rows[edit.key], names[edit.key] = say(row), clashing
    keys = {edit.address: edit.key for edit in edits.rows}
    main = next((row.pk for row in held.values() if row.is_main), None)
    is_agreed = not edits.main or main in (None, edits.main_was) or keys.get(main) == edits.main
    if rows or not is_agreed:
        raise AddressesContested(rows, names, None if is_agreed else main)


def _clashing(was: SaidAddress, now: SaidAddress | None, theirs: SaidAddress) -> frozenset[str]:
    """What both touched and do not agree on; who takes an address off touches all that it says."""
    touched = [name for name in NAMES if now is None or getattr(now, name) != getattr(was, name)]
    agreed = [was] if now is None else [was, fit(now)]
    return frozenset(name for name in touched if getattr(theirs, name) not in [getattr(one, name) for one in agreed])


def _take_off(edits: AddressEdits, held: dict[int, CustomerAddress], actor: Actor) -> bool:
    gone = [edit.address for edit in edits.rows if edit.now is None and edit.was is not None]
    found = [held.pop(address) for address in gone if address in held]
    for row in found:
        row.sign(actor)
        row.delete()
    return bool(found)


def _write(
    customer: Customer, edit: AddressEdit, row: CustomerAddress | None, actor: Actor, *, is_first: bool
) -> CustomerAddress:
    was, now = edit.was or SaidAddress(), fit(edit.now or SaidAddress())
    if row is None:
        row, was = CustomerAddress(customer=customer, origin=actor.kind, is_main=is_first), SaidAddress()
    for name in NAMES:
        if getattr(now, name) != getattr(was, name):
            setattr(row, name, getattr(now, name))
    row.sign(actor)
    row.save()
    return row


def _settle_main(customer: Customer, chosen: CustomerAddress | None, actor: Actor) -> bool:
    """Exactly one is for delivery; returns whether it is another one now."""
    rows = read_held(customer=customer)
    former = next((row for row in rows if row.is_main), None)
    oldest = min(rows, key=lambda row: row.pk, default=None)
    main = next((row for row in rows if chosen and row.pk == chosen.pk), former or oldest)
    if main is None or main.is_main:
        return False
    for row, is_main in ((former, False), (main, True)):
        if row is not None:
            row.is_main = is_main
            row.sign(actor)
            row.save()
    return True


def _tell(customer: Customer, actor: Actor) -> None:
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": [ADDRESSES]},
        customer_id=customer.pk,
        live=[customer.live_name],
    )
