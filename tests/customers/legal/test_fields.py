"""Which legal and bank details each country's contractors have."""

import pycountry
import pytest

from customers.legal.fields import LegalField, fields_for
from customers.legal.kinds import ContractorType, Kind

LEGAL, SOLE = ContractorType.LEGAL_ENTITY, ContractorType.SOLE_TRADER
COUNTRIES = ["", *sorted(country.alpha_2 for country in pycountry.countries)]


def usual(country: str, contractor_type: ContractorType) -> dict[Kind, LegalField]:
    return {field.kind: field for field in fields_for(country, contractor_type) if field.is_usual}


@pytest.mark.parametrize("country", ["", "RU", "DE", "US"])
def test_a_private_individual_has_nothing_more(country: str) -> None:
    assert fields_for(country, ContractorType.INDIVIDUAL) == ()


def test_a_russian_legal_entity_has_its_numbers_and_its_bank() -> None:
    fields = usual("ru", LEGAL)

    assert list(fields) == [
        *("legal_name", "legal_address", "inn", "okpo", "kpp", "ogrn"),
        *("bik", "bank", "bank_address", "corr_account", "bank_account"),
    ]
    assert [kind for kind, field in fields.items() if field.is_required] == [
        *("legal_name", "legal_address", "inn", "kpp", "ogrn")
    ]
    assert next(kind for kind, field in fields.items() if field.is_bank) == Kind.BIK


def test_a_russian_sole_trader_has_a_certificate() -> None:
    fields = usual("RU", SOLE)

    assert list(fields)[2:7] == ["inn", "okpo", "ogrnip", "certificate_number", "certificate_date"]
    assert Kind.KPP not in fields and Kind.OGRN not in fields
    assert fields[Kind.INN].hint == "12 digits"


@pytest.mark.parametrize(
    ("country", "contractor_type", "labels"),
    [
        ("DE", LEGAL, {"tax": "Steuernummer", "vat": "USt-IdNr.", "registration": "Handelsregisternummer"}),
        ("FR", LEGAL, {"vat": "TVA number", "registration": "SIREN or SIRET"}),
        ("US", LEGAL, {"tax": "EIN", "registration": "State file number"}),
        ("US", SOLE, {"tax": "EIN or SSN", "registration": "State file number"}),
        ("BR", LEGAL, {"tax": "CNPJ", "registration": "Inscrição estadual"}),
        ("BR", SOLE, {"tax": "CPF", "registration": "Inscrição estadual"}),
        ("TR", LEGAL, {"tax": "VKN"}),
        ("TR", SOLE, {"tax": "TCKN"}),
        ("KZ", LEGAL, {"tax": "BIN"}),
        ("KZ", SOLE, {"tax": "IIN"}),
        ("JP", LEGAL, {"tax": "Corporate number", "vat": "Invoice registration number"}),
        ("ZW", LEGAL, {"tax": "Tax number", "registration": "Registration number"}),
    ],
)
def test_a_country_calls_its_numbers_its_own_way(
    country: str, contractor_type: ContractorType, labels: dict[str, str]
) -> None:
    fields = usual(country, contractor_type)

    assert {kind: field.label for kind, field in fields.items() if kind in ("tax", "vat", "registration")} == labels


@pytest.mark.parametrize("contractor_type", [LEGAL, SOLE])
def test_every_country_has_a_name_an_address_a_number_and_a_bank(contractor_type: ContractorType) -> None:
    bank = {Kind.BIK, Kind.BANK, Kind.BANK_ADDRESS, Kind.CORR_ACCOUNT, Kind.BANK_ACCOUNT}

    for country in COUNTRIES:
        fields = fields_for(country, contractor_type)
        required = [field.kind for field in fields if field.is_required]

        assert len({field.kind for field in fields}) == len(fields), country
        assert required[:2] == [Kind.LEGAL_NAME, Kind.LEGAL_ADDRESS], country
        assert {Kind.TAX, Kind.VAT, Kind.REGISTRATION, Kind.INN} & {field.kind for field in fields}, country
        assert bank <= {field.kind for field in fields if field.is_bank and field.is_usual}, country
        assert all(field.label for field in fields), country


def test_an_iban_is_asked_for_where_banks_give_one() -> None:
    assert Kind.IBAN in usual("PT", LEGAL)
    assert Kind.IBAN in usual("", LEGAL)
    assert Kind.IBAN not in usual("US", LEGAL)
    assert Kind.IBAN not in usual("RU", LEGAL)


def test_russian_numbers_of_a_foreign_firm_are_there_and_unusual() -> None:
    unusual = [field for field in fields_for("DE", LEGAL) if not field.is_usual]

    assert [field.kind for field in unusual] == ["inn", "okpo", "kpp", "ogrn"]
    assert unusual[0].label == "INN (Russia)"
    assert not any(field.is_required or field.hint for field in unusual)
