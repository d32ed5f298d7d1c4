"""Load many rows at once: COPY as the owner role, indexes and foreign keys put aside and built again afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

BATCH = 1 << 20  # characters handed to the server at a time
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
"""


class Table:
    """The COPY of a model's rows: `varying` columns come per row, all others have one value, their default or given."""

    def __init__(self, model: type[models.Model], varying: Sequence[str], **fixed: Any) -> None:
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        rest = [column for column in fields if column not in varying]
        names = ", ".join([*varying, *rest])
        self._statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
        values = (written(fixed[name]) if name in fixed else _stored(fields[name]) for name in rest)
        self._tail = "".join("\t" + value for value in values) + "\n"
        self._rows: list[str] = []

    def add(self, *values: Any) -> None:
        """One row, its varying columns in their order; texts hold no tab, backslash or line end."""
        self._rows.append("\t".join([written(value) for value in values]) + self._tail)

    def flush(self) -> None:
        """Send what was added."""
        wrapper: Any = connection
        with wrapper.cursor() as cursor, cursor.copy(self._statement) as copy:
            for batch in _batches(self._rows):
                copy.write(batch)
        self._rows.clear()


def written(value: Any) -> str:
    """A value as COPY's text format has it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def bare_tables(loaded: Sequence[type[models.Model]]) -> Iterator[None]:
    """Without foreign keys and plain indexes in the block; both are back after it."""
    tables = [model._meta.db_table for model in loaded]
    keys = _rows(KEYS, tables)
    indexes = _rows(INDEXES, tables)
    _run(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in keys)
    _run(f"DROP INDEX {name}" for name, _ in indexes)
    yield
    # Building takes memory and both processors; nothing else happens on this database meanwhile.
    _run(("SET maintenance_work_mem = '1GB'", "SET max_parallel_maintenance_workers = 2"))
    _run(definition for _, definition in indexes)
    _run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys)


def set_sequences(loaded: Sequence[type[models.Model]]) -> None:
    """Let the next ids come after those that were given."""
    for table in (model._meta.db_table for model in loaded):
        _rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608  # our own names


def next_id(model: type[models.Model]) -> int:
    """The id after the largest."""
    return int(_rows(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}")[0][0])  # noqa: S608  # our own name


def _stored(field: Any) -> str:
    """What the column holds by default; an array is written otherwise than a list of JSON."""
    value = _default(field)
    return "{}" if isinstance(field, ArrayField) and value == [] else written(value)


def _default(field: Any) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    if field.null and not field.has_default():
        return None
    return field.get_default() if field.has_default() else ""


def _batches(rows: Sequence[str]) -> Iterator[str]:
    many = max(1, BATCH // 300)
    for begin in range(0, len(rows), many):
        yield "".join(rows[begin : begin + many])


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
