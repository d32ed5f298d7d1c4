"""Rules of numbers that python-stdnum lacks, or refuses more of than is wrong: each says which of the two.

They raise its exceptions. Where a check digit finds every single error, no list of offices or provinces is looked at:
lists grow old, and a right number must never be doubted.
"""

import re
from collections.abc import Iterable

from stdnum import ean, luhn
from stdnum.at import tin as austrian_tin
from stdnum.cn import uscc
from stdnum.cz import dic
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength
from stdnum.hu import anum
from stdnum.iso7064 import mod_11_10
from stdnum.jp import cn
from stdnum.nz import ird
from stdnum.pe import ruc

_KOREAN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_KAZAKH_WEIGHTS = (tuple(range(1, 12)), (*range(3, 12), 1, 2))
_BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INDIAN = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]{3}", re.ASCII)
_CHINESE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)
# The way of paying, and the office: counties, Budapest's three, those of large taxpayers.
_HUNGARIAN_END = re.compile(r"[1-5](?:0[2-9]|1\d|20|2[2-9]|3\d|4[0-4]|51)")
_CANADIAN_ACCOUNT = re.compile(r"R[A-Z]\d{4}", re.ASCII)


def check_korean_business(number: str) -> None:
    """KR, lacking: ten digits; the ninth is weighed by five and its tens are added."""
    _need_digits(number, (10,))
    weighed = sum(int(digit) * weight for digit, weight in zip(number, _KOREAN_WEIGHTS, strict=False))
    _need(str(-(weighed + int(number[8]) * 5 // 10) % 10) == number[9])


def check_kazakh(number: str) -> None:
    """KZ, lacking: BIN and IIN, twelve digits by eleven, with other weights where ten is left."""
    _need_digits(number, (12,))
    for weights in _KAZAKH_WEIGHTS:
        rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
        if rest < 10:
            break
    _need(str(rest) == number[11])


def check_italian_vat(number: str) -> None:
    """IT: the library refuses offices that are not in its list."""
    number = number.removeprefix("IT")
    _need_digits(number, (11,))
    luhn.validate(number)


def check_indian_gst(number: str) -> None:
    """IN: the library refuses states of its future, and the numbers of those who deduct tax (no Z before the last)."""
    if len(number) != 15:
        raise InvalidLength
    if not _INDIAN.fullmatch(number):
        raise InvalidFormat
    luhn.validate(number, _BASE_36)


def check_chinese(number: str) -> None:
    """CN: the library refuses letters in the first two places, which cooperatives, unions and the army have."""
    if len(number) != 18:
        raise InvalidLength
    if not _CHINESE.fullmatch(number):
        raise InvalidFormat
    _need(uscc.calc_check_digit(number) == number[17])


def check_japanese_invoice(number: str) -> None:
    """JP, lacking: T and the corporate number of a company, or T and thirteen digits of a person."""
    if number[:1] != "T":
        raise InvalidFormat
    cn.validate(number[1:])


def check_canadian(number: str) -> None:
    """CA: the library refuses program accounts other than four."""
    _need_digits(number[:9], (9,))
    luhn.validate(number[:9])
    if number[9:] and not _CANADIAN_ACCOUNT.fullmatch(number[9:]):
        raise InvalidFormat


def check_new_zealand_tax(number: str) -> None:
    """NZ: the library refuses numbers above those that were given some years ago."""
    _need_digits(number, (8, 9))
    _need(ird.calc_check_digit(number[:-1]) == number[-1])


def check_new_zealand_business(number: str) -> None:
    """NZ, lacking: the business number is a thirteen-digit article number that begins with 94."""
    _need_digits(number, (13,))
    if not number.startswith("94"):
        raise InvalidComponent
    ean.validate(number)


def check_peruvian(number: str) -> None:
    """PE: the library refuses the beginning of people without a document (16)."""
    _need_digits(number, (11,))
    if number[:2] not in ("10", "15", "16", "17", "20"):
        raise InvalidComponent
    _need(ruc.calc_check_digit(number) == number[-1])


def check_german_business(number: str) -> None:
    """DE, lacking: the number of a business since 2024: DE, nine digits like a VAT number's, five of the part."""
    if not number.startswith("DE"):
        raise InvalidFormat
    _need_digits(number[2:], (14,))
    mod_11_10.validate(number[2:11])


def check_austrian_tax(number: str) -> None:
    """AT: the library refuses offices that are not in its list."""
    _need_digits(number, (9,))
    _need(austrian_tin.calc_check_digit(number) == number[-1])


def check_czechoslovak_registration(number: str) -> None:
    """CZ and SK, lacking: the eight-digit IČO, from the time of one country."""
    _need_digits(number, (8,))
    _need(dic.calc_check_digit_legal(number[:7]) == number[7])


def check_hungarian_tax(number: str) -> None:
    """HU, lacking: the eight digits of the VAT number, one of the way of paying, two of the county."""
    _need_digits(number, (8, 11))
    anum.validate(number[:8])
    if number[8:] and not _HUNGARIAN_END.fullmatch(number[8:]):
        raise InvalidComponent


def _need(is_right: bool) -> None:
    if not is_right:
        raise InvalidChecksum


def _need_digits(number: str, lengths: Iterable[int]) -> None:
    """All zeros fit most check digits, and are what people type to get on."""
    if not (number.isascii() and number.isdigit() and number.strip("0")):
        raise InvalidFormat
    if len(number) not in lengths:
        raise InvalidLength
