"""Splits lines into rows of cells in bounded memory; what cannot be a row is left out as a whole, and told."""

import csv
import re
from collections.abc import Iterator
from enum import Enum
from typing import BinaryIO, NamedTuple

from core.tables.lines import Lines, Position

MOST_COLUMNS = 200
LONGEST_CELL = 131_072  # characters; what the csv module takes by default, and four times what a spreadsheet can hold
LONGEST_ROW = 4 * 1024 * 1024  # bytes
_QUOTE = ord('"')
_QUOTED = re.compile(rb'(?:[^"]++|"")*+')


class Fault(Enum):
    """Why a stretch of the file is no row; the values are for people."""

    LONG_CELL = f"A cell is longer than {LONGEST_CELL:,} characters."
    LONG_ROW = f"The row is longer than {LONGEST_ROW // 1024 // 1024} MB. Perhaps a quotation mark is never closed."
    OPEN_QUOTE = "A quotation mark is opened and never closed."
    BAD_QUOTE = "A quotation mark stands inside a quoted cell. Double it, or leave out the quotation marks around."
    ENCODING = "There are characters in it that do not fit the encoding of the file."
    TOO_FEW = "It has fewer cells than there are columns."
    TOO_MANY = "It has more cells than there are columns."

    def sentence(self, place: "Record") -> str:
        """With the line it is about."""
        if place.last_line == place.line:
            return f"Line {place.line}: {self.value}"
        return f"Lines {place.line} to {place.last_line}: {self.value}"


class Record(NamedTuple):
    """A row, or (with a `fault`) a stretch of lines that is none; lines are counted from 1, `after` is what follows.

    A tuple, because one is made for each row only to be taken apart, and a frozen dataclass takes thrice the time.
    """

    cells: list[str]
    line: int
    last_line: int
    after: Position
    fault: Fault | None
    has_apostrophes: bool


class _TooLong(Exception):
    """The row; found out before it is whole."""


class Records:
    """An iterator of what stands in the file from `start` on; empty lines are passed over.

    Quotation marks are taken strictly: text after a closing one makes a row faulty, because whatever one made of it
    would be a guess. Where a faulty row ends is where its quotation marks say.
    """

    def __init__(self, file: BinaryIO, encoding: str, delimiter: str, spaces: bool, start: Position) -> None:
        self._place = Lines(file, encoding, start, longest=LONGEST_ROW)
        self._lines = iter(self._place)
        self._delimiter = delimiter
        self._spaces = spaces
        # Of the row being read:
        self._size = 0
        self._lines_read = 0
        self._last = b""
        self._ended = False
        self._has_apostrophes = False

    def __iter__(self) -> Iterator[Record]:
        place = self._place
        reader = self._reader()
        while True:
            line = place.line
            self._size = self._lines_read = 0
            self._has_apostrophes = False
            cells: list[str] = []
            fault = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (_TooLong, UnicodeDecodeError, csv.Error) as error:
                fault = self._fault(error)
                self._pass_the_rest()
                reader = self._reader()
            if self._size > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
                cells, fault = [], Fault.LONG_CELL
            if cells or fault:
                last = place.line - 1 if self._last.endswith((b"\n", b"\r")) else place.line
                after = Position(place.byte, place.line)
                yield Record(cells, line, last, after, fault, self._has_apostrophes)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._delimiter, strict=True, skipinitialspace=self._spaces)

    def _feed(self) -> Iterator[str]:
        """Lines for the csv module, which asks for another one of a row only while a quotation mark is open."""
        encoding = self._place.encoding
        for line in self._lines:
            self._last = line
            self._lines_read += 1
            self._size += len(line)
            if self._size > LONGEST_ROW:
                raise _TooLong
            if b"'" in line:
                self._has_apostrophes = True
            # No text has a NUL, and nothing of ours can hold it.
            yield (line.replace(b"\0", b"") if b"\0" in line else line).decode(encoding)
        self._ended = True

    def _fault(self, error: Exception) -> Fault:
        """The csv module says what it stumbled over in words only: a long row is refused for its length."""
        if isinstance(error, _TooLong):
            return Fault.LONG_ROW
        if isinstance(error, UnicodeDecodeError):
            return Fault.ENCODING
        if self._ended:
            return Fault.OPEN_QUOTE
        return Fault.LONG_CELL if self._size > LONGEST_CELL else Fault.BAD_QUOTE

    def _pass_the_rest(self) -> None:
        """Go to the end of a row that failed in the line just read."""
        if self._ended:
            return
        end = _EndOfRow(self._delimiter.encode(), in_quotes=self._lines_read > 1, spaces=self._spaces)
        while not end.is_in(self._last):
            following = next(self._lines, None)
            if following is None:
                return
            self._last = following


class _EndOfRow:
    """Finds the end of a row that is too long to be kept, piece by piece, by its quotation marks alone."""

    def __init__(self, delimiter: bytes, *, in_quotes: bool, spaces: bool) -> None:
        self._in_quotes = in_quotes
        self._after_quote = False
        self._at_cell = not in_quotes
        opening = re.escape(delimiter) + (b" *" if spaces else b"")
        # Cells without quotation marks are passed over in one search, however many they are.
        self._next = re.compile(opening + rb'(?="|\Z)|[\r\n]')
        plain = b"[^\r\n" + re.escape(delimiter) + b"]*+"
        self._whole_cells = re.compile(b'(?:(?:"(?:[^"]++|"")*+"(?!")|(?!"))' + plain + opening + b")*+")

    def is_in(self, piece: bytes) -> bool:
        """Whether the row ends with this line, or piece of one."""
        at = 0
        while at < len(piece):
            if self._in_quotes:
                at = self._close(piece, at)
            elif self._at_cell:
                whole = self._whole_cells.match(piece, at)
                at = whole.end() if whole else at
                self._in_quotes = piece[at : at + 1] == b'"'
                self._at_cell = at == len(piece)
                at += self._in_quotes
            else:
                found = self._next.search(piece, at)
                if found is None:
                    return False
                if found[0][-1:] in b"\r\n":
                    return True
                self._at_cell, at = True, found.end()
        return False

    def _close(self, piece: bytes, at: int) -> int:
        """Read on inside quotation marks; two of them are a sign of the text, and they may stand in two pieces."""
        if self._after_quote and piece[at] != _QUOTE:
            self._in_quotes = self._after_quote = False
            return at
        if self._after_quote:
            at += 1
        quoted = _QUOTED.match(piece, at)
        end = quoted.end() if quoted else at
        self._after_quote = end < len(piece)
        return end + 1
