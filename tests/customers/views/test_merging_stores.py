"""What stores have to say to a merge, as its page says it: what forbids it, what it costs, what becomes of a note."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.kinds import NoteSync
from customers.models import Customer, CustomerNote, Merge
from customers.services.noting import save_note
from integrations.models import Connection
from integrations.options import MERGES_ACROSS_STORES
from tests.customers.actors import ADA, NOON
from tests.customers.views.sending import read_form
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link

PAGE = "/acme/customers/1/merge/?other=2"
HINT = "The store&#x27;s own note becomes the one you keep"
WARNING = "Merged, their note is synchronized with neither store."


@pytest.fixture
def anna(acme: Tenant, ana: Customer) -> Customer:
    """Customer 2; both have notes."""
    with tenant_scope(acme):
        anna = make_customer("Anna", "Lopez")
        save_note(customer=ana, text="Pays by card.", based_on=0, actor=ADA, at=NOON)
        save_note(customer=anna, text="Rings twice.", based_on=0, actor=ADA, at=NOON)
        return anna


@pytest.fixture
def shop(acme: Tenant) -> Connection:
    with tenant_scope(acme):
        return make_connection(name="Acme Home")


@pytest.fixture
def in_two_stores(acme: Tenant, ana: Customer, anna: Customer, shop: Connection) -> None:
    with tenant_scope(acme):
        make_link(shop, ana, "1001", display_name="Ana L.", orders_count=3)
        outlet = make_connection("outlet.example", name="Acme Outlet")
        make_link(outlet, anna, "2001", display_name="Anna L.", orders_count=1)


def shown(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def confirmed(client: Client, **also: str) -> Any:
    return client.post(PAGE, {**read_form(client.get(PAGE).content.decode(), "merge"), "confirmed": "yes", **also})


def is_merged(acme: Tenant) -> bool:
    with tenant_scope(acme):
        return bool(Merge.objects.exists())


def say_sync(acme: Tenant, customer: Customer, *, limit: int) -> None:
    with tenant_scope(acme):
        note = CustomerNote.objects.filter(customer=customer)
        note.update(sync_state=NoteSync.IN_SYNC, text_limit=limit)


def test_note_of_a_store_says_that_the_store_gets_what_is_kept(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    assert HINT not in shown(as_bela).replace("'", "&#x27;")

    say_sync(acme, anna, limit=5000)

    page = shown(as_bela)
    assert HINT in page.replace("'", "&#x27;")
    assert "The store takes" not in page


@pytest.mark.parametrize(
    ("anas", "says"),
    [
        ("Pays by card.", "The store takes 20 characters: both together (40) are longer."),
        ("", "one of them is longer."),
    ],
)
def test_note_longer_than_the_store_takes_is_told_before(
    as_bela: Client, acme: Tenant, ana: Customer, anna: Customer, anas: str, says: str
) -> None:
    with tenant_scope(acme):
        save_note(customer=ana, text=anas, based_on=1, actor=ADA, at=NOON)
        save_note(customer=anna, text="Rings twice, then leaves.", based_on=1, actor=ADA, at=NOON)
    say_sync(acme, ana, limit=20)

    page = shown(as_bela)

    assert says in page
    assert "It would be kept whole here and not be sent to the store." in page


def test_two_customers_of_one_store_with_orders_each_stay_two(
    as_bela: Client, acme: Tenant, ana: Customer, anna: Customer, shop: Connection
) -> None:
    with tenant_scope(acme):
        make_link(shop, ana, "1001", display_name="Ana L.", orders_count=3)
        make_link(shop, anna, "1002", orders_count=1)

    page = shown(as_bela)

    assert (
        "Ana L. (3 orders) and customer 1002 (1 order) are two customers of Acme Home, each with orders there." in page
    )
    assert "Merge them in Acme Home first; once it says so, they can be merged here." in page
    assert re.search(r"<button[^>]*button--merge[^>]* disabled", page)
    assert confirmed(as_bela).status_code == 409
    assert not is_merged(acme)


def test_customers_of_two_stores_stay_two_until_an_admin_allows_it(
    as_bela: Client, acme: Tenant, in_two_stores: None
) -> None:
    page = shown(as_bela)

    assert "Ana L. (3 orders) has orders in Acme Home, Anna L. (1 order) in Acme Outlet." in page
    assert "An admin can allow it in the settings, under Customers." in page
    assert re.search(r"<button[^>]*button--merge[^>]* disabled", page)
    assert confirmed(as_bela, accepted="anything").status_code == 409
    assert not is_merged(acme)


def test_once_allowed_what_it_costs_must_be_accepted(as_bela: Client, acme: Tenant, in_two_stores: None) -> None:
    with tenant_scope(acme):
        write_settings(values={MERGES_ACROSS_STORES.key: True})

    page = shown(as_bela)
    said = re.search(rf'name="accepted" value="([^"]*{re.escape(WARNING)})" required', page)

    assert said
    assert not re.search(r"<button[^>]*button--merge[^>]* disabled", page)
    refused = confirmed(as_bela)
    assert refused.status_code == 409
    assert "Tick this, or leave them apart." in refused.content.decode()
    assert not is_merged(acme)
    confirmed(as_bela, accepted=said[1])
    assert is_merged(acme)
