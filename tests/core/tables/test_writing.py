"""Tables for spreadsheets, and back."""

import io
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tables.dialects import find_dialect
from core.tables.reading import Row, read_rows
from core.tables.writing import Cell, write_rows
from tests.core.tables.files import cells_of, dialect_of
from tests.core.tables.spreadsheet import HOSTILE, cells_as_opened, could_call, would_run

TEXT = HOSTILE | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def written(header: list[str], rows: list[list[Cell]], **how: str | bool) -> bytes:
    delimiter = str(how.get("delimiter", ","))
    return b"".join(write_rows(header, rows, delimiter=delimiter, with_mark=bool(how.get("with_mark", True))))


def test_table_is_quoted_text_with_a_mark() -> None:
    data = written(["name", "n"], [['Ana "the" Lopes', 1], ["ü\nx", None]])

    assert data == b'\xef\xbb\xbf"name","n"\r\n"Ana ""the"" Lopes",1\r\n"\xc3\xbc\nx",""\r\n'
    assert written(["a"], [], with_mark=False, delimiter=";") == b'"a"\r\n'


def test_type_decides_what_a_number_is() -> None:
    data = written(["a", "b", "c", "d"], [[-5, -1.5, Decimal("-0.10"), "-5"]], with_mark=False)

    assert data.splitlines()[1] == b'-5,-1.5,-0.10,"\'-5"'


@pytest.mark.parametrize("phone", ["+33612345678", "+33 6 12 34 56 78", "+1 (650) 253-0000"])
def test_phone_comes_back_with_its_plus(phone: str) -> None:
    assert cells_of(written(["phone", "other"], [[phone, ""]])) == [(phone, "")]


def test_names_of_columns_are_guarded_and_come_back() -> None:
    data = written(["=HYPERLINK(1)", "b"], [["1", "2"]])

    assert b'"\'=HYPERLINK(1)"' in data
    assert dialect_of(data).columns == ("=HYPERLINK(1)", "b")


def test_what_no_text_has_is_left_out() -> None:
    assert cells_of(written(["a"], [["x\0y"], ["\ud800"], ["\0=1"]])) == [("xy",), ("?",), ("=1",)]


def test_memory_does_not_grow_with_the_rows() -> None:
    rows: Iterator[list[str]] = (["Зоя", "+33 1", f"{n}, rue; x"] for n in range(40_000))

    tracemalloc.start()
    try:
        sizes = [len(piece) for piece in write_rows(["a", "b", "c"], rows)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert sum(sizes) > 1_000_000
    assert len(sizes) > 10
    assert peak < 2_000_000


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(TEXT, min_size=n, max_size=n), max_size=6)), st.data())
@settings(max_examples=200, deadline=None)
def test_any_table_comes_back_as_it_was(rows: list[list[Cell]], data: st.DataObject) -> None:
    width = len(rows[0]) if rows else 1
    header = [f"{n}{data.draw(st.sampled_from(['', ';b', ', c', '|', '=']))}" for n in range(width)]
    file = written(header, rows, delimiter=data.draw(st.sampled_from([",", ";", "\t"])))

    assert dialect_of(file).columns == tuple(header)
    assert cells_of(file) == [tuple(row) for row in rows]


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=6), st.data())
@settings(max_examples=200, deadline=None)
def test_reading_of_any_table_can_begin_again_anywhere(rows: list[list[Cell]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]))
    file = io.BytesIO(written(["a", "b"], rows).decode().encode(name))
    dialect = find_dialect(file)

    found = list(read_rows(file, dialect))
    assert [row.cells for row in found] == [tuple(row) for row in rows]
    for number, row in enumerate(found, start=1):
        assert list(read_rows(file, dialect, since=row.after)) == found[number:]


@given(st.lists(st.lists(HOSTILE, min_size=2, max_size=2), max_size=4), st.sampled_from([",", ";", "\t"]))
@settings(max_examples=200, deadline=None)
def test_spreadsheet_runs_nothing_whichever_separators_it_has(rows: list[list[Cell]], delimiter: str) -> None:
    text = written(["a", "b"], rows, delimiter=delimiter, with_mark=False).decode()

    assert not [cell for cell in cells_as_opened(text, delimiter) if would_run(cell)]
    for separators in [",", ";", "\t", ",;\t"]:
        assert not [cell for cell in cells_as_opened(text, separators) if could_call(cell)]


def test_the_pretended_spreadsheet_would_run_what_is_not_guarded() -> None:
    """First show that it could."""
    assert any(map(could_call, cells_as_opened('"a","x;=1"\r\n', ";")))
    assert list(cells_as_opened('"a, ""b""",=1\nx', ",")) == ['a, "b"', "=1", "x"]
    assert isinstance(next(read_rows(io.BytesIO(b"a\n=1"), dialect_of("a\n=1"))), Row)
