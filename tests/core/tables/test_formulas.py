"""Texts that a spreadsheet might run."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.tables.formulas import guard, unguard
from tests.core.tables.spreadsheet import HOSTILE, would_run


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1", "\t=1", "\r=1", "\n=1",
        "\tx", "\rx", "  =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "\x01=1",
        "＝1", "＋1", "－1", "＠x", " ＝1", "−1", '"=1', "'=1", '" =1', "''=1", "+33 1 23 45", "|x", "%x",
    ],
)  # fmt: skip
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == f"'{text}" or text[0] in "\t\r\n"
    assert guard(text).startswith("'")
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("x;=1", "x;'=1"),
        ("x, =1", "x,' =1"),
        ("x\t@a", "x\t'@a"),
        ("x\r\n=1", "x\r\n'=1"),
        ("x;'=1", "x;''=1"),
        ("x;-1+cmd|' /C calc'!A0;", "x;'-1+cmd|' /C calc'!A0;"),
        ("x;+SUM(1);", "x;'+SUM(1);"),
    ],
)
def test_what_begins_a_cell_elsewhere_is_guarded_too(text: str, guarded: str) -> None:
    assert guard(text) == guarded
    assert unguard(guarded) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ana",
        "a=b",
        "O'Neil",
        "'tis",
        "ana@acme.example",
        "1-2",
        "Paris, -",
        "to buy:\n- milk\n- bread",
        "a, b; c",
        "'",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


@given(HOSTILE)
@example("'=1")
@example("\n\n=1")
@example(";\t=x")
@example("'\t'")
@settings(max_examples=200, deadline=None)
def test_guard_is_taken_back(text: str) -> None:
    assert unguard(guard(text)) == text


@given(HOSTILE)
@settings(max_examples=200, deadline=None)
def test_no_guarded_text_begins_a_formula(text: str) -> None:
    assert not would_run(guard(text))


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_guarded_and_taken_back(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("piece", ["\n", "; ", ";'", "\t", "-,", " ", "'", "(;-", '"'])
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * 300_000

    assert unguard(guard(text)) == text
