"""Which legal and bank details a contractor of a country has, in the order of the form, and how they are called."""

from dataclasses import dataclass, replace

from customers.legal.banking import has_iban
from customers.legal.kinds import RUSSIAN_NUMBERS, ContractorType, Kind
from customers.legal.numbering import schemes_of

_RUSSIA = "RU"


@dataclass(frozen=True)
class LegalField:
    """`hint` is how the number looks, "" for free text. `is_bank` stands under bank details. `is_usual` is False for
    what a country does not have itself, and a few of its firms have all the same: foreign firms with a Russian INN.
    """

    kind: Kind
    label: str
    hint: str = ""
    is_required: bool = False
    is_bank: bool = False
    is_usual: bool = True


_NAME = LegalField(Kind.LEGAL_NAME, "Full name", is_required=True)
_ADDRESS = LegalField(Kind.LEGAL_ADDRESS, "Legal address", is_required=True)
_CERTIFICATE = (
    LegalField(Kind.CERTIFICATE_NUMBER, "Certificate number"),
    LegalField(Kind.CERTIFICATE_DATE, "Certificate date"),
)
_RUSSIAN = {
    ContractorType.LEGAL_ENTITY: (
        _NAME,
        _ADDRESS,
        LegalField(Kind.INN, "INN", "10 digits", is_required=True),
        LegalField(Kind.OKPO, "OKPO", "8 digits"),
        LegalField(Kind.KPP, "KPP", "9 digits", is_required=True),
        LegalField(Kind.OGRN, "OGRN", "13 digits", is_required=True),
    ),
    ContractorType.SOLE_TRADER: (
        _NAME,
        _ADDRESS,
        LegalField(Kind.INN, "INN", "12 digits", is_required=True),
        LegalField(Kind.OKPO, "OKPO", "8 or 10 digits"),
        LegalField(Kind.OGRNIP, "OGRNIP", "15 digits", is_required=True),
        *_CERTIFICATE,
    ),
}
_RUSSIAN_BANK = (
    LegalField(Kind.BIK, "RCBIC (BIK)", "9 digits", is_bank=True),
    LegalField(Kind.BANK, "Bank", is_bank=True),
    LegalField(Kind.BANK_ADDRESS, "Bank address", is_bank=True),
    LegalField(Kind.CORR_ACCOUNT, "Correspondent account", "20 digits", is_bank=True),
    LegalField(Kind.BANK_ACCOUNT, "Settlement account", "20 digits", is_bank=True),
)
_IBAN = LegalField(Kind.IBAN, "IBAN", "two letters of the country and up to 32 characters", is_bank=True)
_BIC = LegalField(Kind.BIC, "BIC (SWIFT)", "8 or 11 characters", is_bank=True)
# What a bank's own number is called in the country.
_BANK_CODES = {
    **dict.fromkeys(("AT", "DE"), "Bank code (BLZ)"),
    **dict.fromkeys(("CH", "LI"), "Clearing number"),
    **dict.fromkeys(("GB", "GG", "IE", "IM", "JE"), "Sort code"),
    **dict.fromkeys(("KG", "TJ"), "BIK"),
    **dict.fromkeys(("UA", "UZ"), "MFO"),
    "AU": "BSB",
    "CA": "Transit number",
    "CN": "CNAPS code",
    "IN": "MICR code",
    "US": "Routing number (ABA)",
}
_DEFAULT_LABELS = {Kind.TAX: "Tax number", Kind.REGISTRATION: "Registration number"}


def fields_for(country: str, contractor_type: ContractorType) -> tuple[LegalField, ...]:
    """Legal details first, then bank details; none for a private individual. `country` is two letters, or ""."""
    country = country.strip().upper()
    if contractor_type is ContractorType.INDIVIDUAL:
        return ()
    if country == _RUSSIA:
        return (*_RUSSIAN[contractor_type], *_RUSSIAN_BANK, replace(_BIC, is_usual=False))
    certificate = _CERTIFICATE if contractor_type is ContractorType.SOLE_TRADER else ()
    return (
        _NAME,
        _ADDRESS,
        *_numbers(country, contractor_type),
        *certificate,
        *_foreign_bank(country),
        *_russian_numbers(contractor_type),
    )


def _numbers(country: str, contractor_type: ContractorType) -> list[LegalField]:
    """None is required: which of them a firm must have differs with its size and its trade."""
    fields: list[LegalField] = []
    for kind in (Kind.TAX, Kind.VAT, Kind.REGISTRATION):
        rows = [row for row in schemes_of(country, kind) if row.kind is kind and contractor_type in row.of]
        fields += [LegalField(kind, row.label, row.hint) for row in rows[:1]]
    return fields or [LegalField(kind, label) for kind, label in _DEFAULT_LABELS.items()]


def _foreign_bank(country: str) -> tuple[LegalField, ...]:
    iban = (_IBAN,) if not country or has_iban(country) else ()
    return (
        *iban,
        _BIC,
        LegalField(Kind.BIK, _BANK_CODES.get(country, "Bank code"), "digits only", is_bank=True),
        LegalField(Kind.BANK, "Bank", is_bank=True),
        LegalField(Kind.BANK_ADDRESS, "Bank address", is_bank=True),
        LegalField(Kind.CORR_ACCOUNT, "Correspondent account", "digits only", is_bank=True),
        LegalField(Kind.BANK_ACCOUNT, "Account number", "digits only", is_bank=True),
    )


def _russian_numbers(contractor_type: ContractorType) -> tuple[LegalField, ...]:
    """Free text outside Russia."""
    fields = (field for field in _RUSSIAN[contractor_type] if field.kind in RUSSIAN_NUMBERS)
    return tuple(
        replace(field, label=f"{field.label} (Russia)", hint="", is_required=False, is_usual=False) for field in fields
    )
