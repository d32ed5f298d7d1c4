"""Tables for spreadsheets."""

import csv
import io

import pytest

from core.spreadsheet import safe_cell, write_csv


@pytest.mark.parametrize(
    "formula", ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", '=HYPERLINK("x")', "\0=1"]
)
def test_formula_becomes_text(formula: str) -> None:
    assert str(safe_cell(formula)).startswith("'")


@pytest.mark.parametrize("cell", ["Ana", "a=b", "", 0, -3, 1.5])
def test_other_cells_stay(cell: str | float) -> None:
    assert safe_cell(cell) == cell


def test_table_is_read_back_as_it_was() -> None:
    text = write_csv(["Name", "Count"], [['Ana "the" Lopes, jr', 1], ["line\nend", None]])

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert rows == [["Name", "Count"], ['Ana "the" Lopes, jr', "1"], ["line\nend", ""]]
