"""Rows of a table, and what is none."""

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest

from core.tables.dialects import find_dialect
from core.tables.reading import RefusedRow, Row, read_rows
from core.tables.records import LONGEST_CELL, Fault
from tests.core.tables.files import RepeatingFile, cells_of, read


def faults(rows: list[Row | RefusedRow]) -> list[tuple[int, int, Fault]]:
    return [(row.line, row.last_line, row.fault) for row in rows if isinstance(row, RefusedRow)]


def test_quotes_hold_separators_line_breaks_and_doubled_quotes() -> None:
    rows = read('a,b\r\n"x, y","one\r\ntwo\rthree\n"\r\n"say ""hi""",12" pipe\r\n')

    assert [row.cells for row in rows] == [("x, y", "one\r\ntwo\rthree\n"), ('say "hi"', '12" pipe')]
    assert [row.line for row in rows] == [2, 6]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_ends_a_row(end: str, last: bool) -> None:
    rows = read(end.join(["a,b", "1,2", "", "3,4"]) + end * last)

    assert [(row.line, row.cells) for row in rows] == [(2, ("1", "2")), (4, ("3", "4"))]


def test_rows_of_another_length_are_told_not_mended() -> None:
    rows = read("a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1\n,,\n")

    assert faults(rows) == [(2, 2, Fault.TOO_FEW), (3, 3, Fault.TOO_MANY), (5, 5, Fault.TOO_FEW)]
    assert [row.cells for row in rows] == [("1", "2"), ("1", "2", "3", "4"), ("1", "2", "3"), ("1",), ("", "", "")]
    assert isinstance(rows[0], RefusedRow)
    assert rows[0].reason == "Line 2: It has fewer cells than there are columns."


def test_quote_inside_a_quoted_cell_refuses_its_row_only() -> None:
    rows = read('a,b\n"He said "hi" to me",2\n3,4\n')

    assert faults(rows) == [(2, 2, Fault.BAD_QUOTE)]
    assert rows[-1].cells == ("3", "4")


def test_faulty_row_ends_where_its_quotes_say() -> None:
    rows = read('a,b\n"x"y,"one\ntwo\nthree"\n3,4\n')

    assert faults(rows) == [(2, 4, Fault.BAD_QUOTE)]
    assert rows[-1].cells == ("3", "4")


def test_quote_that_is_never_closed_is_told_with_its_first_line() -> None:
    rows = read('a,b\n1,2\n"open,3\n4,5\n6,7\n')

    assert [row.line for row in rows] == [2, 3]
    assert faults(rows) == [(3, 5, Fault.OPEN_QUOTE)]


def test_characters_outside_the_encoding_refuse_their_row() -> None:
    data = "имя,город\nЗоя,Москва\n".encode() + b'"\xff\nx",y\nAnna,"\xe9\n,,"\n' + "Яна,Тверь\n".encode()
    rows = read(data)

    assert faults(rows) == [(3, 4, Fault.ENCODING), (5, 6, Fault.ENCODING)]
    assert rows[-1].cells == ("Яна", "Тверь")
    assert rows[-1].line == 7


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_broken_units_of_wide_encodings_refuse_their_row(name: str) -> None:
    broken = "\ud800".encode(name, "surrogatepass")
    wrong = broken if name.startswith("utf-16") else b"\xff\xff\xff\xff"
    data = b"".join(
        ["\ufeffa,b\n1,".encode(name), broken, "\n\U0001f600".encode(name), wrong, ",4\n5,\U0001f600\n".encode(name)]
    )
    rows = read(data)
    dialect = find_dialect(io.BytesIO(data))

    assert faults(rows) == [(2, 2, Fault.ENCODING), (3, 3, Fault.ENCODING)]
    assert rows[-1].cells == ("5", "\U0001f600")
    assert list(read_rows(io.BytesIO(data), dialect, since=rows[1].after)) == rows[2:]


def test_nul_is_in_no_cell() -> None:
    assert cells_of(b"name,city\n1\0,\0\n\0\0\nthree,four\n") == [("1", ""), ("three", "four")]


def test_longest_cell_is_read_and_a_longer_one_refused() -> None:
    rows = read(f'a,b\n{"x" * LONGEST_CELL},1\n{"x" * (LONGEST_CELL + 1)},2\n"{"é" * (LONGEST_CELL + 1)}",3\n4,5\n')

    assert faults(rows) == [(3, 3, Fault.LONG_CELL), (4, 4, Fault.LONG_CELL)]
    assert [len(row.cells[0]) for row in rows if isinstance(row, Row)] == [LONGEST_CELL, 1]


def test_longest_cell_does_not_depend_on_the_limit_of_the_process() -> None:
    before = csv.field_size_limit(10_000_000)
    try:
        rows = read(f"a,b\n{'x' * (LONGEST_CELL + 1)},2\n")
    finally:
        csv.field_size_limit(before)

    assert faults(rows) == [(2, 2, Fault.LONG_CELL)]


LONG = {
    "one line": (b"1,", b"x", b"\n"),
    "quoted, one line": (b'1,"', b"x,y", b'"\n'),
    "quoted, with line breaks": (b'1,"', b"not,a row\r\n", b'"\n'),
    "quoted, with doubled quotes": (b'1,"', b'""', b'"\n'),
    "quoted, with doubled quotes and line breaks": (b'1,"', b'a"",""\r\n', b'"\n'),
    "quotes in the middle": (b"1,z", b'x"', b"\n"),
    "many cells": (b"1,", b"x,", b"\n"),
    "many quoted cells": (b"1,", b'"x;y",', b"\n"),
    "old line ends": (b'1,"', b"x\r", b'"\r'),
    "letters of three bytes": (b"1,", "語".encode(), b"\n"),
}


@pytest.mark.parametrize("kind", LONG)
def test_ten_megabytes_in_a_row_are_refused_in_bounded_memory(kind: str) -> None:
    begin, piece, end = LONG[kind]
    if b"\r" in piece or b"\n" in piece:  # fewer lines, for the time's sake
        piece = b"z" * 99 + piece
    file = RepeatingFile(b"a,b\n1,2\n" + begin, piece, 10_000_000 // len(piece), end + b"3,4\n")
    dialect = find_dialect(file)

    tracemalloc.start()
    try:
        rows = list(read_rows(file, dialect))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [row.cells for row in rows if isinstance(row, Row)] == [("1", "2"), ("3", "4")]
    assert [row.line for row in rows[:2]] == [2, 3]
    assert len(rows) == 3
    assert peak < 40_000_000


def test_ten_megabytes_of_a_wide_encoding_are_refused_and_passed() -> None:
    head, piece = '\ufeffa,b\n1,2\n1,"'.encode("utf-16-le"), ("\U0001f600," * 20 + "\n").encode("utf-16-le")
    file = RepeatingFile(head, piece, 60_000, '"\n3,4\n5,6\n'.encode("utf-16-le"))
    rows = list(read_rows(file, find_dialect(file)))

    assert [row.cells for row in rows if isinstance(row, Row)] == [("1", "2"), ("3", "4"), ("5", "6")]
    assert rows[2].line == 60_004
    assert list(read_rows(file, find_dialect(file), since=rows[1].after)) == rows[2:]


def test_memory_does_not_grow_with_the_rows() -> None:
    file = RepeatingFile(b"a,b,c\n", 'Зоя,Москва,"ул. Тверская"\n'.encode(), 40_000)
    dialect = find_dialect(file)

    tracemalloc.start()
    try:
        count = sum(isinstance(row, Row) for row in read_rows(file, dialect))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 40_000
    assert peak < 4_000_000


def test_reading_goes_on_after_any_row() -> None:
    data = 'a;b\n1;"x\ny"\n\n"wrong"x;2\n;;;;\nЗоя;ü\n'.encode()
    file = io.BytesIO(data)
    dialect = find_dialect(file)
    rows = list(read_rows(file, dialect))

    for number, row in enumerate(rows, start=1):
        assert list(read_rows(io.BytesIO(data), dialect, since=row.after)) == rows[number:]
    assert rows[-1].after.byte == len(data)


def test_file_is_read_as_rows_are_asked_for() -> None:
    file = RepeatingFile(b"a,b\n", b"1,2\n", 10_000_000)
    dialect = find_dialect(file)
    rows: Iterator[Row | RefusedRow] = read_rows(file, dialect)

    next(rows)

    assert file._at < 1_000_000
