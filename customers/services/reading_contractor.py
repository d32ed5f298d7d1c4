"""What the page shows of whom a contract names, and of their bank (F30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customers.addresses.countries import country_name
from customers.legal.checking import check
from customers.legal.fields import LegalField, fields_for
from customers.legal.kinds import ContractorType
from customers.models import Customer
from customers.services.saving_legal import Legal, read_legal
from customers.services.siting import site_of
from customers.services.wording_changes import show_plain


@dataclass(frozen=True)
class LegalFact:
    """`code` is that of its history; `warning` is a sentence, "" where nothing looks wrong."""

    code: str
    label: str
    value: str
    warning: str


@dataclass(frozen=True)
class Contractor:
    """A legal entity or a sole trader: `type` in words, and what is said of it; `country` is the name of the one by
    whose rules the numbers are read, "" where none is known.
    """

    type: str
    country: str
    details: tuple[LegalFact, ...]
    bank: tuple[LegalFact, ...]


def read_contractor(*, customer: Customer) -> Contractor | None:
    """None for a private individual, in one query; others take at most two more."""
    legal = read_legal(customer=customer)
    if legal.type is ContractorType.INDIVIDUAL:
        return None
    country = legal.country or site_of(customer=customer)
    said = [field for field in fields_for(country, legal.type) if getattr(legal, field.kind)]
    return Contractor(
        type=str(legal.type.label),
        country=country_name(country) if country else "",
        details=tuple(_fact(legal, field, country) for field in said if not field.is_bank),
        bank=tuple(_fact(legal, field, country) for field in said if field.is_bank),
    )


def _fact(legal: Legal, field: LegalField, country: str) -> LegalFact:
    value = getattr(legal, field.kind)
    if isinstance(value, date):
        return LegalFact(f"legal_{field.kind}", field.label, show_plain(value), "")
    warning = check(field.kind, value, country=country, bik=legal.bik, contractor_type=legal.type).warning
    return LegalFact(f"legal_{field.kind}", field.label, value, warning)
