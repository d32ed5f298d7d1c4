"""Inserts many rows of one model by one statement whose columns are arrays: neither side handles a row by itself.

`COPY` would be quicker still, but PostgreSQL refuses it where row-level security holds.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction

INSERT = "INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) AS given ({names}){conflict}"
MISSING = " ON CONFLICT DO NOTHING"
COPIED = "WITH made AS ({insert}), copied AS ({copy}) SELECT {key} FROM made"


def insert_columns(
    model: type[models.Model], varying: Mapping[str, Sequence[Any]], same: Mapping[str, Any] | None = None
) -> list[int]:
    """Insert a row for each place of the sequences in `varying`, which are as long as each other; returns the ids.

    Keys are names of attributes ("customer_id"). What stands in neither mapping is the field's default in every row;
    a default that must differ from row to row belongs into `varying`.
    """
    return _insert(model, varying, same or {}, lambda insert, key: (f"{insert} RETURNING {key}", ()))


def insert_columns_copied(
    model: type[models.Model],
    varying: Mapping[str, Sequence[Any]],
    same: Mapping[str, Any] | None = None,
    *,
    copy: str,
    values: Sequence[Any],
) -> list[int]:
    """The same, and in one go `copy`, an INSERT that selects from `made`, which holds the new rows; with its values."""

    def both(insert: str, key: str) -> tuple[str, Sequence[Any]]:
        return COPIED.format(insert=f"{insert} RETURNING *", copy=copy, key=key), values

    return _insert(model, varying, same or {}, both)


def _insert(
    model: type[models.Model],
    varying: Mapping[str, Sequence[Any]],
    same: Mapping[str, Any],
    complete: Callable[[str, str], tuple[str, Sequence[Any]]],
) -> list[int]:
    with transaction.mark_for_rollback_on_error("default"), connection.cursor() as cursor:
        if not all(varying.values()):
            return []
        insert, given = _statement(model, varying, same, conflict="")
        sql, more = complete(insert, connection.ops.quote_name(_meta_of(model).pk.column))
        cursor.execute(sql, [*given, *more])
        return [row[0] for row in cursor.fetchall()]


def insert_missing_columns(
    model: type[models.Model], varying: Mapping[str, Sequence[Any]], same: Mapping[str, Any] | None = None
) -> int:
    """The same without those that are there already; returns how many were not.

    Where another transaction has inserted one and not ended, that end is waited for.
    """
    with transaction.mark_for_rollback_on_error("default"), connection.cursor() as cursor:
        if not all(varying.values()):
            return 0
        cursor.execute(*_statement(model, varying, same or {}, conflict=MISSING))
        return cursor.rowcount


def _statement(
    model: type[models.Model], varying: Mapping[str, Sequence[Any]], same: Mapping[str, Any], conflict: str
) -> tuple[str, list[Any]]:
    quote, meta = connection.ops.quote_name, _meta_of(model)
    fields = {field.attname: field for field in meta.concrete_fields}
    if unknown := (varying.keys() | same.keys()) - fields.keys():
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))} to write")
    others = [one for one in fields.values() if one.attname not in varying and not one.primary_key]
    constants = [_constant(field, same) for field in others]
    arrays = [_prepared(fields[name], values) for name, values in varying.items()]
    columns = [*(quote(fields[name].column) for name in varying), *(quote(one.column) for one in others)]
    names = [f"c{place}" for place in range(len(arrays))]
    sql = INSERT.format(
        table=quote(meta.db_table),
        columns=", ".join(columns),
        values=", ".join([*names, *(f"%s::{_type_of(one)}" for one in others)]),
        arrays=", ".join(f"%s::{_type_of(fields[name])}[]" for name in varying),
        names=", ".join(names),
        conflict=conflict,
    )
    return sql, [*constants, *arrays]


def _constant(field: Any, same: Mapping[str, Any]) -> Any:
    if field.attname in same:
        return field.get_db_prep_save(same[field.attname], connection)
    # What auto_now_add would write is the field's own to say.
    row = field.model()
    return field.get_db_prep_save(field.pre_save(row, True), connection)


def _prepared(field: Any, values: Sequence[Any]) -> str:
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        values = [None if value is None else json.dumps(value, cls=encoder) for value in values]
    return array_literal(values)


def array_literal(values: Sequence[Any]) -> str:
    """As PostgreSQL reads an array. Adapting each value by itself takes longer than inserting it."""
    first = next((value for value in values if value is not None), None)
    if not isinstance(first, str):
        return "{" + ",".join(["NULL" if value is None else f'"{value}"' for value in values]) + "}"
    if None not in values:
        joined = '","'.join(values)
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return f'{{"{joined}"}}'
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _type_of(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection))


def _meta_of(model: type[models.Model]) -> Any:
    return model._meta  # to the types, a column may be without a name
