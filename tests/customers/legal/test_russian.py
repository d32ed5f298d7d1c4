"""Russian numbers: known ones are right, and their check digits are counted here once more, in another way."""

import random

import pytest

from customers.legal.checking import check
from customers.legal.kinds import ContractorType
from tests.customers.legal.changing import one_digit_changed

INNS = """
7707083893 7736050003 7736207543 7710140679 7702070139 7728168971 7708004767 7706107510 7712040126 7708503727
7724490000 7707329152 500100732259
""".split()
OGRNS = """
1027700132195 1027700070518 1027700229193 1027739642281 1027739609391 1027700067328 1027700035769 1027700043502
1027700092661 1037739877295 1197746000000
""".split()
# BIK, correspondent account or single treasury account, account at the bank.
ACCOUNTS = (
    ("044525225", "30101810400000000225", "40702810638050013199"),
    ("044525225", "30101810400000000225", "40817810938160925982"),
    ("044525974", "30101810145250000974", ""),
    ("044525187", "30101810700000000187", ""),
    ("044525593", "30101810200000000593", ""),
    ("044030653", "30101810500000000653", ""),
    ("046577674", "30101810500000000674", ""),
    ("004525988", "40102810545370000003", "03100643000000017300"),
    ("017003983", "40102810445370000059", "03100643000000018500"),
    ("014030106", "40102810945370000005", "03100643000000017200"),
)


def warning_of(kind: str, typed: str, bik: str = "", contractor_type: ContractorType | None = None) -> str:
    return check(kind, typed, country="RU", bik=bik, contractor_type=contractor_type).warning


@pytest.mark.parametrize("inn", INNS)
def test_a_known_inn_is_right_and_its_last_digit_is_the_only_one(inn: str) -> None:
    others = [inn[:-1] + digit for digit in "0123456789" if digit != inn[-1]]

    assert warning_of("inn", inn) == ""
    assert all(warning_of("inn", other) for other in others)


@pytest.mark.parametrize("ogrn", OGRNS)
def test_a_known_ogrn_is_right_and_its_last_digit_is_the_only_one(ogrn: str) -> None:
    others = [ogrn[:-1] + digit for digit in "0123456789" if digit != ogrn[-1]]

    assert warning_of("ogrn", ogrn) == ""
    assert {warning_of("ogrn", other) for other in others} == {"The last digit does not fit: check for a typing error."}


def test_an_ogrn_whose_remainder_is_ten_ends_with_zero() -> None:
    body = next(str(number) for number in range(102770000000, 102770000011) if number % 11 == 10)

    assert [digit for digit in "0123456789" if not warning_of("ogrn", body + digit)] == ["0"]


def test_an_ogrnip_whose_remainder_has_two_digits_ends_with_the_last_of_them() -> None:
    bodies = [f"3{number:013d}" for number in range(50_000_000_000, 50_000_000_200)]
    two_digits = [body for body in bodies if int(body) % 13 >= 10]

    assert warning_of("ogrnip", "304500116000157") == ""
    assert len(two_digits) > 30
    assert all(warning_of("ogrnip", body + str(int(body) % 13 - 10)) == "" for body in two_digits)
    assert all(warning_of("ogrnip", body + str(int(body) % 13 - 9)) for body in two_digits)


@pytest.mark.parametrize("okpo", ["00032537", "00040778"])
def test_a_known_okpo_is_right_and_nearly_every_changed_digit_of_it_is_found(okpo: str) -> None:
    missed = [other for other in one_digit_changed(okpo) if not warning_of("okpo", other)]

    assert warning_of("okpo", okpo) == ""
    assert len(missed) <= 1


def test_an_okpo_whose_first_remainder_is_ten_is_weighed_again() -> None:
    # 4 * 1 + 3 * 2 = 10; 4 * 3 + 3 * 4 = 24, which leaves 2.
    assert [digit for digit in "0123456789" if not warning_of("okpo", f"4300000{digit}")] == ["2"]
    # 6 * 1 + 5 * 3 = 21 and 6 * 3 + 5 * 5 = 43: both leave 10.
    assert [digit for digit in "0123456789" if not warning_of("okpo", f"6050000{digit}")] == ["0"]


def test_an_okpo_of_a_sole_trader_has_ten_digits_and_the_ninth_is_weighed_by_one_or_by_eleven_again() -> None:
    # The first eight digits weigh 1 and the ninth 9: 10. Again: 3 and either 1 or 11, which is nothing.
    assert {digit for digit in "0123456789" if not warning_of("okpo", f"100000001{digit}")} == {"3", "4"}
    assert {digit for digit in "0123456789" if not warning_of("okpo", f"200000000{digit}")} == {"2"}


@pytest.mark.parametrize(("bik", "corr_account", "bank_account"), ACCOUNTS)
def test_known_accounts_fit_their_bank_and_no_changed_digit_does(
    bik: str, corr_account: str, bank_account: str
) -> None:
    has_key = bank_account and bank_account[0] != "0"

    assert warning_of("bik", bik) == ""
    assert warning_of("corr_account", corr_account, bik) == ""
    assert all(warning_of("corr_account", other, bik) for other in one_digit_changed(corr_account))
    assert not bank_account or warning_of("bank_account", bank_account, bik) == ""
    assert not has_key or all(warning_of("bank_account", other, bik) for other in one_digit_changed(bank_account))


def test_an_account_at_the_bank_of_russia_is_keyed_by_its_region() -> None:
    fitting = [key for key in "0123456789" if not warning_of("bank_account", f"40204810{key}00000000001", "040173001")]
    elsewhere = [
        key for key in "0123456789" if not warning_of("bank_account", f"40204810{key}00000000001", "040173604")
    ]

    assert len(fitting) == 2
    assert len(elsewhere) == 1


@pytest.mark.parametrize("bik", ["", "04452522", "144525225", "no bank"])
def test_an_account_without_its_bank_is_checked_for_its_length_only(bik: str) -> None:
    assert warning_of("bank_account", "40702810138000000000", bik) == ""
    assert warning_of("corr_account", "30101810000000000000", bik) == ""
    assert warning_of("bank_account", "4070281013800000000", bik) == (
        "A settlement account has 20 digits, and this one has 19."
    )
    assert warning_of("corr_account", "40702810138000000000", bik) == "A correspondent account begins with 301."


def test_a_kpp_has_two_places_for_letters_and_a_region() -> None:
    assert warning_of("kpp", "7736 01 001") == ""
    assert warning_of("kpp", "7736AZ001") == ""
    assert warning_of("kpp", "003601001")
    assert warning_of("kpp", "77360100A")
    assert warning_of("kpp", "77360100") == "A KPP has 9 characters, and this one has 8."


def test_the_length_of_an_inn_follows_the_contractor() -> None:
    legal, sole = ContractorType.LEGAL_ENTITY, ContractorType.SOLE_TRADER

    assert warning_of("inn", "500100732259", contractor_type=sole) == ""
    assert warning_of("inn", "7707083893", contractor_type=legal) == ""
    assert warning_of("inn", "7707083893", contractor_type=sole) == (
        "The INN of a sole trader has 12 digits, and this one has 10."
    )
    assert warning_of("inn", "500100732259", contractor_type=legal).startswith("The INN of a legal entity has 10")
    assert warning_of("inn", "77070838931") == "An INN has 10 or 12 digits, and this one has 11."


@pytest.mark.parametrize(
    ("kind", "zeros"), [("inn", 10), ("ogrn", 13), ("okpo", 8), ("bik", 9), ("corr_account", 20), ("ogrnip", 15)]
)
def test_zeros_are_no_number(kind: str, zeros: int) -> None:
    assert warning_of(kind, "0" * zeros)


def test_a_wrong_beginning_is_told() -> None:
    assert warning_of("bik", "144525225") == "A Russian BIK begins with 04."
    assert warning_of("ogrn", "0027700132195") == "An OGRN does not begin with 0."
    assert warning_of("ogrnip", "104500116000151") == "An OGRNIP begins with 3."


def test_thousands_of_made_numbers_are_right_and_nearly_every_changed_digit_is_found() -> None:
    dice = random.Random(6)
    made = [("inn", _with_inn_digits(_digits(dice, length))) for length in (9, 10) for _ in range(150)]
    made += [("ogrn", (body := f"1{_digits(dice, 11)}") + str(int(body) % 11)[-1]) for _ in range(150)]
    made += [("ogrnip", (body := f"3{_digits(dice, 13)}") + str(int(body) % 13)[-1]) for _ in range(150)]

    missed = [not warning_of(kind, other) for kind, number in made for other in one_digit_changed(number)]

    assert [number for kind, number in made if warning_of(kind, number)] == []
    # What is missed has a remainder of ten or more, which is written as that of another number.
    assert sum(missed) / len(missed) < 0.02


def _digits(dice: random.Random, length: int) -> str:
    return str(dice.randint(1, 9)) + "".join(dice.choices("0123456789", k=length - 1))


def _with_inn_digits(body: str) -> str:
    """The weights of each digit are the end of one row."""
    row = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    for _ in range(1 if len(body) == 9 else 2):
        total = sum(int(digit) * weight for digit, weight in zip(reversed(body), reversed(row), strict=False))
        body += str(total % 11 % 10)
    return body
