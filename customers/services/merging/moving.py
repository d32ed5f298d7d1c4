"""Move the rows of one customer to another, and back: by statements, however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, When
from django.db.models.functions import NullIf

from core.database.among import Among
from core.database.columns import array_literal
from customers.belongings import Moved

DELETE = "DELETE FROM {table} WHERE {key} = ANY(%s)"
RESTORE = "UPDATE {table} SET {changes} FROM unnest({arrays}) AS said ({names}) WHERE {table}.{key} = said.pk"


def count_rows(moved: Moved, customer_id: int) -> int:
    """For the preview."""
    return int(rows_of(moved, customer_id).count())


def read_images(moved: Moved, customer_id: int) -> dict[str, list[Any]]:
    """What the rows say in the columns that moving changes, by id."""
    if not moved.changed:
        return {}
    return {str(pk): list(said) for pk, *said in rows_of(moved, customer_id).values_list("pk", *moved.changed)}


def move(moved: Moved, *, survivor_id: int, other_id: int, group: Collection[int]) -> int:
    """Give them to the survivor; each keeps whose it was at first, of the `group` the other leads. Returns how many."""
    if moved.fit:
        moved.fit(survivor_id, other_id)
    # What somebody gave to the other by hand may still say that it once came from elsewhere.
    came = When(Among(moved.origin_column, group), then=F(moved.origin_column))
    origin = {moved.origin_column: Case(came, default=F(moved.column), output_field=BigIntegerField())}
    return int(rows_of(moved, other_id).update(**origin, **{moved.column: survivor_id}))


def take_back(moved: Moved, *, holder_id: int, group: Collection[int], owner_id: int) -> list[int]:
    """Give rows that came from one of the `group` back to its head, the owner; returns their ids."""
    rows = rows_of(moved, holder_id).filter(Among(moved.origin_column, group))
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        all_of(moved).filter(Among("pk", ids)).update(
            **{moved.origin_column: NullIf(F(moved.origin_column), owner_id), moved.column: owner_id}
        )
    return ids


def restore_images(moved: Moved, images: Mapping[str, Sequence[Any]], ids: Collection[int]) -> None:
    """Say again what these rows said before they moved: one statement for all."""
    write_columns(moved, moved.changed, [(pk, *images[str(pk)]) for pk in ids if str(pk) in images])


def write_columns(moved: Moved, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Say these columns of many rows; each begins with its id."""
    if not rows:
        return
    quote, meta = connection.ops.quote_name, meta_of(moved)
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in columns)]
    names = ["pk", *(f"c{place}" for place in range(len(columns)))]
    sql = RESTORE.format(
        table=quote(meta.db_table),
        changes=", ".join(
            f"{quote(one.column)} = said.{name}" for one, name in zip(fields[1:], names[1:], strict=True)
        ),
        arrays=", ".join(f"%s::{one.rel_db_type(connection)}[]" for one in fields),
        names=", ".join(names),
        key=quote(meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [array_literal(column) for column in zip(*rows, strict=True)])


def delete(moved: Moved, ids: Sequence[int]) -> None:
    """By a statement of our own: nobody took them off, and history is to say nothing."""
    quote, meta = connection.ops.quote_name, meta_of(moved)
    with connection.cursor() as cursor:
        cursor.execute(DELETE.format(table=quote(meta.db_table), key=quote(meta.pk.column)), [list(ids)])


def all_of(moved: Moved) -> Any:
    return moved.model._default_manager


def rows_of(moved: Moved, customer_id: int) -> Any:
    return all_of(moved).filter(**{moved.column: customer_id})


def meta_of(moved: Moved) -> Any:
    return moved.model._meta  # to the types, a column may be without a name
