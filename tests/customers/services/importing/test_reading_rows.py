"""What a row of a table says of a customer, what is left out of it, and why it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.tables.lines import Position
from core.tables.reading import Row
from customers.kinds import ContactKind
from customers.services.importing.mapping import LABELS, guess_mapping
from customers.services.importing.reading_rows import Refused, RowReader, Wanted

TODAY = date(2026, 11, 23)


def read(**cells: str) -> Wanted | Refused:
    """A row whose columns are named by what they are."""
    reader = RowReader(dict(enumerate(cells)), [], zone=ZoneInfo("UTC"), region="PT", today=TODAY)
    return reader.read(Row(tuple(cells.values()), 2, Position(0, 3)))


def wanted(**cells: str) -> Wanted:
    row = read(**cells)
    assert isinstance(row, Wanted)
    return row


def problem(**cells: str) -> str:
    row = read(**cells)
    assert isinstance(row, Refused)
    return row.problem


def test_several_addresses_stand_between_semicolons_and_each_counts_once() -> None:
    row = wanted(email="ana@a.example; ANA@a.example ;b@b.example;", phone="912 345 678;+351912345678")

    assert [(one.kind, one.value) for one in row.contacts] == [
        (ContactKind.EMAIL, "ana@a.example"),
        (ContactKind.EMAIL, "b@b.example"),
        (ContactKind.PHONE, "+351912345678"),
    ]
    assert row.contacts[2].typed == "912 345 678"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1990-12-31", date(1990, 12, 31)),
        ("1990-12-31T00:00:00Z", date(1990, 12, 31)),
        ("19901231", date(1990, 12, 31)),
        ("1790-12-31", date(1790, 12, 31)),
        ("1990/1/2", date(1990, 1, 2)),
        ("3.4.1990", date(1990, 4, 3)),
        ("31/12/1990", date(1990, 12, 31)),
        ("12/31/1990", date(1990, 12, 31)),
        ("04/04/1990", date(1990, 4, 4)),
    ],
)
def test_birthday_is_read_where_nothing_is_left_to_guess(typed: str, day: date) -> None:
    assert wanted(birthday=typed).details["birthday"] == day


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("03/04/1990", "may be two days"),
        ("1990", "is no day"),
        ("19451332", "is no day"),
        ("0000-00-00", "is no day"),
        ("31.02.1990", "is no day"),
        ("31/02/1990", "is no day"),
        ("tomorrow", "is no day"),
        ("٣.٤.١٩٩٠", "is no day"),
        ("2026-11-24", "is a day to come"),
        ("0999-12-31", "is before the year 1000"),
    ],
)
def test_birthday_that_may_be_two_days_or_none_is_left_out(typed: str, why: str) -> None:
    row = wanted(first_name="Ana", birthday=typed)

    assert row.details == {"first_name": "Ana"}
    assert row.remarks == (f"Birthday “{typed}” {why}: left out.",)


def test_today_and_the_first_day_of_the_year_1000_are_birthdays() -> None:
    assert [wanted(birthday=day).details["birthday"].year for day in ("2026-11-23", "1000-01-01")] == [2026, 1000]


def test_sex_that_nobody_knows_is_left_out() -> None:
    row = wanted(first_name="Ana", sex="perhaps", birthday="1990-12-31")

    assert row.details == {"first_name": "Ana", "birthday": date(1990, 12, 31)}
    assert row.remarks == ("Sex “perhaps” is neither female nor male: left out.",)


def test_each_value_that_is_left_out_has_its_remark_and_is_not_quoted_whole() -> None:
    row = wanted(reference="C-1", birthday=f"born {'long ' * 1_000}", sex="perhaps")

    assert [remark.partition(" ")[0] for remark in row.remarks] == ["Birthday", "Sex"]
    assert len(row.remarks[0]) < 100


def test_row_of_which_nothing_would_be_left_is_refused() -> None:
    assert problem(birthday="19451332", first_name="") == (
        "Birthday “19451332” is no day: left out. Nothing else is said in the columns that are taken."
    )


@pytest.mark.parametrize(("typed", "sex"), [("F", "female"), ("Weiblich", "female"), ("m.", "male"), ("муж", "male")])
def test_sex_is_read_in_the_words_people_use(typed: str, sex: str) -> None:
    assert wanted(sex=typed).details["sex"] == sex


def test_place_has_the_country_by_its_letters_and_the_code_as_its_mail_writes_it() -> None:
    row = wanted(street="Rua da Rosa 5", postal_code="1200385", country="Portugal", company="Aves Lda")

    assert row.place == {
        "street": "Rua da Rosa 5",
        "postal_code": "1200-385",
        "country": "PT",
        "company": "Aves Lda",
    }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"email": "ana at a.example"}, "“ana at a.example” is no e-mail address."),
        ({"phone": "call me"}, "“call me” is no phone number."),
        ({"country": "Atlantis"}, "Country: no country is called “Atlantis”."),
        ({"first_name": "A" * 101}, "First name: longer than 100 characters."),
        ({"reference": "9" * 256}, "Reference: longer than 255 characters."),
        ({"note": "x" * 20_001}, "Note: longer than 20,000 characters."),
        ({"email": " ; ", "first_name": "\u00a0"}, "Nothing is said in the columns that are taken."),
    ],
)
def test_row_is_refused_with_the_reason(cells: dict[str, str], reason: str) -> None:
    assert problem(**cells) == reason


def test_texts_are_cleaned_as_forms_clean_them() -> None:
    row = wanted(first_name=" Ana\x07\n Maria ", note="one\r\ntwo \n", reference=" A-1 ")

    assert (row.details["first_name"], row.note, row.reference) == ("Ana Maria", "one\ntwo", "A-1")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["reference", "first_name", "e-mail"], ["reference", "first_name", "email"]),
        (["First Name", "Last Name", "Email", "Phone"], ["first_name", "last_name", "email", "phone"]),
        (["Vorname", "Nachname", "PLZ", "Stadt"], ["first_name", "last_name", "postal_code", "city"]),
        (["Email", "Second", "E-Mail Address", "Phone", "Mobile"], ["email", None, "email", "phone", "phone"]),
        (["City", "Town"], ["city", None]),
        (["shoe_size", "Shoe size"], ["field.shoe_size", None]),
        (["Größe der Schuhe"], ["field.boots"]),
        (["", "Total Spent"], [None, None]),
    ],
)
def test_columns_are_known_by_their_names(header: list[str], found: list[Any]) -> None:
    known = {**LABELS, "field.shoe_size": "Shoe size", "field.boots": "Größe der Schuhe"}

    mapping = guess_mapping(header, known)

    assert [mapping.get(place) for place in range(len(header))] == found
