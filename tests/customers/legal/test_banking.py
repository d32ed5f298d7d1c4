"""IBAN, BIC, and the three numeric fields outside Russia."""

import pytest

from customers.legal.checking import check
from tests.customers.legal.changing import one_digit_changed
from tests.customers.legal.right_numbers import IBANS


def warning_of(kind: str, typed: str, country: str = "") -> str:
    return check(kind, typed, country=country).warning


@pytest.mark.parametrize("iban", IBANS)
def test_a_country_s_iban_is_right_and_every_changed_digit_is_found(iban: str) -> None:
    in_fours = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))

    assert check("iban", f"IBAN: {in_fours.lower()}", country="PT") == check("iban", iban, country="")
    assert warning_of("iban", iban) == ""
    assert [other for other in one_digit_changed(iban) if not warning_of("iban", other)] == []


def test_an_iban_s_length_country_and_places_are_told() -> None:
    assert warning_of("iban", "DE8937040044053201300") == "An IBAN of DE has 22 characters, and this one has 21."
    assert warning_of("iban", "US89370400440532013000").startswith("No country with the letters US")
    assert warning_of("iban", "3704 0044 0532 0130 00").startswith("An IBAN is two letters")
    assert warning_of("iban", "DE8937O400440532013000").startswith("An IBAN of DE has letters and digits in other")
    assert warning_of("iban", "DE88370400440532013000").startswith("The check digits do not fit")
    assert warning_of("iban", "DЕ89370400440532013000").startswith("“Е” is not a Latin letter")


def test_check_digits_of_a_bank_inside_an_iban_are_not_doubted() -> None:
    # Right by the IBAN's own rule, with Spanish check digits that are not.
    bban = "21000418990200051332"
    digits = 98 - int(bban + "142800") % 97

    assert warning_of("iban", f"ES{digits:02d}{bban}") == ""


@pytest.mark.parametrize("bic", "DEUTDEFF DEUTDEFF500 BNPAFRPPXXX SABRRUMM UBSWCHZH80A PCBKXKPR INGBNL2A".split())
def test_a_bic_is_right(bic: str) -> None:
    assert check("bic", f" {bic[:4]} {bic[4:].lower()}", country="FR").compact == bic
    assert warning_of("bic", bic, "FR") == ""


@pytest.mark.parametrize(
    ("bic", "said"),
    [
        ("DEUTDEF", "A BIC has 8 or 11 characters, and this one has 7."),
        ("DEUTDEFF50", "A BIC has 8 or 11 characters, and this one has 10."),
        ("DEU1DEFF", "A BIC is six letters and two or five letters or digits, such as DEUTDEFF or DEUTDEFF500."),
        ("DEUTQQFF", "There is no country QQ, which the fifth and sixth letter say: check for a typing error."),
    ],
)
def test_a_wrong_bic_is_told(bic: str, said: str) -> None:
    assert warning_of("bic", bic) == said


@pytest.mark.parametrize("kind", ["bik", "corr_account", "bank_account"])
def test_three_fields_are_digits_in_every_other_country(kind: str) -> None:
    assert check(kind, "12 34-56.78", country="DE").compact == "12345678"
    assert warning_of(kind, "12 34-56.78", "DE") == ""
    assert warning_of(kind, "0", "") == ""
    assert warning_of(kind, "1234A", "DE") == "It has digits only."
    assert warning_of(kind, "1234", "RU")


@pytest.mark.parametrize(
    ("kind", "country", "number"), [("bik", "US", "021000021"), ("bank_account", "MX", "032180000118359719")]
)
def test_check_digits_of_american_banks_and_mexican_accounts_find_every_changed_digit(
    kind: str, country: str, number: str
) -> None:
    assert warning_of(kind, number, country) == ""
    assert [other for other in one_digit_changed(number) if not warning_of(kind, other, country)] == []


def test_a_banks_own_number_has_the_length_of_its_country() -> None:
    assert warning_of("bik", "10-20-30", "GB") == ""
    assert warning_of("bik", "10-20-3", "GB") == "It has 6 digits in this country, and this one has 5."
    assert warning_of("bik", "1234567", "ZW") == ""
