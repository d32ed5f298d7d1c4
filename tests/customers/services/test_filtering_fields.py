"""Customers narrowed by what their custom fields say (F8)."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.field_tests import FieldTest, parse_tests
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer
from customers.services import defining, filtering_fields
from customers.services.defining import FieldDraft, OptionDraft
from customers.services.filtering_fields import narrow_by_fields, tell_tests
from customers.services.setting_fields import set_fields
from tests.factories.customers import make_customer

LISBON = ZoneInfo("Europe/Lisbon")
SIZES = [OptionDraft("Small"), OptionDraft("Medium"), OptionDraft("Large")]

HELD: list[dict[str, str]] = [
    {"string": "Deep Red", "integer": "3", "number": "1.5", "flag": "yes", "choice": "small", "choices": "small;large"},
    {
        "string": "deep blue",
        "integer": "5",
        "flag": "no",
        "choice": "medium",
        "choices": "large",
        "date": "2026-11-23",
    },
    {
        "date": "2026-12-01",
        "number": "-1.5",
        "moment": "2026-07-01 23:30",
        "email": "Ana@shopper.example",
        "text": "a\nlong one",
    },
    {},
]


@pytest.fixture
def customers(in_acme: Tenant, ada: Membership) -> list[Customer]:
    for kind in FieldKind:
        defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=kind,
            draft=FieldDraft(str(kind)),
            options=SIZES if kind.has_options else [],
            actor=ada.as_actor(),
        )
    people = [make_customer() for _ in HELD]
    for customer, typed in zip(people, HELD, strict=True):
        set_fields(customer=customer, typed=typed, zone=LISBON, actor=ada.as_actor())
    return people


def read(query: str) -> tuple[FieldTest, ...]:
    return parse_tests(dict(QueryDict(query).lists()))


def found(query: str) -> list[int]:
    rows = narrow_by_fields(Customer.objects.all(), tests=read(query), target=FieldTarget.CUSTOMER, zone=LISBON)
    return sorted(rows.values_list("number", flat=True))


@pytest.mark.parametrize("many", [5_000, 0])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("f.string=DEEP", [1, 2]),
        ("f.string=deep+red", [1]),
        ("f.string=deep+red&f.string=deep+b", [1, 2]),
        ("f.text=a+long", [3]),
        ("f.email=ana@", [3]),
        ("f.integer=3", [1]),
        ("f.integer.from=3&f.integer.to=4,5", [1]),
        ("f.integer.from=4", [2]),
        ("f.number=1.50", [1]),
        ("f.number.from=-2&f.number.to=0", [3]),
        ("f.number.to=-1", [3]),
        ("f.number.from=-1", [1]),
        ("f.flag=no", [2]),
        ("f.choice=small&f.choice=medium", [1, 2]),
        ("f.choices=large", [1, 2]),
        ("f.choices=small&f.flag=yes", [1]),
        ("f.date=2026-11-23", [2]),
        ("f.date.from=2026-11-23&f.date.to=2026-12-01", [2, 3]),
        ("f.moment=2026-07-01", [3]),
        ("f.moment=2026-07-01T23:30", [3]),
        ("f.moment=2026-07-02", []),
        ("f.moment.from=2026-07-01&f.moment.to=2026-07-01", [3]),
        ("f.moment.to=2026-07-01T23:29", []),
        ("f.moment.to=9999-12-31", []),
        ("f.string=.none", [3, 4]),
        ("f.string=.some", [1, 2]),
        ("f.integer=three", []),
        ("f.string.from=1", []),
        ("f.choice=huge", []),
        ("f.shape=round", []),
        ("", [1, 2, 3, 4]),
    ],
)
def test_customers_are_found_by_what_is_said(
    customers: list[Customer], monkeypatch: pytest.MonkeyPatch, query: str, expected: list[int], many: int
) -> None:
    monkeypatch.setattr(filtering_fields, "MANY", many)

    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("f.choice=small&f.choice=medium", "choice: Medium, Small"),
        ("f.integer.from=2&f.integer.to=3", "integer from 2 until 3"),
        ("f.date.to=2026-11-23", "date until 2026-11-23"),
        ("f.string=.none", "string: nothing said"),
        ("f.flag=yes", "flag: Yes"),
        ("f.shape=round", "field shape that no longer exists"),
    ],
)
def test_question_is_told_in_words(customers: list[Customer], query: str, told: str) -> None:
    assert [words for _, words in tell_tests(read(query), FieldTarget.CUSTOMER)] == [told]


def test_queries_do_not_grow_with_what_is_asked_of_one_field(
    customers: list[Customer], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):  # fields, options, how many fit, the list
        found("f.choice=small&f.choice=medium")


def test_field_of_another_workspace_finds_nobody(customers: list[Customer], globex: Tenant) -> None:
    with tenant_scope(globex):
        make_customer()

        assert found("f.string=deep") == []
