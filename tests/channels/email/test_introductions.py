"""What programs of many languages write above a quotation and under a letter is folded; sentences are not."""

import tomllib
from pathlib import Path

import pytest

from channels.email.new_text import find_new_text

LISTS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "introductions.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", LISTS["attributions"])
def test_attribution_is_folded_with_its_quotation(line: str) -> None:
    marked = find_new_text(f"Yes, blue.\n\n{line}\n\n> Which one?", "")
    bare = find_new_text(f"Yes, blue.\n\n{line}\n\nWhich one?", "")

    assert (marked.text, bare.text) == ("Yes, blue.", "Yes, blue.")
    assert line.strip("-– ") in marked.quoted


@pytest.mark.parametrize("line", LISTS["separators"])
def test_separator_folds_what_is_below(line: str) -> None:
    found = find_new_text(f"Yes, blue.\n\n{line}\n\nWhich one?", "")

    assert found.text == "Yes, blue."
    assert found.quoted == f"{line}\n\nWhich one?"


@pytest.mark.parametrize("lines", LISTS["headers"])
def test_header_lines_fold_what_is_below(lines: str) -> None:
    block = lines.replace("|", "\n")

    found = find_new_text(f"Yes, blue.\n\n{block}\n\nWhich one?", "")
    ruled = find_new_text(f"Yes, blue.\n\n{'_' * 32}\n{block}\n\nWhich one?", "")

    assert (found.text, ruled.text) == ("Yes, blue.", "Yes, blue.")


@pytest.mark.parametrize("line", LISTS["program_lines"])
def test_line_of_a_program_is_folded(line: str) -> None:
    found = find_new_text(f"Yes, blue.\n\n{line}", "")

    assert (found.text, found.quoted) == ("Yes, blue.", line)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sent from my desk, which is much easier than from my phone.",
        "On Monday I wrote you: nothing came back.",
        "I am using Outlook for iOS",
        "The parcel was sent with DHL and arrived broken.",
        "Sent by courier: two boxes.",
        "From: Berlin",
        "Date: Wednesday 3, October 2026",
        "External emails do not arrive any more.",
        "Best of all would be the blue one.",
    ],
)
def test_sentence_that_looks_like_one_stays(sentence: str) -> None:
    letter = f"Hello,\n\nplease look at this.\n\n{sentence}"

    assert find_new_text(letter, "").text == letter
