"""Keep a table somebody sent, and read its rows again from where a reader stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from typing import Any, BinaryIO, cast

from core.tables.dialects import Dialect, find_dialect
from core.tables.encodings import Encoding
from core.tables.lines import Position
from core.tables.reading import RefusedRow, Row, read_rows
from files.models import StoredFile
from files.services.storing import open_file, write_bytes

CONTENT_TYPE = "text/csv"


def keep_table(*, name: str, file: BinaryIO, encoding: str = "", delimiter: str = "") -> tuple[StoredFile, Dialect]:
    """Write the bytes and say how they are written; the row of the file is the caller's to save.

    Raises core.tables.problems.UnreadableTable; then nothing is kept.
    """
    dialect = find_dialect(file, encoding=encoding, delimiter=delimiter)
    return write_bytes(name=name, content_type=CONTENT_TYPE, file=file), dialect


def find_stored_dialect(stored: StoredFile, *, encoding: str, delimiter: str) -> Dialect:
    """How a kept table is written if this much of it is so. Raises UnreadableTable."""
    with open_file(stored) as file:
        return find_dialect(cast("BinaryIO", file), encoding=encoding, delimiter=delimiter)


def write_dialect(dialect: Dialect) -> dict[str, Any]:
    """As JSON can hold it: the whole file is read only once to find it."""
    return asdict(dialect)


def read_dialect(stored: Mapping[str, Any]) -> Dialect:
    """What `write_dialect` wrote."""
    return Dialect(
        encoding=Encoding(**stored["encoding"]),
        delimiter=stored["delimiter"],
        spaces=stored["spaces"],
        columns=tuple(stored["columns"]),
        body=Position(**stored["body"]),
    )


@contextmanager
def opened_rows(
    stored: StoredFile, dialect: Dialect, *, since: Position | None = None
) -> Iterator[Iterator[Row | RefusedRow]]:
    """The rows from `since` on, while the block lasts."""
    with open_file(stored) as file:
        yield read_rows(cast("BinaryIO", file), dialect, since=since)


def first_rows(stored: StoredFile, dialect: Dialect, *, count: int) -> list[Row | RefusedRow]:
    """For looking at."""
    with opened_rows(stored, dialect) as rows:
        return list(islice(rows, count))


def read_column(stored: StoredFile, dialect: Dialect, place: int | None) -> Iterator[str]:
    """What each row says in one column, "" for a refused one, or where there is no such column."""
    with opened_rows(stored, dialect) as rows:
        for row in rows:
            yield "" if place is None or isinstance(row, RefusedRow) else row.cells[place]
