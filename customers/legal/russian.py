"""Russian legal and bank numbers: lengths, structure and check digits, each with one sentence about what is wrong.

Rules: tax service's INN and KPP (its XML schemas), state registers' OGRN and OGRNIP, statistics' OKPO (PR 50.1.024),
the Bank of Russia's accounts and its directory of participants.
"""

import re
from collections.abc import Callable, Sequence

from customers.legal.kinds import ContractorType, Kind

CHECK_DIGIT = "The last digit does not fit: check for a typing error."
CHECK_DIGITS = "The last two digits do not fit: check for a typing error."
_ZEROS = "It cannot be all zeros."

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, *_INN_11)
_INN_LENGTHS = {None: (10, 12), ContractorType.LEGAL_ENTITY: (10,), ContractorType.SOLE_TRADER: (12,)}
_INN_OWNERS = {ContractorType.LEGAL_ENTITY: "a legal entity", ContractorType.SOLE_TRADER: "a sole trader"}
# The first two digits are a region; the tax service's schema excludes 00.
_KPP = re.compile(r"(?!00)\d{4}[0-9A-Z]{2}\d{3}")
# 04: members of the Bank of Russia's system; 00, 01 and 02: treasuries and others who are served by it.
_BIK_BEGINNINGS = ("00", "01", "02", "04")
_ACCOUNT_WEIGHTS = (7, 1, 3) * 8
# Correspondent accounts, and the single treasury accounts that stand in their place.
_CORR_BEGINNINGS = ("301", "40102")
# Units of the Bank of Russia itself: their clients' accounts are keyed as correspondent ones are.
_BANK_OF_RUSSIA = ("000", "001", "002")
_BIK_LENGTH, _ACCOUNT_LENGTH = 9, 20


def warn_of_inn(number: str, contractor_type: ContractorType | None = None) -> str:
    """10 digits of an organization, 12 of a person; either where the contractor's type is not told."""
    lengths = _INN_LENGTHS.get(contractor_type, (10, 12))
    if fault := _fault_of_digits(number, "INN", (10, 12)):
        return fault
    if len(number) not in lengths and contractor_type in _INN_OWNERS:
        return f"The INN of {_INN_OWNERS[contractor_type]} has {lengths[0]} digits, and this one has {len(number)}."
    if len(number) == 10:
        return "" if number[9] == _inn_digit(number, _INN_10) else CHECK_DIGIT
    return "" if number[10:] == _inn_digit(number, _INN_11) + _inn_digit(number, _INN_12) else CHECK_DIGITS


def _inn_digit(number: str, weights: Sequence[int]) -> str:
    return str(_weigh(number, weights) % 11 % 10)


def warn_of_kpp(number: str) -> str:
    """4 digits of the tax office, 2 digits or Latin capitals of the reason, 3 digits. It has no check digit."""
    if len(number) != 9:
        return f"A KPP has 9 characters, and this one has {len(number)}."
    return "" if _KPP.fullmatch(number) else "It does not look like a KPP, which is 9 digits such as 773601001."


def warn_of_ogrn(number: str) -> str:
    """The remainder of the first 12 digits by 11; its last digit is the 13th. Organizations only."""
    if fault := _fault_of_digits(number, "OGRN", (13,)):
        return fault
    if number[0] == "0":
        return "An OGRN does not begin with 0."
    return "" if str(int(number[:12]) % 11)[-1] == number[12] else CHECK_DIGIT


def warn_of_ogrnip(number: str) -> str:
    """The remainder of the first 14 digits by 13; its last digit is the 15th. Sole traders only."""
    if fault := _fault_of_digits(number, "OGRNIP", (15,)):
        return fault
    if number[0] not in "34":
        return "An OGRNIP begins with 3."
    return "" if str(int(number[:14]) % 13)[-1] == number[14] else CHECK_DIGIT


def warn_of_okpo(number: str) -> str:
    """8 digits of an organization, 10 of a sole trader."""
    if fault := _fault_of_digits(number, "OKPO", (8, 10)):
        return fault
    return "" if number[-1] in _okpo_digits(number[:-1]) else CHECK_DIGIT


def _okpo_digits(digits: str) -> set[str]:
    """Weights 1, 2, 3, …, by 11; where 10 is left, once more with 3, 4, 5, …; 0 where it is left again.

    What follows the weight 10 is 1 in the standard and 11 in many programs that gave such numbers out: both are right.
    """
    places = range(len(digits))
    rest = _weigh(digits, [place + 1 for place in places]) % 11
    if rest < 10:
        return {str(rest)}
    return {str(_weigh(digits, weights) % 11 % 10) for weights in ((*range(3, 11), 1), (*range(3, 11), 11))}


def warn_of_bik(number: str) -> str:
    """It has no check digit."""
    if fault := _fault_of_digits(number, "BIK", (_BIK_LENGTH,)):
        return fault
    return "" if number.startswith(_BIK_BEGINNINGS) else "A Russian BIK begins with 04."


def warn_of_corr_account(number: str, bik: str = "") -> str:
    """The key is checked where a whole BIK is known: over 0, the BIK's fifth and sixth digit, and the account."""
    if fault := _fault_of_digits(number, "correspondent account", (_ACCOUNT_LENGTH,)):
        return fault
    if not number.startswith(_CORR_BEGINNINGS):
        return "A correspondent account begins with 301."
    if _is_whole(bik) and not _fits("0" + bik[4:6] + number):
        return "It does not fit the BIK: check both for a typing error."
    return ""


def warn_of_bank_account(number: str, bik: str = "") -> str:
    """The key is checked where a whole BIK is known: over the BIK's last three digits and the account."""
    if fault := _fault_of_digits(number, "settlement account", (_ACCOUNT_LENGTH,)):
        return fault
    # Accounts of a treasury begin with 0 and have no key.
    if not _is_whole(bik) or (number[0] == "0" and bik[:2] != "04"):
        return ""
    if _fits(bik[6:] + number) or (bik[6:] in _BANK_OF_RUSSIA and _fits("0" + bik[4:6] + number)):
        return ""
    return "It does not fit the BIK: check both for a typing error."


def _is_whole(bik: str) -> bool:
    return not warn_of_bik(bik)


def _fits(digits: str) -> bool:
    return _weigh(digits, _ACCOUNT_WEIGHTS) % 10 == 0


def _weigh(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _fault_of_digits(number: str, name: str, lengths: tuple[int, ...]) -> str:
    article = "An" if name[0] in "IO" else "A"
    if not (number.isascii() and number.isdigit()):
        return f"{article} {name} has digits only."
    if len(number) not in lengths:
        return f"{article} {name} has {' or '.join(map(str, lengths))} digits, and this one has {len(number)}."
    return "" if number.strip("0") else _ZEROS


RULES: dict[Kind, Callable[[str], str]] = {
    Kind.KPP: warn_of_kpp,
    Kind.OGRN: warn_of_ogrn,
    Kind.OGRNIP: warn_of_ogrnip,
    Kind.OKPO: warn_of_okpo,
    Kind.BIK: warn_of_bik,
}
ACCOUNT_RULES: dict[Kind, Callable[[str, str], str]] = {
    Kind.CORR_ACCOUNT: warn_of_corr_account,
    Kind.BANK_ACCOUNT: warn_of_bank_account,
}
