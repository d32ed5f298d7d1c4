"""Tables as CSV that a spreadsheet opens as they are: no cell becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None

# What a spreadsheet takes for the beginning of a formula, blanks before it passed over.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # says that what follows is UTF-8


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as text (RFC 4180) that begins with a byte order mark, which spreadsheets want for UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return _MARK + out.getvalue()


def safe_cell(cell: Cell) -> str | int | float:
    """The cell with an apostrophe before what would be a formula; numbers are numbers, None is empty."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_STARTS) else text
