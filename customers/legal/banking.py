"""IBAN and BIC by structure and check digits, and what banks and accounts are numbered by where there is none."""

import re

import pycountry
from schwifty import registry
from schwifty.exceptions import InvalidChecksumDigits, InvalidLength, SchwiftyException
from schwifty.iban import IBAN
from stdnum.exceptions import ValidationError
from stdnum.us import rtn

from customers.legal.kinds import Kind

# SWIFT gives letters only to institutions, though ISO 9362 would allow digits.
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]+", re.ASCII)
_LONGEST_IBAN = 34
# Digits of a bank's own number, by country; elsewhere they differ or nobody says.
_BANK_CODES = {
    "AT": (5,),
    **dict.fromkeys(("GB", "GG", "IE", "IM", "JE", "AU", "UA"), (6,)),
    "CA": (8, 9),
    "DE": (8,),
    **dict.fromkeys(("US", "IN", "TJ"), (9,)),
    "CN": (12,),
}
_CLABE_LENGTH = 18
_CLABE_WEIGHTS = (3, 7, 1) * 6
_KOSOVO = "XK"  # not in ISO 3166, but has BICs


def warn_of_iban(number: str) -> str:
    """The check digits of banks inside the account are not looked at: the IBAN's own find every single error."""
    if not _IBAN.fullmatch(number) or len(number) > _LONGEST_IBAN:
        return "An IBAN is two letters of the country, two check digits and the account, as in DE89370400440532013000."
    if not has_iban(number[:2]):
        return f"No country with the letters {number[:2]} uses IBANs: check for a typing error."
    try:
        IBAN(number)
    except InvalidChecksumDigits:
        return "The check digits do not fit: check for a typing error."
    except InvalidLength:
        length = registry.get_iban_spec(number[:2]).iban_length
        return f"An IBAN of {number[:2]} has {length} characters, and this one has {len(number)}."
    except SchwiftyException:
        return f"An IBAN of {number[:2]} has letters and digits in other places: check for a typing error."
    return ""


def has_iban(country: str) -> bool:
    """Whether the country's banks give IBANs; `country` is two letters."""
    try:
        registry.get_iban_spec(country)
    except SchwiftyException:
        return False
    return True


def warn_of_bic(number: str) -> str:
    """Letters of the institution and the country, then place and branch (3 or none). It has no check digit."""
    if len(number) not in (8, 11):
        return f"A BIC has 8 or 11 characters, and this one has {len(number)}."
    if not _BIC.fullmatch(number):
        return "A BIC is six letters and two or five letters or digits, such as DEUTDEFF or DEUTDEFF500."
    if number[4:6] != _KOSOVO and pycountry.countries.get(alpha_2=number[4:6]) is None:
        return f"There is no country {number[4:6]}, which the fifth and sixth letter say: check for a typing error."
    return ""


def warn_of_bank_number(kind: Kind, number: str, country: str) -> str:
    """The three numeric fields outside Russia: a bank's own number, and accounts where the country checks them."""
    if not (number.isascii() and number.isdigit()):
        return "It has digits only."
    lengths = _BANK_CODES.get(country, ()) if kind is Kind.BIK else ()
    if lengths and len(number) not in lengths:
        return f"It has {' or '.join(map(str, lengths))} digits in this country, and this one has {len(number)}."
    is_right = True
    if kind is Kind.BIK and country == "US":
        is_right = _is_routing_number(number)
    elif kind is Kind.BANK_ACCOUNT and country == "MX" and len(number) == _CLABE_LENGTH:
        is_right = _fits_clabe(number)
    return "" if is_right else "The check digit does not fit: check for a typing error."


def _is_routing_number(number: str) -> bool:
    try:
        rtn.validate(number)
    except ValidationError:
        return False
    return True


def _fits_clabe(number: str) -> bool:
    """Mexico's account number: each of 17 digits by its weight, the last digit of it counted, up to the next ten."""
    weighed = sum(int(digit) * weight % 10 for digit, weight in zip(number[:17], _CLABE_WEIGHTS, strict=False))
    return str(-weighed % 10) == number[17]
