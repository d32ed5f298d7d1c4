"""Shopify's search syntax as the pretend store reads it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest

from demo.store.search import Index, parse_search


class Person(NamedTuple):
    email: str
    name: str
    spent: Decimal
    changed: datetime
    tags: list[str]


PEOPLE = (
    Person("ana.lopes@shopper.example", "Ana Lopes", Decimal(90), datetime(2026, 10, 1, 12, tzinfo=UTC), ["VIP"]),
    Person("lopes.ana@shopper.example", "Another Ana", Decimal(10), datetime(2026, 10, 2, 12, tzinfo=UTC), []),
    Person("o'neil@darcy.example", "Jean-Luc", Decimal(0), datetime(2026, 10, 3, 12, tzinfo=UTC), ["new"]),
)
INDEX = Index[Person](
    fields={
        "email": lambda each: each.email,
        "total_spent": lambda each: each.spent,
        "updated_at": lambda each: each.changed,
        "tag": lambda each: each.tags,
    },
    words=lambda each: [each.name, each.email],
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2]),
        ("email:ana.lopes@shopper.example", [0, 1]),
        ('email:"ana.lopes@shopper.example"', [0]),
        ('email:"ANA.lopes@shopper.example"', [0]),
        ("email:'ana.lopes@shopper.example'", [0]),
        ('email:"o\'neil@darcy.example"', [2]),
        (r"email:'o\'neil@darcy.example'", [2]),
        ("email:lop*", [0, 1]),
        ("ana", [0, 1]),
        ("ana lopes", [0, 1]),
        ("jean OR vip", [2]),
        ("tag:vip OR tag:new", [0, 2]),
        ("-tag:vip", [1, 2]),
        ("NOT tag:vip", [1, 2]),
        ("ana AND (tag:vip OR tag:new)", [0]),
        ("total_spent:>=10 total_spent:<90", [1]),
        ("updated_at:>2026-10-01T11:59:59Z", [0, 1, 2]),
        ("updated_at:>'2026-10-01T12:00:00Z'", [1, 2]),
        ("updated_at:2026-10-02T23:00:00Z", [1]),
        ("updated_at:<=2026-10-02", [0]),
        ("updated_at:>2025 updated_at:<now", [0, 1, 2]),
        ("total_spent:much", []),
    ],
)
def test_search_finds(query: str, found: list[int]) -> None:
    search = parse_search(query, INDEX)

    assert [place for place, person in enumerate(PEOPLE) if search.matches(person)] == found


def test_search_counts_an_unknown_field_as_fulfilled_and_names_it() -> None:
    search = parse_search("note:evening ana", INDEX)

    assert search.unknown_fields == ("note",)
    assert [search.matches(person) for person in PEOPLE] == [True, True, False]


@pytest.mark.parametrize(
    "query", ["'", '"', "(", ")", "a:", "-", "NOT", "OR OR", "email:'ana", "((a", "AND", ":", "\\"]
)
def test_search_never_fails_on_broken_queries(query: str) -> None:
    assert isinstance(parse_search(query, INDEX).matches(PEOPLE[0]), bool)
