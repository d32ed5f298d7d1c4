"""Writes tables as CSV (RFC 4180, UTF-8), a piece at a time; no cell of them is run by a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from core.tables.formulas import guard

Cell = str | int | float | Decimal | None

_MARK = b"\xef\xbb\xbf"  # of UTF-8; without it Excel reads the encoding of its own country
_PIECE = 64 * 1024  # characters


def write_rows(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: str = ",", with_mark: bool = True
) -> Iterator[bytes]:
    """Yield the file in pieces of about 64 KB; memory does not grow with the rows.

    The type of a cell decides: a number stays one ("-5" of type int can run nothing), a text is guarded
    (core.tables.formulas), also one of digits; `read_rows` gives back the very texts. None is an empty cell. What no
    text of ours can have goes: NUL is dropped, half a surrogate pair becomes a question mark.

    Every text is quoted, because a spreadsheet may split at other separators than ours, and because a quoted name
    shows beyond doubt which delimiter the file has.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    if with_mark:
        yield _MARK
    writer.writerow([_written(name) for name in header])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
        if out.tell() > _PIECE:
            yield _taken_from(out)
    yield _taken_from(out)


def _written(cell: Cell) -> str | int | float | Decimal:
    if isinstance(cell, str):
        return guard(cell.replace("\0", "") if "\0" in cell else cell)
    return "" if cell is None else cell


def _taken_from(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")
