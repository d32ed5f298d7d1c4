"""Only the new text shows: letters of many programs and languages, and letters that only look like them."""

import tomllib
from pathlib import Path

import pytest

from channels.email.new_text import REPLY_MARKER, find_new_text

FOLDER = Path(__file__).parent
LETTERS: list[dict[str, str]] = [
    letter
    for name in ("letters_plain.toml", "letters_html.toml", "letters_edges.toml")
    for letter in tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["letter"]
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter["name"])
def test_new_text_is_found(letter: dict[str, str]) -> None:
    found = find_new_text(letter.get("plain", ""), letter.get("html", ""))

    assert found.text == letter["text"].strip("\n")
    if "folded" in letter:
        assert letter["folded"] in found.quoted
        assert letter["folded"] not in found.text
    else:
        assert found.quoted == ""


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter["name"])
def test_no_word_of_a_letter_is_lost(letter: dict[str, str]) -> None:
    found = find_new_text(letter.get("plain", ""), letter.get("html", ""))

    words = set(found.full.split()) - set(">")
    assert words <= set(f"{found.text} {found.quoted} {found.full}".split())
    if "html" not in letter:
        assert sorted(f"{found.text}\n{found.quoted}".split()) == sorted(found.full.split())


def test_our_marker_folds_what_stands_below() -> None:
    found = find_new_text(f"Yes.\n\n{REPLY_MARKER}\n\nShall we?", "")

    assert (found.text, found.quoted) == ("Yes.", f"{REPLY_MARKER}\n\nShall we?")


def test_very_long_letter_keeps_every_line() -> None:
    letter = "\n".join(f"line {number}" for number in range(30_000))

    assert find_new_text(letter, "").text == letter


def test_empty_letter_is_empty() -> None:
    found = find_new_text("", "")

    assert (found.text, found.quoted, found.full) == ("", "", "")
