"""What a list asks of custom fields, in a query string: any text is read without harm and written in one way."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from customers.field_tests import FieldTest, is_field_name, pairs_of, parse_tests, without

NAMES = ("f.size", "f.size.from", "f.size.to", "f.a_b2", "f.", "f.Size", "f.1", "f.size.to.from", "size", "f.x__y")
VALUES = ("m", ".none", ".some", "none", "5", "2026-11-23", "", " ", "\x00", "\ud800", "x" * 900, "1;2", "' OR 1=1")


def query_of(*pairs: tuple[str, str]) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


def read(query: str) -> tuple[FieldTest, ...]:
    return parse_tests(dict(QueryDict(query).lists()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("f.size=m&f.size=l&f.size=m", FieldTest("size", ("l", "m"))),
        ("f.weight.from=2&f.weight.to=5.5", FieldTest("weight", start="2", end="5.5")),
        ("f.weight.from=2&f.weight.from=3", FieldTest("weight", start="3")),
        ("f.size=m&f.size=.none&f.size.to=1", FieldTest("size", (".none",))),
        ("f.size=m&f.size.to=1", FieldTest("size", ("m",))),
        ("f.color=+deep++red+", FieldTest("color", ("deep red",))),
    ],
)
def test_question_is_read(query: str, expected: FieldTest) -> None:
    assert read(query) == (expected,)


@pytest.mark.parametrize("query", ["", "f.size=", "f.=m", "f.Size=m", "f.w.from=heavy", "g.size=m", "f.x.y=1", "f.1=1"])
def test_what_asks_nothing_counts_as_absent(query: str) -> None:
    assert read(query) == ()


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=20)), max_size=10))
def test_any_query_string_is_read_and_written_in_one_way(pairs: list[tuple[str, str]]) -> None:
    tests = parse_tests(query_of(*pairs))
    written = pairs_of(tests)

    assert parse_tests(query_of(*written)) == tests
    assert pairs_of(parse_tests(query_of(*reversed(written)))) == written
    assert all(is_field_name(name) for name, _ in written)


def test_one_question_is_taken_away() -> None:
    tests = read("f.a=1&f.b=2")

    assert without(tests, "a") == (FieldTest("b", ("2",)),)
