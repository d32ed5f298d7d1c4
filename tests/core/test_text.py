"""Text from outside: cleaned, folded, shortened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_text, excerpt, fold


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\0b\x07c\td", "abc\td"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\ud800b\udfffc", "a\ufffdb\ufffdc"),
        ("\ufeffa", "a"),
        ("\x80a\x9f", "a"),
        ("😀 ünï", "😀 ünï"),
    ],
)
def test_clean_text_keeps_what_can_be_stored_and_read(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_clean_text_can_always_be_stored(text: str) -> None:
    clean = clean_text(text)

    assert "\0" not in clean
    assert "\r" not in clean
    clean.encode()
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("  ADA   Lovelace ", "ada lovelace"),
        ("Straße", "STRASSE"),
        ("Ａｄａ", "ada"),
        ("e\u0301", "\u00e9"),
        ("ﬁne", "FINE"),
        ("İ", "i\u0307"),
    ],
)
def test_fold_makes_spellings_of_one_name_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_fold_keeps_different_names_apart() -> None:
    assert fold("Ada") != fold("Ida")
    assert fold("Zoë") != fold("Zoe")


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("short", 10, "short"),
        ("a\n b\t c", 10, "a b c"),
        ("one two three four", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("abcdefghijkl", 5, "abcd…"),
        ("ab👨\u200d👩", 4, "ab…"),
        ("e\u0301" * 10, 4, "e\u0301…"),
        ("abc", 1, "a"),
        ("", 5, ""),
    ],
)
def test_excerpt_is_one_short_line(text: str, length: int, short: str) -> None:
    assert excerpt(text, length) == short


@given(st.text(), st.integers(1, 40))
def test_excerpt_is_never_longer(text: str, length: int) -> None:
    line = excerpt(text, length)

    assert len(line) <= length
    assert "\n" not in line
