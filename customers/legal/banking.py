"""IBAN and BIC: structure by country, and the IBAN's check digits."""

import re

import pycountry
from schwifty import registry
from schwifty.exceptions import InvalidChecksumDigits, InvalidLength, SchwiftyException
from schwifty.iban import IBAN

# SWIFT gives letters only to institutions, though ISO 9362 would allow digits.
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]+", re.ASCII)
_LONGEST_IBAN = 34
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
