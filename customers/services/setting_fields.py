"""Say what the custom fields of a customer hold (F8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from customers.field_values import BadValue, Value, read_value
from customers.kinds import CustomerEvent, FieldKind, FieldTarget
from customers.models import Customer, CustomerFieldValue, CustomField, FieldOption
from events.services.recording import record


class NotFitting(Exception):
    """Some values do not fit their fields; `problems` says by code what to write. Nothing was saved."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


class FieldsContested(Exception):
    """Somebody else changed the same fields meanwhile. Nothing was saved; `theirs` is what they hold now, by code."""

    def __init__(self, theirs: Mapping[str, Value]) -> None:
        super().__init__(", ".join(theirs))
        self.theirs = dict(theirs)


def read_values(*, customer: Customer) -> dict[str, Value]:
    """What the fields hold, by code; those without a value are left out. Options in their order."""
    rows = CustomerFieldValue.objects.filter(customer=customer).select_related("field", "option")
    held: dict[str, Value] = {}
    options: dict[str, list[FieldOption]] = {}
    for row in rows:
        if row.option is not None:
            options.setdefault(row.field.code, []).append(row.option)
        else:
            held[row.field.code] = _value_of(row)
    for code, chosen in options.items():
        held[code] = Value(options=tuple(one.code for one in sorted(chosen, key=lambda one: (one.position, one.pk))))
    return held


def set_fields(
    *,
    customer: Customer,
    typed: Mapping[str, str],
    zone: ZoneInfo,
    actor: Actor,
    based_on: Mapping[str, Value] | None = None,
    may_miss: bool = False,
) -> frozenset[str]:
    """Write what was typed into the fields named by their codes; returns the codes that changed.

    Fields that are not named keep what they hold; so do those switched off. An option that was chosen before may be
    kept though it was switched off since. `based_on` is what the writer had before them, as in
    describing.describe_customer; machines may leave required fields out (`may_miss`).
    Raises NotFitting, FieldsContested.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        fields = _fields(typed)
        held = read_values(customer=customer)
        wanted = _read(fields, typed, held, zone, may_miss)
        changed = {code: value for code, value in wanted.items() if value != held.get(code, Value())}
        if based_on is not None:
            changed = _uncontested(changed, held, based_on)
        for code, value in changed.items():
            _write(customer, fields[code], value, actor)
        if changed:
            record(
                CustomerEvent.EDITED,
                subject=customer,
                actor=actor,
                data={"fields": sorted(changed)},
                customer_id=customer.pk,
                live=[customer.live_name],
            )
    return frozenset(changed)


def _fields(codes: Mapping[str, str]) -> dict[str, CustomField]:
    rows = CustomField.objects.of(FieldTarget.CUSTOMER).active().filter(code__in=list(codes))
    return {field.code: field for field in rows.prefetch_related("options")}


def _read(
    fields: Mapping[str, CustomField],
    typed: Mapping[str, str],
    held: Mapping[str, Value],
    zone: ZoneInfo,
    may_miss: bool,
) -> dict[str, Value]:
    read: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for code, field in fields.items():
        before = held.get(code, Value())
        in_order = sorted(field.options.all(), key=lambda one: (one.position, one.pk))
        choices = [one.code for one in in_order if one.is_active or one.code in before.options]
        try:
            read[code] = read_value(FieldKind(field.kind), typed[code], zone=zone, options=choices)
        except BadValue as error:
            problems[code] = str(error)
            continue
        if field.is_required and read[code].is_empty and not before.is_empty and not may_miss:
            problems[code] = "Fill this in."
    if problems:
        raise NotFitting(problems)
    return read


def _uncontested(
    changed: Mapping[str, Value], held: Mapping[str, Value], based_on: Mapping[str, Value]
) -> dict[str, Value]:
    """Those the writer changed. Raises FieldsContested when somebody else changed one of them too."""
    touched = {code: value for code, value in changed.items() if value != based_on.get(code, Value())}
    moved = [code for code in touched if held.get(code, Value()) != based_on.get(code, Value())]
    if moved:
        raise FieldsContested({code: held.get(code, Value()) for code in moved})
    return touched


def _write(customer: Customer, field: CustomField, value: Value, actor: Actor) -> None:
    rows = list(CustomerFieldValue.objects.filter(customer=customer, field=field).select_related("option"))
    if FieldKind(field.kind).has_options:
        _write_options(customer, field, value.options, rows, actor)
        return
    row = rows[0] if rows else CustomerFieldValue(customer=customer, field=field)
    row.sign(actor)
    if value.is_empty:
        row.delete()
        return
    row.text, row.key = value.text, value.key
    row.number, row.flag, row.date, row.moment = value.number, value.flag, value.date, value.moment
    row.save()


def _write_options(
    customer: Customer,
    field: CustomField,
    codes: Sequence[str],
    rows: Sequence[CustomerFieldValue],
    actor: Actor,
) -> None:
    """One row for each choice, so that a filter finds each and history tells each."""
    before = {row.option.code: row for row in rows if row.option}
    for code, row in before.items():
        if code not in codes:
            row.sign(actor)
            row.delete()
    options = {one.code: one for one in field.options.all()}
    for code in codes:
        if code not in before:
            row = CustomerFieldValue(customer=customer, field=field, option=options[code])
            row.sign(actor)
            row.save()


def _value_of(row: CustomerFieldValue) -> Value:
    return Value(text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment)
