"""Whatever the bytes are, they become rows, refused rows, or one sentence."""

import csv
import io
import re
from itertools import pairwise
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.tables import lines
from core.tables.dialects import find_dialect
from core.tables.lines import Lines, Position
from core.tables.problems import UnreadableTable
from core.tables.reading import Row, read_rows
from core.tables.records import _EndOfRow

PIECES = [b"a", b"1", b",", b";", b"\t", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"'", b" ", b"=", b"\xff\xfe"]
PIECES += [b"\xef\xbb\xbf", b"\xfe\xff", "é".encode(), b"\xe9", "日".encode(), "日".encode("utf-16-le"), b"sep=;\n"]
PIECES += [b"\x00\xd8", b"\x00\xdc", b"a\0,\0b\0\n\0", b'"a","b"\n', b'"x"y,', b"\x01"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join) | st.binary(max_size=60)


@given(HOSTILE, st.sampled_from(["", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "cp932"]))
@example(b"\xff\xfe\x00\xd8,\x00", "")
@example(b"\xff\xfe\x00\x00\xff\xff\xff\xff", "")
@example(b'a,b\n"', "")
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, encoding: str) -> None:
    file = io.BytesIO(data)
    try:
        dialect = find_dialect(file, encoding=encoding)
    except UnreadableTable:
        return
    rows = list(read_rows(file, dialect))

    places = [dialect.body, *(row.after for row in rows)]
    assert all(before.byte < after.byte for before, after in pairwise(places))
    assert all(before.line <= after.line for before, after in pairwise(places))
    assert all(len(row.cells) == len(dialect.columns) for row in rows if isinstance(row, Row))
    for number, row in enumerate(rows, start=1):
        assert list(read_rows(file, dialect, since=row.after)) == rows[number:]


@given(HOSTILE, st.integers(1, 9), st.sampled_from([1, 3, 100]))
@example(b"a\r\n", 2, 1)
@example(b"a\r\rb\n", 2, 1)
@settings(max_examples=200, deadline=None)
def test_lines_are_those_of_an_editor_wherever_blocks_end(data: bytes, block: int, longest: int) -> None:
    with patch.object(lines, "_BLOCK", block):
        source = Lines(io.BytesIO(data), "utf-8", Position(0, 1), longest=longest)
        pieces = list(source)

    whole = [line for line in re.split(b"(?<=\n)|(?<=\r)(?!\n)", data) if line]
    assert b"".join(pieces) == data
    assert source.byte == len(data)
    assert source.line == 1 + sum(line.endswith((b"\n", b"\r")) for line in whole)
    if longest == 100:
        assert pieces == whole


@given(
    st.lists(st.sampled_from([*"ab,;\"\n\r'=", "é", "日", "\U0001f600", "\ud800"]), max_size=40).map("".join), st.data()
)
@settings(max_examples=200, deadline=None)
def test_places_in_wide_files_are_exact(text: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
    raw = text.encode(name, "surrogatepass")
    with patch.object(lines, "_BLOCK", data.draw(st.integers(1, 9))):
        source = Lines(io.BytesIO(raw), name, Position(0, 1), longest=100)
        for line in source:
            begun = text.encode(name, "surrogatepass")[source.byte :].decode(name, "surrogatepass")
            assert text.removesuffix(begun).endswith(line.decode("utf-8", "surrogatepass"))

    assert source.byte == len(raw)


CSV_PIECES = [b"a", b",", b'"', b'""', b'","', b'"x"', b'"x;y",']


@given(st.lists(st.sampled_from(CSV_PIECES), max_size=20).map(b"".join), st.integers(1, 7), st.booleans())
@settings(max_examples=200, deadline=None)
def test_end_of_a_long_row_is_found_wherever_its_pieces_end(row: bytes, size: int, in_quotes: bool) -> None:
    whole = _EndOfRow(b",", in_quotes=in_quotes, spaces=False).is_in(row + b"\n")

    end = _EndOfRow(b",", in_quotes=in_quotes, spaces=False)
    pieces = [row[at : at + size] for at in range(0, len(row), size)]
    assert not any(end.is_in(piece) for piece in pieces)
    assert end.is_in(b"\n") == whole
    asked = iter([('"' if in_quotes else "") + row.decode() + "\n", '"\n'])
    next(csv.reader(asked), None)
    assert whole == (next(asked, None) is not None)  # the csv module wants a second line only inside quotes
