"""Edit mode: what is said of somebody, and by what name they go."""

from collections.abc import Callable

from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from tests.factories.customers import make_customer

EDIT = "/acme/customers/1/edit/"
DETAILS = {"first_name": "Ana", "last_name": "Lopes"}


def test_edit_changes_what_is_said(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    assert 'value="Lopes"' in as_ada.get(EDIT).content.decode()

    response = as_ada.post(EDIT, {**DETAILS, "last_name": "Reis", "is_vip": "on", "time_zone": "Europe/Lisbon"})

    assert response.headers["Location"] == "/acme/customers/1/"
    with tenant_scope(acme):
        ana.refresh_from_db()
    assert (ana.display_name, ana.is_vip, ana.time_zone) == ("Ana Reis", True, "Europe/Lisbon")


def test_edit_asks_for_a_first_name_only_when_names_were_touched(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_customer("", "", fallback_name="ana@post.example")

    assert as_ada.post(EDIT, {"location": "Porto"}).status_code == 302
    refused = as_ada.post(EDIT, {"last_name": "Lopes"})

    assert refused.status_code == 422
    assert "Write at least a first name." in refused.content.decode()


def test_edit_refuses_an_unknown_time_zone(as_ada: Client, ana: Customer) -> None:
    assert as_ada.post(EDIT, {**DETAILS, "time_zone": "Mars/Olympus"}).status_code == 422


def test_editing_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer, acme: Tenant) -> None:
    cleo_finds_nothing("/customers/1/edit/")
    cleo_finds_nothing("/customers/1/edit/", "post", **DETAILS)
