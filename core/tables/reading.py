"""Reads the rows of a table, a row at a time; what is wrong with a row is told, never mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from core.tables.dialects import Dialect
from core.tables.formulas import unguard
from core.tables.lines import Position
from core.tables.records import Fault, Record, Records


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a cell for each column. `line` is its first line; reading can begin again at `after`.

    Cells are as they stand in the file: blanks, control characters (NUL aside) and any line ends included.
    """

    cells: tuple[str, ...]
    line: int
    after: Position


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """What is no row of this table. `cells` is what was read of it: nothing, unless only their number is wrong."""

    line: int
    last_line: int
    after: Position
    fault: Fault
    reason: str
    cells: tuple[str, ...] = ()


def read_rows(file: BinaryIO, dialect: Dialect, *, since: Position | None = None) -> Iterator[Row | RefusedRow]:
    """Yield what stands below the header, or from `since` on, the `after` of a row read earlier from the same bytes.

    Memory is bounded whatever the file holds (rows beyond LONGEST_ROW and LONGEST_CELL are refused); lines count as
    an editor counts them. Empty lines are passed over. Empty cells beyond the last column are dropped; a row with too
    few cells is refused with them, for the caller to decide: a spreadsheet may have left out empty ones at the end,
    and a line break without quotation marks looks the same. What `core.tables.formulas` guarded is as it was.
    """
    start = dialect.body if since is None else since
    width = len(dialect.columns)
    for record in Records(file, dialect.encoding.name, dialect.delimiter, dialect.spaces, start):
        cells, line, _, after, fault, has_apostrophes = record
        if fault:
            yield _refused(record, fault)
            continue
        if has_apostrophes:
            cells = [unguard(cell) if "'" in cell else cell for cell in cells]
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) == width:
            yield Row(tuple(cells), line, after)
        else:
            yield _refused(record, Fault.TOO_MANY if len(cells) > width else Fault.TOO_FEW, cells)


def _refused(record: Record, fault: Fault, cells: Sequence[str] = ()) -> RefusedRow:
    reason = fault.sentence(record)
    return RefusedRow(record.line, record.last_line, record.after, fault, reason, tuple(cells))
