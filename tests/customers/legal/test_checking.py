"""What holds for whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.legal.checking import check
from customers.legal.kinds import RUSSIAN_NUMBERS, ContractorType, Kind
from customers.legal.numbering import countries
from tests.customers.legal.right_numbers import FINDS_ALL, FINDS_NEARLY_ALL, read

_TYPED = (
    st.text(max_size=60)
    | st.text("0123456789ABCXZ -./ОО٠１Ⅷ²", max_size=30)
    | st.sampled_from([typed for _, _, typed in read(FINDS_ALL + FINDS_NEARLY_ALL)])
)
FREE = (
    *(Kind.LEGAL_NAME, Kind.LEGAL_ADDRESS, Kind.CERTIFICATE_NUMBER, Kind.CERTIFICATE_DATE),
    *(Kind.BANK, Kind.BANK_ADDRESS, Kind.REGISTRATION),
)
_COUNTRIES = st.sampled_from([*countries(), "RU", "ZW", "", "ru", "??"])


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(list(Kind)), _TYPED, _COUNTRIES, st.sampled_from(["", "044525225", "x"]))
def test_nothing_that_is_typed_is_refused_or_read_in_two_ways(kind: Kind, typed: str, country: str, bik: str) -> None:
    once = check(kind, typed, country=country, bik=bik)
    again = check(kind, once.compact, country=country, bik=bik)

    assert once == again
    assert "\n" not in once.warning and (not once.warning or once.warning.endswith("."))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Kind)), st.text("0123456789", min_size=1, max_size=30), _COUNTRIES)
def test_digits_of_another_script_are_the_same_number(kind: Kind, digits: str, country: str) -> None:
    arabic = digits.translate({ord("0") + value: 0x660 + value for value in range(10)})
    wide = digits.translate({ord("0") + value: 0xFF10 + value for value in range(10)})
    is_free_text = check(kind, "1-2", country=country).compact == "1-2"

    assert is_free_text or check(kind, arabic, country=country) == check(kind, digits, country=country)
    assert is_free_text or check(kind, wide, country=country) == check(kind, digits, country=country)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u00a0", "--"])
def test_nothing_typed_is_nothing_wrong(kind: Kind, typed: str) -> None:
    assert check(kind, typed, country="RU").warning == ""
    assert check(kind, typed, country="DE").warning == ""
    assert kind in (*RUSSIAN_NUMBERS, *FREE) or check(kind, typed, country="DE").compact == ""
    assert kind not in RUSSIAN_NUMBERS or check(kind, typed, country="RU").compact == ""


def test_a_huge_text_is_told_to_be_too_long_quickly() -> None:
    assert check("inn", "7" * 100_000, country="RU").warning == "It is too long for a number: 100000 characters."
    assert check("iban", "7" * 100_000, country="").warning.startswith("It is too long")


def test_the_name_of_the_number_may_be_copied_along() -> None:
    assert check("inn", "ИНН 7707083893", country="RU").compact == "7707083893"
    assert check("inn", "INN: 7707 083 893", country="RU").compact == "7707083893"
    assert check("bik", "БИК № 044525225", country="RU").compact == "044525225"
    assert check("bic", "SWIFT: DEUTDEFF", country="DE").compact == "DEUTDEFF"


def test_capitals_are_made_of_latin_letters_only() -> None:
    assert check("vat", "atu13585627", country="AT").compact == "ATU13585627"
    assert check("bic", "deutdeff\u0131\u017f", country="DE").compact == "DEUTDEFF\u0131\u017f"


def test_names_and_dates_are_free_text() -> None:
    assert check("legal_name", "  Wind   & Sons ", country="RU").compact == "Wind & Sons"
    assert check("certificate_date", "2004-02-29", country="RU").compact == "2004-02-29"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="okved"):
        check("okved", "1", country="RU", contractor_type=ContractorType.LEGAL_ENTITY)
