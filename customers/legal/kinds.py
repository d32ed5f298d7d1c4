"""What a legal detail can be, and who can be contracted with."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class ContractorType(models.TextChoices):
    """F30. A private individual has no legal details."""

    INDIVIDUAL = "individual", "Private individual"
    LEGAL_ENTITY = "legal_entity", "Legal entity"
    SOLE_TRADER = "sole_trader", "Sole trader"


class Kind(StrEnum):
    """One legal or bank detail. TAX, VAT and REGISTRATION are named by each country in its own way."""

    LEGAL_NAME = "legal_name"
    LEGAL_ADDRESS = "legal_address"
    INN = "inn"
    KPP = "kpp"
    OGRN = "ogrn"
    OGRNIP = "ogrnip"
    OKPO = "okpo"
    TAX = "tax"
    VAT = "vat"
    REGISTRATION = "registration"
    CERTIFICATE_NUMBER = "certificate_number"
    CERTIFICATE_DATE = "certificate_date"
    BIK = "bik"
    BANK = "bank"
    BANK_ADDRESS = "bank_address"
    CORR_ACCOUNT = "corr_account"
    BANK_ACCOUNT = "bank_account"
    IBAN = "iban"
    BIC = "bic"


# Free text outside Russia.
RUSSIAN_NUMBERS = frozenset([Kind.INN, Kind.KPP, Kind.OGRN, Kind.OGRNIP, Kind.OKPO])


@dataclass(frozen=True)
class Checked:
    """What to store, and one sentence for the person who typed it: "" where nothing is wrong. Never blocks."""

    compact: str
    warning: str = ""
