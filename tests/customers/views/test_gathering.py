"""Admins export everything about one customer, after they were told what that is."""

from collections.abc import Callable

from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerExport

PAGE = "/acme/customers/1/"
GATHER = f"{PAGE}export/"


def test_asked_first_then_planned(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    assert f'href="{GATHER}"' in as_ada.get(PAGE).content.decode()
    assert "Internal notes of agents are in it too" in as_ada.get(GATHER).content.decode()
    with tenant_scope(acme):
        assert not CustomerExport.objects.exists()

    answer = as_ada.post(GATHER, follow=True)

    assert answer.redirect_chain[-1][0] == "/acme/customers/exports/"
    assert "Everything about" in answer.content.decode()
    with tenant_scope(acme):
        assert CustomerExport.objects.get().customer == ana


def test_agents_are_not_offered_it(as_bela: Client, ana: Customer) -> None:
    assert GATHER not in as_bela.get(PAGE).content.decode()
    assert as_bela.get(GATHER).status_code == 404
    assert as_bela.post(GATHER).status_code == 404


def test_gathering_is_nothing_to_cleo(ana: Customer, cleo_finds_nothing: Callable[..., None]) -> None:
    cleo_finds_nothing("/customers/1/export/")
    cleo_finds_nothing("/customers/1/export/", "post")
