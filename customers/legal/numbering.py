"""Looks for the schemes that a typed tax, VAT or registration number may follow, and says what is wrong with it."""

from collections.abc import Iterator
from functools import cache

from customers.legal.european_schemes import EUROPE
from customers.legal.kinds import ContractorType, Kind
from customers.legal.schemes import Fault, Scheme
from customers.legal.world_schemes import AFRICA_AND_OCEANIA, AMERICAS, ASIA

# Countries whose VAT numbers begin with the country in trade with others; the letters, where they are not ISO's.
_SAME_PREFIXES = "AT BE BG CH CY CZ DE DK EE ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
_VAT_PREFIXES = {code: code for code in _SAME_PREFIXES} | {"EL": "GR", "XI": "GB"}
_ONE_STOP_SHOP = Scheme("EU", Kind.VAT, "OSS number", "EU and 9 digits", ("eu.oss",))
_ONE_STOP_PREFIXES = ("EU", "IM")


def schemes_of(country: str, kind: Kind) -> tuple[Scheme, ...]:
    """Those of the kind. Where the country has none, its number for other purposes is asked for: many have only one."""
    rows = _by_country().get(country, ())
    if own := tuple(row for row in rows if row.kind is kind):
        return own
    ruled = tuple(row for row in rows if row.rules)
    return (tuple(row for row in ruled if row.kind is Kind.TAX) if kind is Kind.VAT else ()) or ruled


def has_form(kind: Kind, number: str, country: str) -> bool:
    """False where nothing is known of how such a number looks: then it is free text."""
    return any(row.rules for row in schemes_of(country, kind)) or (
        kind is Kind.VAT and bool(_of_another_country(number, country))
    )


def countries() -> tuple[str, ...]:
    """Those whose numbers are known, Russia aside."""
    return tuple(sorted(_by_country()))


@cache
def labels_of(country: str) -> tuple[str, ...]:
    """What the country calls its numbers, the longest first."""
    return tuple(sorted({row.label for row in _by_country().get(country, ())}, key=len, reverse=True))


@cache
def _by_country() -> dict[str, tuple[Scheme, ...]]:
    countries: dict[str, list[Scheme]] = {}
    for scheme in (*EUROPE, *AMERICAS, *ASIA, *AFRICA_AND_OCEANIA):
        countries.setdefault(scheme.country, []).append(scheme)
    return {country: tuple(rows) for country, rows in countries.items()}


def warn_of_number(kind: Kind, number: str, country: str, contractor_type: ContractorType | None) -> str:
    """Nothing where any scheme of the country fits, or none is known; a VAT number may be another country's."""
    rows = _asked(schemes_of(country, kind), contractor_type)
    found = [(row.fault_of(spelling), row, spelling) for spelling in _spellings(number, country) for row in rows]
    if kind is Kind.VAT:
        found += [(row.fault_of(number), row, number) for row in _of_another_country(number, country)]
    if not found or any(fault is Fault.NONE for fault, _, _ in found):
        return ""
    fault, row, spelling = max(found, key=lambda one: one[0])
    return row.sentence(fault, spelling)


def _asked(rows: tuple[Scheme, ...], contractor_type: ContractorType | None) -> tuple[Scheme, ...]:
    return tuple(row for row in rows if row.is_shared or contractor_type in row.of)


def _spellings(number: str, country: str) -> Iterator[str]:
    """As it is, and without the country's letters, which people put before any number."""
    yield number
    if country and number.startswith(country) and len(number) > len(country):
        yield number[len(country) :]


def _of_another_country(number: str, country: str) -> tuple[Scheme, ...]:
    """Firms are registered for VAT in several countries."""
    if number.startswith(_ONE_STOP_PREFIXES):
        return (_ONE_STOP_SHOP,)
    other = _VAT_PREFIXES.get(number[:2], country)
    return () if other == country else schemes_of(other, Kind.VAT)
