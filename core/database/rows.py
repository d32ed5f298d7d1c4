"""Writes rows by statements that are put together once per model: the ORM builds them anew each time, at many times
the cost of sending them.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.db.models import signals

INSERT = "INSERT INTO {table} ({columns}) VALUES {rows}{conflict} RETURNING {key}"
UPDATE = "UPDATE {table} SET {changes} WHERE {key} = %s"
MISSING = " ON CONFLICT DO NOTHING"


@cache
def is_plain(model: type[models.Model]) -> bool:
    """Whether saving a row is writing its values to one row of one table."""
    meta = model._meta
    fields = meta.concrete_fields
    is_special = any(one.generated or one.has_db_default() or hasattr(one, "get_placeholder") for one in fields)
    return not (is_special or meta.parents or meta.proxy or meta.select_on_save or meta.order_with_respect_to)


def save(row: models.Model, names: Iterable[str] | None) -> None:
    """Insert a new row, or write the named fields of a stored one; whoever listens to saving is told.

    Raises DatabaseError when the stored row is gone.
    """
    wanted = None if names is None else frozenset(names)
    model, said = type(row), {"instance": row, "raw": False, "using": "default", "update_fields": wanted}
    signals.pre_save.send(model, **said)
    if wanted is None:
        insert([row])
    elif not update(row, wanted):
        raise DatabaseError("Save with update_fields did not affect any rows.")
    signals.post_save.send(model, **said, created=wanted is None)


def insert(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model and give them their ids, as `bulk_create` would: nobody who listens is told."""
    rows = list(rows)
    if rows:
        for row, key in zip(rows, _insert(rows, ""), strict=True):
            row.pk = key
            _mark_stored(row)


def insert_missing(rows: Iterable[models.Model]) -> list[int]:
    """Insert what is not there yet; the ids of those that were not. One row alone is given its id.

    Where another transaction has inserted it and not ended, that end is waited for.
    """
    rows = list(rows)
    keys = _insert(rows, MISSING) if rows else []
    if keys and len(rows) == 1:
        rows[0].pk = keys[0]
        _mark_stored(rows[0])
    return keys


def insert_or_change(rows: Iterable[models.Model], *, unique: Sequence[str], change: Sequence[str]) -> None:
    """Insert rows, or give those that are there by the `unique` fields the new values of the fields in `change`."""
    rows = list(rows)
    if rows:
        quoted = [_column(type(rows[0]), name) for name in change]
        changes = ", ".join(f"{one} = EXCLUDED.{one}" for one in quoted)
        columns = ", ".join(_column(type(rows[0]), name) for name in unique)
        _insert(rows, f" ON CONFLICT ({columns}) DO UPDATE SET {changes}")


def update(row: models.Model, names: Iterable[str]) -> bool:
    """Write some fields of a stored row; False when it is gone. Raises ValueError for a field there is not."""
    fields, sql = _update_of(type(row), frozenset(names))
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with transaction.mark_for_rollback_on_error("default"), connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        return cursor.rowcount > 0


def has_only_values(row: models.Model) -> bool:
    """Whether no field holds an expression that the database is to work out."""
    return not any(hasattr(row.__dict__.get(field.attname), "as_sql") for field in row._meta.concrete_fields)


def _insert(rows: Sequence[models.Model], conflict: str) -> list[int]:
    model = type(rows[0])
    with_key = rows[0].pk is not None
    fields, table, columns, key = _insert_of(model, with_key)
    one = f"({', '.join(['%s'] * len(fields))})"
    sql = INSERT.format(table=table, columns=columns, rows=", ".join([one] * len(rows)), conflict=conflict, key=key)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with transaction.mark_for_rollback_on_error("default"), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


@cache
def _insert_of(model: type[models.Model], with_key: bool) -> tuple[Sequence[Any], str, str, str]:
    quote, meta = connection.ops.quote_name, _meta_of(model)
    fields = [one for one in meta.concrete_fields if with_key or not one.primary_key]
    return fields, quote(meta.db_table), ", ".join(quote(one.column) for one in fields), quote(meta.pk.column)


@cache
def _update_of(model: type[models.Model], names: frozenset[str]) -> tuple[Sequence[Any], str]:
    quote, meta = connection.ops.quote_name, _meta_of(model)
    known = [one for one in meta.concrete_fields if not one.primary_key]
    if unknown := names.difference(*((one.name, one.attname) for one in known)):
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))} to write")
    fields = [one for one in known if one.name in names or one.attname in names]
    changes = ", ".join(f"{quote(one.column)} = %s" for one in fields)
    return fields, UPDATE.format(table=quote(meta.db_table), changes=changes, key=quote(meta.pk.column))


def _meta_of(model: type[models.Model]) -> Any:
    return model._meta  # to the types, a column may be without a name


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return connection.ops.quote_name(field.column)


def _mark_stored(row: models.Model) -> None:
    row._state.adding, row._state.db = False, "default"  # noqa: SLF001  as save() leaves it
