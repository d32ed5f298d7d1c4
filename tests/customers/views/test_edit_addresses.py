"""Addresses and legal details in edit mode and on the page (F26, F30)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant, WorkspaceSetting
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerAddress, LegalDetails
from customers.services.saving_legal import Legal, save_legal
from tests.customers.actors import ADA
from tests.customers.views.sending import read_form

PAGE = "/acme/customers/1/"
URL = "/acme/customers/1/edit/"
NEW = "address-new0"


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    """The tests read what was saved; requests open a scope of their own."""
    with tenant_scope(acme):
        yield


def opened(client: Client) -> dict[str, list[str]]:
    return read_form(client.get(URL).content.decode(), "editing")


def save(client: Client, **typed: Any) -> str:
    """What a page answers that is not saved; "" for one that is."""
    answer = client.post(URL, {**opened(client), **typed})
    return "" if answer.status_code == 302 else answer.content.decode()


def test_address_on_one_line_is_saved_and_shown(as_ada: Client, ana: Customer) -> None:
    assert save(as_ada, **{f"{NEW}-text": "Rua Augusta 7\r\nLisboa"}) == ""

    assert CustomerAddress.objects.get().text == "Rua Augusta 7, Lisboa"
    page = as_ada.get(PAGE).content.decode()
    assert "Rua Augusta 7, Lisboa" in page
    assert "/acme/customers/1/history/?field=addresses" in page


def test_address_in_fields_is_saved_and_shown_as_its_country_writes_it(as_ada: Client, ana: Customer) -> None:
    typed = {"country": "Deutschland", "street": "Lange Str.", "house": "4", "city": "Berlin", "postal_code": "10115"}

    assert save(as_ada, **{f"{NEW}-{name}": value for name, value in typed.items()}) == ""

    row = CustomerAddress.objects.get()
    assert (row.country, row.street, row.is_main) == ("DE", "Lange Str.", True)
    assert "Lange Str. 4, 10115 Berlin, Germany" in as_ada.get(PAGE).content.decode()


def test_two_addresses_show_with_their_names(as_ada: Client, ana: Customer) -> None:
    save(as_ada, **{f"{NEW}-text": "Rua Augusta 7", f"{NEW}-name": "Home"})
    first = CustomerAddress.objects.get()

    save(as_ada, **{f"{NEW}-text": "Rua Garrett 1", f"{NEW}-name": "Office", "address-main": NEW})

    page = as_ada.get(PAGE).content.decode()
    assert page.index("Office") < page.index("Home")
    first.refresh_from_db()
    assert not first.is_main


def test_saving_something_else_leaves_addresses_alone(as_ada: Client, ana: Customer) -> None:
    CustomerAddress.objects.create(customer=ana, is_main=True, text="x", country="RU", city="Москва", metro="Арбат")
    LegalDetails.objects.create(customer=ana, contractor_type="legal_entity", tax="1", okpo="7", iban="XX")

    assert save(as_ada, location="Porto") == ""

    assert CustomerAddress.history.count() == LegalDetails.history.count() == 1
    old = {name: value for name, value in opened(as_ada).items() if not name.startswith(("address", "legal"))}
    assert as_ada.post(URL, {**old, "location": "Lisboa"}).status_code == 302
    assert CustomerAddress.history.count() == LegalDetails.history.count() == 1


def test_line_that_is_written_anew_is_the_address(as_ada: Client, ana: Customer) -> None:
    row = CustomerAddress.objects.create(
        customer=ana, is_main=True, text="Rua A 1, Porto", country="PT", street="Rua A", house="1", courier_notes="Ring"
    )
    save(as_ada, **{f"address-{row.pk}-text": "Rua B 2, Porto"})
    row.refresh_from_db()
    assert (row.text, row.street, row.house, row.country, row.courier_notes) == ("Rua B 2, Porto", "", "", "PT", "Ring")

    save(as_ada, **{f"address-{row.pk}-street": "Rua C", f"address-{row.pk}-city": "Porto"})
    row.refresh_from_db()
    assert (row.text, row.street, row.city) == ("", "Rua C", "Porto")


def test_removed_and_emptied_addresses_are_taken_off(as_ada: Client, ana: Customer) -> None:
    one = CustomerAddress.objects.create(customer=ana, is_main=True, text="Rua A")
    two = CustomerAddress.objects.create(customer=ana, text="Rua B")

    assert save(as_ada, **{f"address-{one.pk}-remove": "on", f"address-{two.pk}-text": " "}) == ""

    assert not CustomerAddress.objects.exists()


def test_what_is_wrong_is_said_and_what_looks_wrong_is_saved(as_ada: Client, ana: Customer) -> None:
    page = save(as_ada, **{f"{NEW}-country": "Nowhereland", f"{NEW}-text": "x"})
    assert "We know no country of this name" in page
    page = save(as_ada, **{f"{NEW}-name": "Home"})
    assert "Write the address too." in page

    assert save(as_ada, **{f"{NEW}-country": "PT", f"{NEW}-street": "Rua A", f"{NEW}-postal_code": "9"}) == ""
    assert "This is no Postal code of Portugal" in as_ada.get(URL).content.decode()


def test_two_who_write_one_field_of_an_address_are_told(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    row = CustomerAddress.objects.create(customer=ana, is_main=True, country="PT", street="Rua A", city="Porto")
    first, second = opened(as_ada), opened(as_bela)
    key = f"address-{row.pk}-street"
    assert as_ada.post(URL, {**first, key: "Rua B"}).status_code == 302

    refused = as_bela.post(URL, {**second, key: "Rua C", f"address-{row.pk}-city": "Lisboa"})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "A colleague wrote “Rua B” here meanwhile" in page
    row.refresh_from_db()
    assert (row.street, row.city) == ("Rua B", "Porto")
    assert as_bela.post(URL, read_form(page, "editing")).status_code == 302
    row.refresh_from_db()
    assert (row.street, row.city) == ("Rua C", "Lisboa")


def test_address_that_a_colleague_took_off_is_saved_anew_only_when_asked_again(
    as_ada: Client, as_bela: Client, ana: Customer
) -> None:
    row = CustomerAddress.objects.create(customer=ana, is_main=True, text="Rua A")
    second, key = opened(as_bela), f"address-{row.pk}"
    row.delete()

    page = as_bela.post(URL, {**second, f"{key}-text": "Rua B"}).content.decode()

    assert "A colleague took this off meanwhile" in page
    assert not CustomerAddress.objects.exists()
    assert as_bela.post(URL, read_form(page, "editing")).status_code == 302
    assert CustomerAddress.objects.get().text == "Rua B"


def test_form_of_addresses_and_country_are_the_workspaces(as_ada: Client, ana: Customer) -> None:
    assert opened(as_ada)[f"{NEW}-shape"] == ["short"]
    WorkspaceSetting.objects.create(key="customers.address_form", value="full")
    WorkspaceSetting.objects.create(key="customers.country", value="RU")

    sent = opened(as_ada)

    assert (sent[f"{NEW}-shape"], sent[f"{NEW}-country"]) == (["full"], ["Russia"])
    assert {f"{NEW}-housing", f"{NEW}-metro"} <= set(sent)
    assert save(as_ada, location="Porto") == ""
    assert not CustomerAddress.objects.exists()


def test_contractor_is_saved_and_shown_with_its_warnings(as_ada: Client, ana: Customer) -> None:
    CustomerAddress.objects.create(customer=ana, is_main=True, country="RU", text="Москва")
    assert "Bank details" not in as_ada.get(PAGE).content.decode()
    typed = {"contractor_type": "legal_entity", "legal_name": "ООО Ромашка", "inn": "7707 083894", "bik": "044525225"}

    assert save(as_ada, **{f"legal-{name}": value for name, value in typed.items()}) == ""

    page = as_ada.get(PAGE).content.decode()
    for words in ("Legal entity", "Russia", "ООО Ромашка", "7707083894", "legal__warning", "RCBIC (BIK)"):
        assert words in page, words
    assert "legal__warning" in as_ada.get(URL).content.decode()


def test_form_has_the_fields_of_both_contractors_of_the_country(as_ada: Client, ana: Customer) -> None:
    assert {"legal-tax", "legal-iban"} <= set(opened(as_ada))
    save(as_ada, **{"legal-contractor_type": "sole_trader", "legal-country": "Россия"})

    page = as_ada.get(URL).content.decode()

    assert {"legal-ogrn", "legal-ogrnip", "legal-kpp", "legal-certificate_date"} <= set(read_form(page, "editing"))
    assert "legal-iban" not in read_form(page, "editing")
    assert "legal__details--sole_trader" in page
    assert "Legal entity: 10 digits" not in page
    assert "12 digits" in page


def test_two_who_write_one_legal_detail_are_told(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    save(as_ada, **{"legal-contractor_type": "legal_entity", "legal-country": "PT"})
    first, second = opened(as_ada), opened(as_bela)
    as_ada.post(URL, {**first, "legal-bank": "Banco A"})

    page = as_bela.post(URL, {**second, "legal-bank": "Banco B", "location": "Porto"}).content.decode()

    assert "Ada wrote “Banco A” here meanwhile" in page
    ana.refresh_from_db()
    assert ana.location == ""
    assert as_bela.post(URL, read_form(page, "editing")).status_code == 302
    assert LegalDetails.objects.get().bank == "Banco B"


def test_many_addresses_ask_no_more_often(
    as_ada: Client, ana: Customer, cleo_finds_nothing: Callable[..., None]
) -> None:
    CustomerAddress.objects.create(customer=ana, is_main=True, text="Rua A")
    save_legal(customer=ana, legal=Legal("legal_entity", bank="Banco A"), actor=ADA)
    counts = []
    for _ in range(2):
        for url in (PAGE, URL):
            as_ada.get(url)
            with CaptureQueriesContext(connection) as queries:
                as_ada.get(url)
            counts.append(len(queries))
        CustomerAddress.objects.bulk_create(CustomerAddress(customer=ana, text=f"Rua {n}") for n in range(25))

    assert counts[:2] == counts[2:]
    assert "31 more kept" in as_ada.get(URL).content.decode()
    assert save(as_ada, location="Porto") == ""
    assert CustomerAddress.objects.count() == 51
    cleo_finds_nothing("/customers/1/edit/", "post", **{f"{NEW}-text": "Rua B"})
