"""Admins erase a customer after they wrote the number by hand."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import Customer

PAGE = "/acme/customers/1/"
ERASE = f"{PAGE}erase/"


@pytest.fixture
def ana_of(acme: Tenant) -> Callable[[], Customer]:
    def read() -> Customer:
        with tenant_scope(acme):
            return Customer.objects.get()

    return read


def test_asked_first_with_the_number_to_write(as_ada: Client, ana: Customer, ana_of: Callable[[], Customer]) -> None:
    assert f'href="{ERASE}"' in as_ada.get(PAGE).content.decode()
    assert "Write 1, the customer&#x27;s number" in as_ada.get(ERASE).content.decode()

    refused = as_ada.post(ERASE, {"number": "2"})

    assert refused.status_code == 422
    assert "This is not 1." in refused.content.decode()
    assert not ana_of().is_deleted


def test_right_number_erases(as_ada: Client, ana: Customer, ana_of: Callable[[], Customer]) -> None:
    page = as_ada.post(ERASE, {"number": " #1 "}, follow=True)

    assert page.redirect_chain[-1][0] == "/acme/customers/"
    assert "is being erased" in page.content.decode()
    assert ana_of().is_deleted


def test_page_of_an_erased_customer_says_so(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        Customer.objects.update(erased_at=clock.now(), deleted_at=clock.now())

    page = as_ada.get(PAGE).content.decode()

    assert "What was known of this customer was erased" in page
    assert f'action="{PAGE}restore/"' not in page
    assert ERASE not in page
    assert as_ada.get(ERASE)["Location"] == PAGE


@pytest.mark.parametrize("path", ["edit/", "note/", "notes/", "restore/", "delete/"])
def test_page_that_was_open_since_before_writes_nothing(as_ada: Client, ana: Customer, acme: Tenant, path: str) -> None:
    with tenant_scope(acme):
        Customer.objects.update(erased_at=clock.now(), deleted_at=clock.now())

    assert as_ada.post(f"{PAGE}{path}", {"first_name": "Ana", "text": "Ana", "html": "Ana"}).status_code == 404


def test_erasing_is_for_admins_of_the_workspace(
    as_bela: Client, ana: Customer, cleo_finds_nothing: Callable[..., None]
) -> None:
    assert ERASE not in as_bela.get(PAGE).content.decode()
    assert as_bela.get(ERASE).status_code == 404
    assert as_bela.post(ERASE, {"number": "1"}).status_code == 404
    cleo_finds_nothing("/customers/1/erase/")
    cleo_finds_nothing("/customers/1/erase/", "post", number="1")
