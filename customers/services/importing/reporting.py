"""Tell what became of an import, row by row, and give back what was refused so that it can be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.tables.writing import write_rows
from customers.models import CustomerImport, ImportRow
from customers.models.customer_import import ImportRowQuerySet
from customers.services.importing.keeping_tables import read_dialect

AT_ONCE = 500  # rows


@dataclass(frozen=True)
class Listed:
    """Some rows by line; `has_more` when there are more than were asked for."""

    rows: Sequence[ImportRow]
    has_more: bool

    @property
    def last_line(self) -> int:
        return self.rows[-1].line if self.rows else 0


def list_refused(*, taken: CustomerImport, most: int, after: int = 0) -> Listed:
    """The first `most` refused rows behind a line."""
    return _list(_refused(taken, after), most)


def list_remarked(*, taken: CustomerImport, most: int, after: int = 0) -> Listed:
    """The same of rows that were taken with a remark, each with its customer."""
    rows = _rows_behind(taken, after).remarked().select_related("customer")
    return _list(rows, most)


def write_refused(*, taken: CustomerImport) -> Iterator[bytes]:
    """The refused rows as a file, read while it is written, in a transaction that the caller keeps open."""
    yield from write_rows(header_of(taken), _rows(taken))


def header_of(taken: CustomerImport) -> Sequence[str]:
    """The columns of the file behind the reason and the line; no mapping takes those two for anything."""
    return ("Why refused", "Line", *read_dialect(taken.dialect).columns)


def read_refused(*, taken: CustomerImport, after: int) -> Sequence[Sequence[str | int]]:
    """The next AT_ONCE rows behind a line, as `header_of` names their cells."""
    return [(row.problem, row.line, *(row.cells or ())) for row in _refused(taken, after)[:AT_ONCE]]


def _rows(taken: CustomerImport) -> Iterator[Sequence[str | int]]:
    after = 0
    while rows := read_refused(taken=taken, after=after):
        yield from rows
        after = int(rows[-1][1])


def _list(rows: ImportRowQuerySet, most: int) -> Listed:
    found = list(rows[: most + 1])
    return Listed(found[:most], len(found) > most)


def _refused(taken: CustomerImport, after: int) -> ImportRowQuerySet:
    return _rows_behind(taken, after).refused()


def _rows_behind(taken: CustomerImport, line: int) -> ImportRowQuerySet:
    return ImportRow.objects.filter(customer_import=taken, line__gt=line).order_by("line")
