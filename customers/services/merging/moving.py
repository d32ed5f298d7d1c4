"""Move the rows of one customer to another, and back: by statements, however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F
from django.db.models.functions import Coalesce, NullIf

from customers.belongings import Moved

JSON = DjangoJSONEncoder()
Row = dict[str, Any]


def count_rows(moved: Moved, customer_id: int) -> int:
    """For the preview."""
    return int(_rows(moved, customer_id).count())


def put_aside(moved: Moved, *, survivor_id: int, other_id: int) -> list[Row]:
    """Take away the rows of which the survivor has the like; returns them, to be put back one day."""
    if not moved.once:
        return []
    held = set(_rows(moved, survivor_id).values_list(*moved.once))
    twins = [row for row in _rows(moved, other_id) if tuple(getattr(row, name) for name in moved.once) in held]
    # Not by `delete` of each: nobody took them off, and history is to say nothing.
    _all(moved).filter(pk__in=[row.pk for row in twins]).delete()
    return [_write(row) for row in twins]


def read_images(moved: Moved, customer_id: int) -> dict[str, list[Any]]:
    """What the rows say in the columns that moving changes, by id."""
    if not moved.changed:
        return {}
    return {str(pk): list(said) for pk, *said in _rows(moved, customer_id).values_list("pk", *moved.changed)}


def move(moved: Moved, *, survivor_id: int, other_id: int) -> int:
    """Give them to the survivor; each keeps whose it was at first. Returns how many."""
    origin = {moved.origin_column: Coalesce(F(moved.origin_column), F(moved.column))}
    return int(_rows(moved, other_id).update(**origin, **{moved.column: survivor_id}))


def take_back(moved: Moved, *, holder_id: int, group: Collection[int], owner_id: int) -> list[int]:
    """Give rows that came from one of the `group` back to its head, the owner; returns their ids."""
    rows = _rows(moved, holder_id).filter(**{f"{moved.origin_column}__in": list(group)})
    ids = list(rows.values_list("pk", flat=True))
    _all(moved).filter(pk__in=ids).update(
        **{moved.origin_column: NullIf(F(moved.origin_column), owner_id), moved.column: owner_id}
    )
    return ids


def restore_images(moved: Moved, images: Mapping[str, Sequence[Any]], ids: Collection[int]) -> None:
    """Say again what these rows said before they moved."""
    for pk in ids:
        if (said := images.get(str(pk))) is not None:
            _all(moved).filter(pk=pk).update(**dict(zip(moved.changed, said, strict=True)))


def restore_aside(moved: Moved, rows: Sequence[Row], *, owner_id: int) -> None:
    """Put rows back that were put aside, as they were."""
    made = [moved.model(**_read(moved, row)) for row in rows]
    for row in made:
        setattr(row, moved.column, owner_id)
        if getattr(row, moved.origin_column) == owner_id:
            setattr(row, moved.origin_column, None)
    times = [field.attname for field in moved.model._meta.concrete_fields if getattr(field, "auto_now_add", False)]
    stamps = {row.pk: {name: getattr(row, name) for name in times} for row in made}
    _all(moved).bulk_create(made, ignore_conflicts=True)
    # Which the insert has said anew.
    for pk, said in stamps.items():
        if said:
            _all(moved).filter(pk=pk).update(**said)


def owner_of(moved: Moved, row: Row) -> int:
    """Whose a row put aside was at first."""
    return int(row[moved.origin_column] or row[moved.column])


def _all(moved: Moved) -> Any:
    return moved.model._default_manager


def _rows(moved: Moved, customer_id: int) -> Any:
    return _all(moved).filter(**{moved.column: customer_id})


def _write(row: Any) -> Row:
    """As JSON can hold it; every kind of field reads its own text again."""
    said = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value if isinstance(value, int | bool | None) else str(value) for name, value in said.items()}


def _read(moved: Moved, row: Row) -> Row:
    fields = {field.attname: field for field in moved.model._meta.concrete_fields}
    return {name: fields[name].to_python(value) if value is not None else None for name, value in row.items()}
