"""A person's name out of a display name, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.naming import PersonName, read_person_name


@pytest.mark.parametrize(
    ("shown", "first", "last"),
    [
        ("Ana Lopes", "Ana", "Lopes"),
        ("Lopes, Ana", "Ana", "Lopes"),
        ('"Ana Lopes"', "Ana", "Lopes"),
        ("'Ana Lopes' via Support", "Ana", "Lopes"),
        ("Ana Lopes (Acme)", "Ana", "Lopes"),
        ("Ana Lopes | Acme", "Ana", "Lopes"),
        ("Ana from Acme", "Ana", ""),
        ("Ana \U0001f338 Lopes \U0001f469\u200d\U0001f4bb", "Ana", "Lopes"),
        ("Dr. Ana Lopes, PhD", "Ana", "Lopes"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Ludwig von Beethoven", "Ludwig", "von Beethoven"),
        ("J. R. R. Tolkien", "J.", "R. R. Tolkien"),
        ("Jos\u00e9 O\u2019Brien-Garc\u00eda", "Jos\u00e9", "O\u2019Brien-Garc\u00eda"),
        ("\u5c71\u7530\u592a\u90ce", "\u5c71\u7530\u592a\u90ce", ""),
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", ""),
        ("\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926\u0940", ""),
    ],
)  # fmt: skip
def test_read_person_name_finds_the_person(shown: str, first: str, last: str) -> None:
    assert read_person_name(shown, "ana@post.example") == PersonName(first, last)


@pytest.mark.parametrize(
    ("shown", "address"),
    [
        ("", "ana@post.example"),
        ("Acme Support", "ana@acme.example"),
        ("Ana Lopes", "support@acme.example"),
        ("Ana Lopes", "no-reply@acme.example"),
        ("PayBuddy", "x@paybuddy.example"),
        ("ACME", "ana@post.example"),
        ("Lopes GmbH", "ana@post.example"),
        ("Lopes, Inc.", "ana@post.example"),
        ("ana@post.example", "ana@post.example"),
        ("ana.lopes", "ana@post.example"),
        ("Ana1980", "ana@post.example"),
        ("=?utf-8?q?Ana?=", "ana@post.example"),
        ("Where is my order please tell me", "ana@post.example"),
        ("Ana Lopes, Bela Reis, Carl Maas", "ana@post.example"),
        ("<script>", "ana@post.example"),
        ("\U0001f600", "ana@post.example"),
        ("A" * 101, "ana@post.example"),
    ],
)
def test_read_person_name_doubts(shown: str, address: str) -> None:
    assert read_person_name(shown, address) is None


@given(st.text(max_size=300), st.text(max_size=60))
def test_read_person_name_never_fails_and_never_gives_an_empty_name(shown: str, address: str) -> None:
    name = read_person_name(shown, address)

    assert name is None or (name.first.strip() and len(name.first) + len(name.last) <= 100)
