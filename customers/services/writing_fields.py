"""Read and write what custom fields say of anything that has them: a customer, an order, a ticket (F8).

An owner is a row whose values stand in `field_values`; what is locked and told besides is its own app's to know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db.models import Model, prefetch_related_objects

from accounts.kinds import Actor
from core.database.queries import Query
from customers.field_values import BadValue, Value, read_value
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField, FieldOption

log = structlog.get_logger(__name__)

# Asked for each mail.
_WITH_DEFAULT = Query(lambda target: CustomField.objects.of(target).active().exclude(default=""))

UTC = ZoneInfo("UTC")  # a default moment has its offset with it


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


def read_of(owner: Model) -> dict[str, Value]:
    """What the fields hold, by code; those without a value are left out. Options in their order."""
    return read_rows(_rows(owner).select_related("field", "option"))


def read_rows(rows: Iterable[Any]) -> dict[str, Value]:
    """The same of rows of values that somebody has read, of one owner, with their fields and options."""
    held: dict[str, Value] = {}
    options: dict[str, list[FieldOption]] = {}
    for row in rows:
        if row.option is not None:
            options.setdefault(row.field.code, []).append(row.option)
        else:
            held[row.field.code] = Value(
                text=row.text, number=row.number, flag=row.flag, date=row.date, moment=row.moment
            )
    for code, chosen in options.items():
        held[code] = Value(options=tuple(one.code for one in _in_order(chosen)))
    return held


def write_typed(
    owner: Model,
    *,
    typed: Mapping[str, str],
    zone: ZoneInfo,
    actor: Actor,
    based_on: Mapping[str, Value] | None = None,
) -> dict[str, CustomField]:
    """Write what was typed into the fields named by their codes; returns those that changed, in their order.

    Call inside a transaction that has locked the owner. Fields that are not named keep what they hold; so do those
    switched off. An option that was chosen before may be kept though it was switched off since. `based_on` is what the
    writer had before them: only what they changed is written. A required field that is named must say something, also
    one that never did. Raises NotFitting, FieldsContested.
    """
    fields = _fields(owner, typed)
    held = read_of(owner)
    wanted = _read(fields, typed, held, zone, based_on)
    changed = {code: value for code, value in wanted.items() if value != held.get(code, Value())}
    if based_on is not None:
        changed = _uncontested(changed, held, based_on)
    for code, value in changed.items():
        _write(owner, fields[code], value, actor)
    return {code: field for code, field in fields.items() if code in changed}


def fill_defaults(*owners: Model, actor: Actor) -> None:
    """What an admin wants to stand there at first. Call in the transaction that makes the owners, all of one kind; one
    query without defaults.
    """
    if not owners:
        return
    fields = _WITH_DEFAULT.all(_target(owners[0]))
    prefetch_related_objects(fields, "options")
    for field in fields:
        value = _default_of(field)
        for owner in owners:
            _write(owner, field, value, actor)


def read_defaults(target: FieldTarget) -> dict[str, Value]:
    """What stands at first in the fields of those that have a default, by code."""
    fields = _WITH_DEFAULT.all(target)
    prefetch_related_objects(fields, "options")
    return {field.code: value for field in fields if not (value := _default_of(field)).is_empty}


def _default_of(field: CustomField) -> Value:
    """Empty when it no longer fits: an option may have been switched off since it was written."""
    try:
        return read_value(FieldKind(field.kind), field.default, zone=UTC, options=_choosable(field, ()))
    except BadValue:
        log.info("custom_field.default_unfit", field=field.pk)
        return Value()


def _rows(owner: Model) -> Any:
    values: Any = owner
    return values.field_values.all()


def _target(owner: Model) -> FieldTarget:
    # The foreign key to the owner is called as the target is.
    relation: Any = owner._meta.get_field("field_values")
    return FieldTarget(relation.field.name)


def _fields(owner: Model, codes: Collection[str]) -> dict[str, CustomField]:
    rows = CustomField.objects.of(_target(owner)).active().filter(code__in=list(codes))
    return {field.code: field for field in rows.prefetch_related("options")}


def _read(
    fields: Mapping[str, CustomField],
    typed: Mapping[str, str],
    held: Mapping[str, Value],
    zone: ZoneInfo,
    based_on: Mapping[str, Value] | None,
) -> dict[str, Value]:
    read: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for code, field in fields.items():
        before = held.get(code, Value())
        try:
            read[code] = read_value(
                FieldKind(field.kind), typed[code], zone=zone, options=_choosable(field, before.options)
            )
        except BadValue as error:
            problems[code] = str(error)
            continue
        # Left empty as it was found, it keeps what a colleague wrote meanwhile.
        is_left = based_on is not None and based_on.get(code, Value()).is_empty and not before.is_empty
        if field.is_required and read[code].is_empty and not is_left:
            problems[code] = "This must be filled in."
    if problems:
        raise NotFitting(problems)
    return read


def _choosable(field: CustomField, chosen: Sequence[str]) -> list[str]:
    return [one.code for one in _in_order(field.options.all()) if one.is_active or one.code in chosen]


def _in_order(options: Iterable[FieldOption]) -> list[FieldOption]:
    return sorted(options, key=lambda one: (one.position, one.pk))


def _uncontested(
    changed: Mapping[str, Value], held: Mapping[str, Value], based_on: Mapping[str, Value]
) -> dict[str, Value]:
    """Those the writer changed. Raises FieldsContested when somebody else changed one of them too."""
    touched = {code: value for code, value in changed.items() if value != based_on.get(code, Value())}
    moved = [code for code in touched if held.get(code, Value()) != based_on.get(code, Value())]
    if moved:
        raise FieldsContested({code: held.get(code, Value()) for code in moved})
    return touched


def _write(owner: Model, field: CustomField, value: Value, actor: Actor) -> None:
    rows = list(_rows(owner).filter(field=field).select_related("option"))
    if FieldKind(field.kind).has_options:
        _write_options(owner, field, value.options, rows, actor)
        return
    if not rows and value.is_empty:
        return
    row = rows[0] if rows else _new(owner, field)
    row.sign(actor)
    if value.is_empty:
        row.delete()
        return
    row.text, row.key = value.text, value.key
    row.number, row.flag, row.date, row.moment = value.number, value.flag, value.date, value.moment
    row.save()


def _write_options(owner: Model, field: CustomField, codes: Sequence[str], rows: Sequence[Any], actor: Actor) -> None:
    """One row for each choice, so that a filter finds each and history tells each."""
    before = {row.option.code: row for row in rows if row.option}
    for code, row in before.items():
        if code not in codes:
            row.sign(actor)
            row.delete()
    options = {one.code: one for one in field.options.all()}
    for code in codes:
        if code not in before:
            row = _new(owner, field, option=options[code])
            row.sign(actor)
            row.save()


def _new(owner: Model, field: CustomField, **more: Any) -> Any:
    relation: Any = owner._meta.get_field("field_values")
    return relation.related_model(**{relation.field.name: owner}, field=field, **more)
