"""The filter as a query string: read strictly, written in one way only."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from customers.field_tests import FieldTest
from customers.filters import CustomerFilter

FULL = (
    "q=ana&mark=vip&manager=3&store=none&tag=press&tag=wholesale&sex=female&supposed_sex=none&language=pt&channel=chat"
    "&location=Por&email=yes&phone=no&bounced=yes&subscription=unsubscribed&birth_month=2&born_from=1980-01-01"
    "&born_to=1990-12-31&registered_from=2026-01-01&registered_to=2026-11-23&seen=ever&seen_from=2026-11-01"
    "&seen_to=2026-11-02&orders_from=0&orders_to=9&spent_from=1.5&spent_to=20&discount_from=5&discount_to=10"
    "&source=google&medium=cpc&campaign=spring&origin=store&deleted=yes&sort=-spent&f.size=l&f.weight.from=2"
)


def test_every_field_is_read_and_written_again() -> None:
    chosen = CustomerFilter.parse(FULL)

    assert chosen.as_query() == FULL
    assert (chosen.tag, chosen.orders_from, chosen.spent_from) == (("press", "wholesale"), 0, Decimal("1.5"))
    assert (chosen.born_from, chosen.deleted) == (date(1980, 1, 1), True)
    assert chosen.fields == (FieldTest("size", ("l",)), FieldTest("weight", start="2"))


def test_one_filter_has_one_address() -> None:
    messy = "sort=registered&tag=b&tag=a&tag=b&q=+ana++lopes+&nothing=1&spent_from=1,50"

    assert CustomerFilter.parse(messy).as_query() == "q=ana+lopes&tag=a&tag=b&spent_from=1.5"
    assert CustomerFilter.parse("").as_query() == ""


@pytest.mark.parametrize(
    "query",
    [
        *("mark=best", "manager=0", "manager=-1", "manager=x", "store=me", "sex=x", "email=maybe", "birth_month=13"),
        *("born_from=1990-02-30", "born_from=0001-01-01", "born_from=yesterday", "orders_from=-1", "orders_from=1.5"),
        *("spent_from=1e9", "spent_from=-1", "deleted=no", "sort=shoe", "sort=--name", "origin=x", "q=%00", "tag="),
        *("f.Size=1", "f.=1", "manager=99999999999"),
    ],
)
def test_what_makes_no_sense_counts_as_absent(query: str) -> None:
    assert CustomerFilter.parse(query) == CustomerFilter()


def test_one_thing_is_taken_away_and_the_rest_stays() -> None:
    chosen = CustomerFilter.parse("mark=vip&deleted=yes&tag=a&f.size=l&f.weight=2")

    assert chosen.without("tag").as_query() == "mark=vip&deleted=yes&f.size=l&f.weight=2"
    assert chosen.without_test("size").as_query() == "mark=vip&tag=a&deleted=yes&f.weight=2"


def test_order_chosen_twice_is_turned_round() -> None:
    chosen = CustomerFilter.parse("mark=vip")

    assert chosen.sorted_by("name").as_query() == "mark=vip&sort=name"
    assert chosen.sorted_by("name").sorted_by("name").as_query() == "mark=vip&sort=-name"
    assert chosen.sorted_by("registered").as_query() == "mark=vip&sort=-registered"
    assert chosen.sorted_by("registered").sorted_by("registered").as_query() == "mark=vip"


@given(st.dictionaries(st.sampled_from(["q", "tag", "spent_to", "born_to", "f.x", "f.x.from"]), st.text(max_size=40)))
def test_whatever_is_typed_is_written_as_it_is_read(typed: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(typed)

    written = CustomerFilter.parse(query).as_query()

    assert CustomerFilter.parse(written).as_query() == written
