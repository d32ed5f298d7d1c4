"""Tax, VAT and registration numbers of other countries."""

import pytest

from customers.legal.checking import check
from customers.legal.kinds import ContractorType
from tests.customers.legal.changing import one_digit_changed
from tests.customers.legal.right_numbers import FINDS_ALL, FINDS_NEARLY_ALL, WITHOUT_CHECK_DIGITS, read


def warning_of(kind: str, typed: str, country: str) -> str:
    return check(kind, typed, country=country).warning


@pytest.mark.parametrize(("country", "kind", "typed"), read(FINDS_ALL + FINDS_NEARLY_ALL + WITHOUT_CHECK_DIGITS))
def test_a_right_number_is_never_doubted_however_it_is_spaced(country: str, kind: str, typed: str) -> None:
    compact = check(kind, typed, country=country).compact
    spaced = "\u00a0".join(compact)

    assert warning_of(kind, typed, country) == ""
    assert check(kind, spaced, country=country) == check(kind, compact.lower(), country=country)
    assert warning_of(kind, compact, country.lower()) == ""
    assert not set(compact) & set(" .-/,")


@pytest.mark.parametrize(("country", "kind", "typed"), read(FINDS_ALL))
def test_every_changed_digit_is_found(country: str, kind: str, typed: str) -> None:
    compact = check(kind, typed, country=country).compact

    assert [other for other in one_digit_changed(compact) if not warning_of(kind, other, country)] == []


@pytest.mark.parametrize(("country", "kind", "typed"), read(FINDS_NEARLY_ALL))
def test_nearly_every_changed_digit_is_found(country: str, kind: str, typed: str) -> None:
    compact = check(kind, typed, country=country).compact
    found = [bool(warning_of(kind, other, country)) for other in one_digit_changed(compact)]

    # The least: a German business of which five places of fourteen have no check digit.
    assert sum(found) / len(found) >= 0.64


@pytest.mark.parametrize(("country", "kind", "typed"), read(WITHOUT_CHECK_DIGITS))
def test_a_number_without_check_digits_has_its_shape(country: str, kind: str, typed: str) -> None:
    compact = check(kind, typed, country=country).compact

    assert warning_of(kind, compact + "77", country)
    assert warning_of(kind, "?" + compact[1:], country)


def test_a_vat_number_may_have_or_lack_the_letters_of_its_country() -> None:
    assert check("vat", "DE136695976", country="DE").compact == "DE136695976"
    assert check("vat", "136695976", country="DE").compact == "136695976"
    assert warning_of("vat", "136695976", "DE") == ""
    assert warning_of("vat", "XI 980 7806 84", "GB") == ""
    assert warning_of("tax", "AU 53 004 085 616", "AU") == ""


def test_a_vat_number_of_another_country_is_checked_by_that_one() -> None:
    assert warning_of("vat", "DE136695976", "FR") == ""
    assert warning_of("vat", "DE136695976", "") == ""
    assert warning_of("vat", "DE136695976", "ZW") == ""
    assert warning_of("vat", "EU372022452", "US") == ""
    assert warning_of("vat", "DE136695978", "FR")
    assert warning_of("vat", "EL094259217", "")
    assert warning_of("vat", "EL094259216", "") == ""
    assert warning_of("vat", "DE136695978", "") == "The check digit does not fit: check for a typing error."


def test_a_country_with_one_number_is_asked_for_it_under_any_name() -> None:
    assert warning_of("vat", "33.000.167/0001-01", "BR") == ""
    assert warning_of("vat", "33.000.167/0001-02", "BR")
    assert warning_of("tax", "404 833 048", "FR") == ""
    assert warning_of("tax", "FR 83 404 833 048", "FR") == ""
    assert warning_of("tax", "404 833 049", "FR")
    assert warning_of("vat", "53 004 085 616", "AU") == ""
    assert warning_of("vat", "004 085 616", "AU")
    assert warning_of("tax", "2001234567", "AE")
    assert warning_of("vat", "7707083893", "RU") == ""
    assert warning_of("tax", "7707083894", "RU")
    assert warning_of("registration", "1027700132195", "RU") == ""
    assert warning_of("registration", "304500116000158", "RU")


def test_a_person_s_number_does_not_hide_a_wrong_firm_s_number() -> None:
    # As an EIN there is none that begins with 07; as a person's number it is possible.
    sole = check("tax", "07-1234567", country="US", contractor_type=ContractorType.SOLE_TRADER)

    assert warning_of("tax", "07-1234567", "US") == "There is no EIN like this: check for a typing error."
    assert sole.warning == ""


@pytest.mark.parametrize(
    ("country", "kind", "typed"),
    [
        ("DE", "registration", "HRB 12 345 B, Amtsgericht Kiel"),
        ("RO", "registration", "J40/8302/1992"),
        ("ZW", "vat", "no. 12-34.5"),
        ("", "tax", "whatever / they call it"),
    ],
)
def test_a_number_of_no_known_form_stays_as_it_was_typed(country: str, kind: str, typed: str) -> None:
    assert check(kind, f"  {typed} ", country=country).compact == typed
    assert warning_of(kind, typed, country) == ""


@pytest.mark.parametrize("kind", ["inn", "kpp", "ogrn", "ogrnip", "okpo"])
def test_russian_numbers_are_free_text_elsewhere(kind: str) -> None:
    assert check(kind, " not  known yet: 12-3 ", country="KZ") == check(kind, "not known yet: 12-3", country="")
    assert warning_of(kind, "not known yet: 12-3", "DE") == ""


def test_numbers_that_the_library_refuses_are_right() -> None:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    # An office that is not in its list, and a cooperative.
    assert warning_of("vat", "15844562221", "IT") == ""
    assert warning_of("tax", "N2440100MA4W6DLQ87", "CN") == ""
    # One who deducts tax, a person without a document, a program account for charities.
    assert len([last for last in letters if not warning_of("vat", f"27AAPFU0939F1D{last}", "IN")]) == 1
    assert len([last for last in letters if not warning_of("tax", f"1600000001{last}", "PE")]) == 1
    assert warning_of("tax", "123026635RR0001", "CA") == ""
    assert warning_of("tax", "123026635RR001", "CA")


def test_a_letter_before_a_number_is_part_of_it() -> None:
    assert warning_of("vat", "T7000012050002", "JP") == ""
    assert warning_of("vat", "X7000012050002", "JP")


@pytest.mark.parametrize(
    ("country", "kind", "typed", "said"),
    [
        ("DE", "vat", "DE13669597", "This has 10 characters; USt-IdNr. is DE and 9 digits."),
        ("PL", "tax", "12O4567890", "This does not look right: NIP is 10 digits."),
        ("PL", "tax", "1234567890", "The check digit does not fit: check for a typing error."),
        ("PL", "tax", "12О4567890", "“О” is not a Latin letter or a digit here: type it again."),
        ("AU", "tax", "5" * 60, "It is too long for a number: 60 characters."),
        ("IN", "tax", "ACUPA70", "This has 7 characters; PAN is 5 letters, 4 digits and a letter."),
        ("GH", "tax", "Q00Y00C0146", "This does not look right: TIN is 11 characters."),
        ("US", "tax", "07-1234567", "There is no EIN like this: check for a typing error."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(country: str, kind: str, typed: str, said: str) -> None:
    assert warning_of(kind, typed, country) == said


def test_a_number_of_a_north_american_s_tax_has_no_letter_that_looks_like_a_digit() -> None:
    assert check("tax", "94-24O4110", country="US").compact == "9424O4110"
    assert warning_of("tax", "94-24O4110", "US")


@pytest.mark.parametrize(
    ("country", "kind", "typed", "compact"),
    [
        ("BR", "tax", "CNPJ: 33.000.167/0001-01", "33000167000101"),
        ("AU", "tax", "ABN 53 004 085 616", "53004085616"),
        ("DE", "vat", "USt-IdNr. DE 136,695 976", "DE136695976"),
        ("IT", "vat", "P. IVA 00743110157", "00743110157"),
        ("NO", "vat", "NO 982 463 718 MVA", "NO982463718MVA"),
        ("PL", "tax", "NIP nr 526-025-02-74", "5260250274"),
        ("ES", "tax", "Nº: A28015865", "A28015865"),
    ],
)
def test_what_the_country_calls_a_number_is_left_off(country: str, kind: str, typed: str, compact: str) -> None:
    assert (check(kind, typed, country=country).compact, warning_of(kind, typed, country)) == (compact, "")
