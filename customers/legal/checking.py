"""What is stored of a typed legal or bank detail, and what the person who typed it should look at again."""

import re

from customers.legal.banking import warn_of_bank_number, warn_of_bic, warn_of_iban
from customers.legal.compacting import compact_number, tidy_text
from customers.legal.kinds import RUSSIAN_NUMBERS, Checked, ContractorType, Kind
from customers.legal.numbering import has_form, labels_of, warn_of_number
from customers.legal.russian import ACCOUNT_RULES, RULES, warn_of_inn

_RUSSIA = "RU"
_COUNTRY_NUMBERS = frozenset([Kind.TAX, Kind.VAT, Kind.REGISTRATION])
_NUMERIC = frozenset([Kind.BIK, Kind.CORR_ACCOUNT, Kind.BANK_ACCOUNT])
_LONGEST_NUMBER = 40
_NUMBER_WORDS = r"(?:[\s.]*(?:ID|REG|NUMBER|NUM|NO|NR)\b)*"
# What people copy along with the number.
_NAMES_BEFORE = re.compile(
    r"\W*(?:INN|ИНН|KPP|КПП|OGRNIP|ОГРНИП|OGRN|ОГРН|OKPO|ОКПО|BIK|RCBIC|БИК|IBAN|BIC|SWIFT|VAT|TVA|IVA|P\.? ?IVA|MWST|"
    r"TIN|TAX|ABA|CLABE|NIP|NIF|CIF|SIRET|SIREN|[рк]/с(?:ч[её]т)?)\b(?:[\s.]*(?:ID|REG|NUMBER|NUM|NO|NR)\b)*[\s:№#.]+(?=\w)|"
    r"\W*(?:NR|NO|N[º°])[.:]\s*(?=\w)|[\s№#]+",
    re.IGNORECASE,
)


def check(
    kind: str, typed: str, *, country: str, bik: str = "", contractor_type: ContractorType | None = None
) -> Checked:
    """`country` is two letters, "" where it is not known. `bik` helps with Russian accounts, the contractor's type
    with the INN's length and with numbers that only people have. Never raises for what was typed; ValueError for an
    unknown kind.
    """
    kind, country = Kind(kind), country.strip().upper()
    compact = compact_number(_without_name(typed, country))
    if not _is_number(kind, compact, country):
        return Checked(tidy_text(typed))
    if not compact:
        return Checked("")
    if len(compact) > _LONGEST_NUMBER:
        return Checked(compact, f"It is too long for a number: {len(compact)} characters.")
    warning = _warn(kind, compact, country, compact_number(bik), contractor_type)
    return Checked(compact, (_warn_of_script(compact) or warning) if warning else "")


def _without_name(typed: str, country: str) -> str:
    """The number without what the country calls it: "CNPJ 33.000.167/0001-01"."""
    for label in labels_of(country):
        found = re.match(rf"\W*{re.escape(label)}{_NUMBER_WORDS}[\s:№#.]+(?=\w)", typed, re.IGNORECASE)
        if found:
            return typed[found.end() :]
    name = _NAMES_BEFORE.match(typed)
    return typed[name.end() :] if name else typed


def _is_number(kind: Kind, number: str, country: str) -> bool:
    """Everything else is free text, and so is every number whose form is not known."""
    if kind in RUSSIAN_NUMBERS:
        return country == _RUSSIA
    if kind in _COUNTRY_NUMBERS:
        return country == _RUSSIA or has_form(kind, number, country)
    return kind in _NUMERIC or kind in (Kind.IBAN, Kind.BIC)


def _warn(kind: Kind, number: str, country: str, bik: str, contractor_type: ContractorType | None) -> str:
    if kind is Kind.IBAN:
        return warn_of_iban(number)
    if kind is Kind.BIC:
        return warn_of_bic(number)
    if country == _RUSSIA:
        return _warn_of_russian(kind, number, bik, contractor_type)
    if kind in _NUMERIC:
        return warn_of_bank_number(kind, number, country)
    return warn_of_number(kind, number, country, contractor_type)


def _warn_of_russian(kind: Kind, number: str, bik: str, contractor_type: ContractorType | None) -> str:
    """The tax number of Russia is the INN; of its registers, either."""
    if kind in ACCOUNT_RULES:
        return ACCOUNT_RULES[kind](number, bik)
    if kind is Kind.REGISTRATION:
        kind = Kind.OGRNIP if len(number) == 15 else Kind.OGRN
    return RULES[kind](number) if kind in RULES else warn_of_inn(number, contractor_type)


def _warn_of_script(number: str) -> str:
    """A letter of another script is seen by nobody, and is what is wrong wherever there is one."""
    strange = next((letter for letter in number if not letter.isascii()), "")
    return f"“{strange}” is not a Latin letter or a digit here: type it again." if strange else ""
