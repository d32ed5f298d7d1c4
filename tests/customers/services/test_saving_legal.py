"""Legal details are saved compact, field by field, with their history and the way back (F30, F31, F81)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Tenant, WorkspaceSetting
from customers.changes import Change, Narrowing
from customers.legal.kinds import ContractorType
from customers.models import Customer, CustomerAddress, LegalDetails
from customers.services import reverting
from customers.services.reading_contractor import read_contractor
from customers.services.recalling import read_history
from customers.services.saving_legal import Legal, LegalContested, read_legal, save_legal
from customers.services.siting import site_of
from events.models import Event
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_customer

FIRM = str(ContractorType.LEGAL_ENTITY)


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def told(customer: Customer, field: str = "legal") -> Sequence[Change]:
    return read_history(customer=customer, narrowing=Narrowing(field=field)).changes


def test_individual_has_no_row(customer: Customer) -> None:
    assert save_legal(customer=customer, legal=Legal(), actor=ADA, based_on=Legal()) == frozenset()
    assert not LegalDetails.objects.exists()
    assert read_contractor(customer=customer) is None


def test_numbers_are_stored_compact_right_or_wrong(customer: Customer) -> None:
    firm = Legal(FIRM, "RU", "ООО Ромашка", inn="77-07 083.893", kpp="7736 50001", bik="044 525 225")

    changed = save_legal(customer=customer, legal=firm, actor=ADA)

    assert changed == {
        "legal_contractor_type",
        "legal_country",
        "legal_legal_name",
        "legal_inn",
        "legal_kpp",
        "legal_bik",
    }
    kept = read_legal(customer=customer)
    assert (kept.inn, kept.kpp, kept.bik, kept.legal_name) == ("7707083893", "773650001", "044525225", "ООО Ромашка")
    assert sorted(Event.objects.get(type="customer.edited").data["fields"]) == sorted(changed)
    save_legal(customer=customer, legal=replace(kept, inn="7707083894"), actor=ADA)
    contractor = read_contractor(customer=customer)
    assert contractor
    assert (contractor.type, contractor.country) == ("Legal entity", "Russia")
    assert [bool(fact.warning) for fact in contractor.details if fact.code == "legal_inn"] == [True]


def test_country_is_that_of_delivery_else_of_the_workspace(customer: Customer) -> None:
    assert site_of(customer=customer) == ""
    WorkspaceSetting.objects.create(key="customers.country", value="pt")
    assert site_of(customer=customer) == "PT"
    CustomerAddress.objects.create(customer=customer, country="DE")
    CustomerAddress.objects.create(customer=customer, country="RU", is_main=True)

    save_legal(customer=customer, legal=Legal(FIRM, inn="77 07083893", kpp="7736-50001"), actor=ADA)

    assert site_of(customer=customer) == "RU"
    assert (read_legal(customer=customer).country, read_legal(customer=customer).inn) == ("", "7707083893")


def test_russian_numbers_are_text_elsewhere(customer: Customer) -> None:
    save_legal(customer=customer, legal=Legal(FIRM, "PT", inn="77 07083893", bank_account="12 34"), actor=ADA)

    assert (read_legal(customer=customer).inn, read_legal(customer=customer).bank_account) == ("77 07083893", "1234")


def test_two_who_write_different_fields_both_win(customer: Customer) -> None:
    save_legal(customer=customer, legal=Legal(FIRM, "PT", bank="Banco A"), actor=ADA, based_on=Legal())
    save_legal(customer=customer, legal=Legal(FIRM, legal_name="Acme Lda"), actor=BELA, based_on=Legal())

    assert read_legal(customer=customer) == Legal(FIRM, "PT", "Acme Lda", bank="Banco A")


def test_two_who_write_one_field_are_told_and_nothing_is_saved(customer: Customer) -> None:
    save_legal(customer=customer, legal=Legal(FIRM, bank="Banco A"), actor=ADA, based_on=Legal())

    with pytest.raises(LegalContested) as refused:
        save_legal(customer=customer, legal=Legal(FIRM, bank="Banco B", vat="1"), actor=BELA, based_on=Legal())

    assert refused.value.names == {"bank"}
    assert refused.value.who == {"bank": "Ada"}
    assert refused.value.theirs.bank == "Banco A"
    assert read_legal(customer=customer) == Legal(FIRM, bank="Banco A")


def test_history_tells_each_field_and_gives_it_back(customer: Customer) -> None:
    first = Legal(FIRM, "PT", bank="Banco A", certificate_date=date(2020, 5, 1))
    save_legal(customer=customer, legal=first, actor=ADA)
    save_legal(customer=customer, legal=replace(first, bank="Banco B"), actor=BELA)

    changes = told(customer)

    assert [(one.label, one.before, one.after, one.who) for one in changes] == [
        ("Bank", "Banco A", "Banco B", "Bela"),
        ("Contractor type", "Private individual", "Legal entity", "Ada"),
        ("Country of the contractor", "", "Portugal", "Ada"),
        ("Certificate date", "", "2020-05-01", "Ada"),
        ("Bank", "", "Banco A", "Ada"),
    ]
    assert [one.after for one in told(customer, "legal_bank")] == ["Banco B", "Banco A"]
    bank = changes[0]
    what = reverting.restore_value(customer=customer, place=bank.place, seen=bank.seen, actor=ADA, at=NOON)
    assert (what, read_legal(customer=customer).bank) == ("Bank", "Banco A")
    with pytest.raises(reverting.ChangedSince):
        reverting.restore_value(customer=customer, place=bank.place, seen=bank.seen, actor=ADA, at=NOON)
