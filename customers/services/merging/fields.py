"""What a profile says once, so that of two profiles one value must be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.kinds import Actor
from customers.field_values import write_value
from customers.kinds import FieldTarget
from customers.models import Customer, CustomerSource, CustomField, LegalDetails
from customers.services import describing, noting, setting_fields
from customers.services.describing import Details
from customers.services.setting_fields import read_values

NOTE, PHOTO, LEGAL, SOURCE = "note", "photo", "legal", "source"
OWN = "field."  # before the code of a custom field
NAMES = ("first_name", "middle_name", "last_name")
MARKS = frozenset({"is_vip", "is_bad"})
UTC = ZoneInfo("UTC")
Said = dict[str, Any]


@dataclass(frozen=True)
class Scribe:
    """Who writes the values, and when."""

    actor: Actor
    at: datetime


def read_said(customer: Customer) -> Said:
    """By field, as JSON holds it; custom fields as they would be typed."""
    details = {name: _plain(value) for name, value in asdict(describing.read_details(customer)).items()}
    values = read_values(customer=customer)
    own = {f"{OWN}{code}": write_value(value, zone=UTC) for code, value in values.items()}
    return {
        **details,
        **own,
        PHOTO: customer.photo_id,
        NOTE: noting.read_note(customer=customer).text,
        LEGAL: _columns(LegalDetails, customer),
        SOURCE: _columns(CustomerSource, customer),
    }


def choose(mine: Said, theirs: Said, chosen: Mapping[str, Any]) -> Said:
    """What is said afterwards. `chosen` is by field what somebody picked; of the rest the survivor's stays.

    What the survivor leaves empty, the other fills; names are one thing; a mark on either stands on both.
    """
    after = dict(mine)
    has_name = any(mine[name] for name in NAMES)
    for name, value in theirs.items():
        if name in NAMES:
            after[name] = mine[name] if has_name else value
        elif not mine.get(name):
            after[name] = value
    return {**after, **chosen}


def write_said(customer: Customer, said: Said, scribe: Scribe) -> None:
    """Say these fields so, each by the service that writes it for people too; others stay."""
    _describe(customer, said, scribe)
    typed = {name.removeprefix(OWN): text for name, text in said.items() if name.startswith(OWN)}
    active = set(CustomField.objects.of(FieldTarget.CUSTOMER).active().values_list("code", flat=True))
    if typed := {code: text for code, text in typed.items() if code in active}:
        setting_fields.set_fields(customer=customer, typed=typed, zone=UTC, actor=scribe.actor)
    if NOTE in said:
        version = noting.read_note(customer=customer).version
        noting.save_note(customer=customer, text=said[NOTE], based_on=version, actor=scribe.actor, at=scribe.at)
    for name, model in ((LEGAL, LegalDetails), (SOURCE, CustomerSource)):
        if name in said:
            _write_columns(model, customer, said[name], scribe)


def _describe(customer: Customer, said: Said, scribe: Scribe) -> None:
    known = {field.name for field in fields(Details)}
    details = {name: _READ.get(name, _same)(value) for name, value in said.items() if name in known}
    if details:
        now = describing.read_details(Customer.objects.get(pk=customer.pk))
        describing.describe_customer(customer=customer, details=replace(now, **details), actor=scribe.actor)
    if PHOTO in said:
        current = Customer.objects.get(pk=customer.pk)
        current.photo_id = said[PHOTO]
        current.sign(scribe.actor)
        current.save(update_fields=["photo"])


def _same(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "birthday": lambda text: date.fromisoformat(text) if text else None,
    "personal_discount": lambda text: Decimal(text) if text else None,
}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _columns(model: Any, customer: Customer) -> Said | None:
    row = model.objects.filter(customer=customer).first()
    if row is None:
        return None
    skipped = {"id", "tenant_id", "customer_id"}
    own = (field for field in model._meta.concrete_fields if field.attname not in skipped)
    return {field.attname: _plain(field.value_from_object(row)) for field in own}


def _write_columns(model: Any, customer: Customer, said: Said | None, scribe: Scribe) -> None:
    row = model.objects.filter(customer=customer).first() or model(customer=customer)
    row.sign(scribe.actor)
    if said is None:
        if row.pk:
            row.delete()
        return
    named = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in said.items():
        setattr(row, name, named[name].to_python(value))
    row.save()
