"""A store in this process (`fake_shop`), the pretend store beside it (`store`), and a linked customer of acme."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database

from accounts.kinds import Actor, ActorKind
from accounts.models import Tenant
from customers.models import Customer
from demo.store.serving import StoreHandle, start
from integrations.models import Connection, StoreCustomer
from integrations.registry import KINDS
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations import fake_store
from tests.integrations.fake_store import FakeAdapter, FakeShop

SHOP = "acme-demo.myshopify.com"
ANA = "7301000000001"  # of the pretend store's seeds
AGENT = Actor(ActorKind.AGENT, 1, "Ada")


@pytest.fixture
def fake_shop(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[FakeShop]:
    """A shop called fake.example with one customer, 1001, without a note."""
    monkeypatch.setitem(KINDS, "fake", fake_store.PATH)
    monkeypatch.setattr(FakeAdapter, "depth", len(database.savepoint_ids))
    shop = fake_store.SHOPS["fake.example"] = FakeShop()
    shop.add("1001")
    yield shop
    fake_store.SHOPS.clear()


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    return make_customer("Ana", "Lopes")


@pytest.fixture
def fake_connection(fake_shop: FakeShop, in_acme: Tenant) -> Connection:
    """Connected to the fake shop, with synchronizing on."""
    return make_connection("fake.example", kind="fake", name="Fake shop", sync_notes=True)


@pytest.fixture
def link(fake_connection: Connection, ana: Customer) -> StoreCustomer:
    """Ana is the fake shop's customer 1001; both notes are empty and agreed upon."""
    return make_link(fake_connection, ana, display_name="Ana L.", base_text="", note_state="in_sync")


@pytest.fixture(scope="session")
def store_process() -> Iterator[StoreHandle]:
    with start() as running:
        yield running


@pytest.fixture
def store(store_process: StoreHandle, settings: Any) -> StoreHandle:
    """The pretend store, fresh, where our adapter finds it."""
    store_process.reset()
    settings.SHOPIFY_BASE_URL = store_process.base_url
    return store_process
