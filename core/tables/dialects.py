"""Finds out how a table is written: encoding, delimiter, names of its columns."""

import csv
import re
import string
from collections import Counter
from dataclasses import dataclass, replace
from typing import BinaryIO

from core.tables.encodings import Encoding, find_encoding
from core.tables.formulas import unguard
from core.tables.lines import Lines, Position
from core.tables.problems import NoHeader, TooManyColumns, UnknownEncoding, UnreadableTable
from core.tables.records import MOST_COLUMNS, Records

DELIMITERS = ",;\t|"  # looked for in this order; the first of equals wins
_SAMPLE_LINES = 400
_SAMPLE_BYTES = 64 * 1024
# A first line for Excel alone. It may be quoted, and trailing separators come from a spreadsheet that saved it again.
_EXCEL_LINE = re.compile(r'\ufeff?"?sep=(.)"?[,;\t]*\r?\n?', re.IGNORECASE)
_POSSIBLE_DELIMITERS = frozenset(string.punctuation) - {'"', "'", "_"} | {"\t"}
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. Finding it again for the same bytes gives the same, so it need not be stored.

    `spaces` tells that the file writes `"a", "b"`: blanks before a quotation mark belong to no cell. `columns` are the
    names of the header without blanks around them, "" for a column without one; `doubled` those that occur more than
    once (compared without case); `unnamed` the numbers of the columns without a name, from 1. `body` is where the rows
    begin.
    """

    encoding: Encoding
    delimiter: str
    spaces: bool
    columns: tuple[str, ...]
    body: Position

    @property
    def doubled(self) -> tuple[str, ...]:
        counts = Counter(name.casefold() for name in self.columns if name)
        first = {name.casefold(): name for name in reversed(self.columns)}
        return tuple(first[name] for name, count in counts.items() if count > 1)

    @property
    def unnamed(self) -> tuple[int, ...]:
        return tuple(number for number, name in enumerate(self.columns, start=1) if not name)


def find_dialect(file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> Dialect:
    """Look at the whole file for its encoding, at its first 64 KB for the rest; `file` must be seekable.

    What a person chose (`encoding`, one of ENCODINGS; `delimiter`, one ASCII sign) is not looked for. Raises
    UnreadableTable with a sentence for the person.
    """
    if delimiter and delimiter not in _POSSIBLE_DELIMITERS:
        raise UnknownEncoding("Columns cannot be separated by this character.")
    found = find_encoding(file, chosen=encoding)
    start = Position(found.mark, 1)
    sample, after_first = _sample(file, found, start)
    excel = _EXCEL_LINE.fullmatch(sample[0]) if sample else None
    if excel and excel[1] in _POSSIBLE_DELIMITERS:
        delimiter, start, sample = delimiter or excel[1], after_first, sample[1:]
    delimiter = delimiter or _likeliest_delimiter(sample)
    spaces = _has_spaces_before_quotes("".join(sample), delimiter)
    return _with_header(file, Dialect(found, delimiter, spaces, (), start))


def _sample(file: BinaryIO, encoding: Encoding, start: Position) -> tuple[list[str], Position]:
    """The first whole lines, and where the second of them begins."""
    lines = Lines(file, encoding.name, start, longest=_SAMPLE_BYTES)
    sample: list[str] = []
    size, second = 0, start
    for line in lines:
        sample.append(line.decode(lines.encoding, "replace"))
        second = second if len(sample) > 1 else Position(lines.byte, lines.line)
        size += len(line)
        if size > _SAMPLE_BYTES or len(sample) == _SAMPLE_LINES:
            break
    return sample, second


def _likeliest_delimiter(sample: list[str]) -> str:
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: list[str], delimiter: str) -> float:
    """How many separators of the header the rows have too, on average over all rows; below 0: no header like this."""
    reader = csv.reader(sample, delimiter=delimiter, strict=True)
    widths = []
    while True:
        try:
            if cells := next(reader):
                widths.append(len(cells))
        except StopIteration:
            break
        except csv.Error:  # the sample may end inside a row
            if reader.line_num < len(sample) or not widths:
                widths.append(0)
    if not widths or not widths[0]:
        return -1.0
    separators = widths[0] - 1
    rows = widths[1:]
    return separators * rows.count(widths[0]) / len(rows) if rows else float(separators)


def _has_spaces_before_quotes(sample: str, delimiter: str) -> bool:
    return f'{delimiter}"' not in sample and re.search(f'{re.escape(delimiter)} +"', sample) is not None


def _with_header(file: BinaryIO, dialect: Dialect) -> Dialect:
    records = Records(file, dialect.encoding.name, dialect.delimiter, dialect.spaces, dialect.body)
    first = next((record for record in records if record.cells or record.fault), None)
    if first is None:
        raise NoHeader("This file is empty: it has not even a row with the names of the columns.")
    if first.fault:
        raise UnreadableTable(f"The names of the columns cannot be read. {first.fault.sentence(first)}")
    columns = [_clean_name(name) for name in first.cells]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise NoHeader(f"The first row (line {first.line}) must hold the names of the columns, and it is empty.")
    if len(columns) > MOST_COLUMNS:
        raise TooManyColumns(f"This table has {len(columns):,} columns; at most {MOST_COLUMNS} can be read.")
    return replace(dialect, columns=tuple(columns), body=first.after)


def _clean_name(name: str) -> str:
    return " ".join(unguard(_INVISIBLE.sub(" ", name).strip()).split())
