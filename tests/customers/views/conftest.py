"""A customer of acme, and browsers of the three people."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Customer
from tests.customers.suggested import suggest
from tests.factories.customers import make_contact, make_customer


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        return make_customer()


@pytest.fixture
def as_ada(ada: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(ada)


@pytest.fixture
def as_bela(bela: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(bela)


@pytest.fixture
def as_cleo(cleo: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(cleo)


@pytest.fixture
def cleo_finds_nothing(as_cleo: Client) -> Callable[..., None]:
    """Asks for a URL of acme, and for the same one in globex, as somebody who belongs to globex only."""

    def ask(path: str, method: str = "get", **data: str) -> None:
        for workspace in ("acme", "globex"):
            response = getattr(as_cleo, method)(f"/{workspace}{path}", data)
            assert response.status_code == 404, (workspace, path)

    return ask


@pytest.fixture
def anna(ana: Customer, acme: Tenant) -> Customer:
    """Customer 2, who may be Ana: they have a phone in common."""
    with tenant_scope(acme):
        anna = make_customer("Anna", "Lopez")
        for one in (ana, anna):
            make_contact(one, "+351912345678", ContactKind.PHONE)
        make_contact(anna, "anna@post.example")
        suggest(ana, anna)
        return anna
