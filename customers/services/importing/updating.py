"""Say of a customer who is there already what a row of a table says otherwise; what it leaves empty stays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.kinds import Actor
from customers.field_values import Value, write_value
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerAddress
from customers.services import contacting, describing, finding, noting, setting_fields
from customers.services.importing.inserting import Origin
from customers.services.importing.matching import Known
from events.services.recording import record


@dataclass(frozen=True)
class Before:
    """What stood there, of all that was changed: what putting it back needs, as JSON can hold it.

    `contacts` are the lines that came; `place` is None where the address itself came.
    """

    details: dict[str, str | None] = field(default_factory=dict)
    reference: str | None = None
    contacts: list[int] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    address: int | None = None
    place: dict[str, str] | None = None
    note: str | None = None


def update_customer(*, known: Known, origin: Origin, zone: ZoneInfo) -> Before:
    """Each part by the service that writes it for people too. Call in the transaction that locked the customer.

    Raises setting_fields.NotFitting, which no row leads to that was read with the same fields.
    """
    customer, actor = known.customer, origin.actor
    before = _read_before(known, zone)
    details = known.details
    reference = details.pop("reference", "")
    if details:
        said = describing.read_details(customer)
        describing.describe_customer(customer=customer, details=replace(said, **details), actor=actor)
    if reference:
        refer(customer=customer, reference=reference, actor=actor)
    contacts = _add_contacts(known, origin)
    if known.typed:
        setting_fields.set_fields(customer=customer, typed=known.typed, zone=zone, actor=actor)
    address = _place(known, origin) if known.place else None
    if before.note is not None:
        write_note(customer=customer, text=known.wanted.note, actor=actor, at=origin.at)
    return replace(before, contacts=contacts, address=address)


def _read_before(known: Known, zone: ZoneInfo) -> Before:
    details = known.details
    reference = known.customer.reference if details.pop("reference", "") else None
    said = {name: getattr(known.customer, name) for name in details}
    return Before(
        details={name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()},
        reference=reference,
        typed={code: write_value(known.values.get(code, Value()), zone=zone) for code in known.typed},
        place={name: getattr(known.address, name) for name in known.place} if known.address else None,
        note=known.note if known.wanted.note and known.wanted.note != known.note else None,
    )


def write_note(*, customer: Customer, text: str, actor: Actor, at: datetime) -> None:
    """Over whatever is said now."""
    version = noting.read_note(customer=customer).version
    noting.save_note(customer=customer, text=text, based_on=version, actor=actor, at=at)


def refer(*, customer: Customer, reference: str, actor: Actor) -> None:
    """Say by what name another system knows the customer."""
    # Read again: the details may have been written just now, and history keeps the whole row.
    current = Customer.objects.get(pk=customer.pk)
    current.reference = reference
    current.sign(actor)
    current.save(update_fields=["reference"])
    _record(current, ["reference"], actor)


def _add_contacts(known: Known, origin: Origin) -> list[int]:
    ordered = sorted(known.contacts, key=lambda one: (one.kind, one.value))
    locked = {(one.kind, one.value): finding.lock_contact(kind=one.kind, value=one.value) for one in ordered}
    return [
        contacting.hold(
            customer=known.customer,
            contact=locked[one.kind, one.value],
            typed=one.typed,
            tag=one.tag,
            extension=one.extension,
            actor=origin.actor,
        ).pk
        for one in known.contacts
    ]


def _place(known: Known, origin: Origin) -> int:
    """Their main address, or the first one."""
    address = known.address or CustomerAddress(customer=known.customer, is_main=True, origin=origin.actor.kind)
    for name, text in known.place.items():
        setattr(address, name, text)
    address.sign(origin.actor)
    address.save()
    _record(known.customer, ["address"], origin.actor)
    return address.pk


def _record(customer: Customer, fields: list[str], actor: Actor) -> None:
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": fields},
        customer_id=customer.pk,
        live=[customer.live_name],
        wakes=False,  # the end of the import does
    )
