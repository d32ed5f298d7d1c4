"""The tab of the customer's page that stores fill: orders with what became of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from customers.tabs import find_tab
from events.services.recording import record
from integrations.kinds import OrderEvent
from integrations.models import Order, StoreCustomer
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations.services.test_reading import make_order

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        return make_customer()


@pytest.fixture
def link(acme: Tenant, ana: Customer) -> StoreCustomer:
    with tenant_scope(acme):
        return make_link(make_connection(name="Acme"), ana)


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"/acme/customers/1/orders/{query}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def say(order: Order, at: datetime, **changed: list[str]) -> None:
    data = {"order": order.pk, "name": order.name, "changed": changed, "said": ""}
    actor = order.connection.as_actor()
    customer_id = order.store_customer.customer_id
    record(OrderEvent.CHANGED, subject=order, actor=actor, data=data, customer_id=customer_id, at=at)


def changes(page: str) -> list[str]:
    listed = re.search(r'aria-label="Changes of [^"]*">(.*?)</ol>', page, re.DOTALL)
    return re.findall(r"<li>(.*?) <time", listed[1]) if listed else []


def test_tab_is_for_every_agent_alone_or_as_a_page(ana: Customer, bela: Membership, sign_in: SignIn) -> None:
    client, tab = sign_in(bela), find_tab("orders")

    assert "<html" not in read(client)
    assert "<html" in client.get("/acme/customers/1/orders/").content.decode()
    assert tab and tab.url_name == "integrations:customer_orders"


def test_tab_is_a_404_for_another_workspace(ana: Customer, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    assert client.get("/acme/customers/1/orders/").status_code == 404
    assert client.get("/globex/customers/1/orders/").status_code == 404


def test_empty_tab_says_whether_a_store_knows_the_customer(
    ana: Customer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    before = read(client)
    with tenant_scope(acme):
        make_link(make_connection(), ana)

    assert "No connected store knows this customer" in before
    assert "who has not ordered there" in read(client)


def test_order_shows_its_main_changes_oldest_first(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        order = make_order(link, 1, cancelled_at=datetime(2026, 11, 9, tzinfo=UTC))
        say(order, datetime(2026, 11, 3, tzinfo=UTC), payment_status=["pending", "paid"])
        say(order, datetime(2026, 11, 4, tzinfo=UTC), fulfillment_status=["", "on_hold"], closed=["", "closed"])
        say(order, datetime(2026, 11, 5, tzinfo=UTC), closed=["closed", ""])
        say(order, datetime(2026, 11, 9, tzinfo=UTC), cancelled=["", "cancelled"])

    assert changes(read(sign_in(bela))) == ["Placed", "Paid", "On hold", "Open again", "Cancelled"]


def test_cancelled_and_complete_orders_stand_here_too_newest_first(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_order(link, 1, cancelled_at=datetime(2026, 11, 2, tzinfo=UTC))
        make_order(link, 3, payment_status="paid", fulfillment_status="fulfilled")
        make_order(link, 2)

    assert re.findall(r"order__name\">(#\d+)", read(sign_in(bela))) == ["#3", "#2", "#1"]


def test_pages_follow_each_other_and_stand_still(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        for number in range(1, 29):
            make_order(link, number)
    page = read(client)
    older = re.search(r'rel="next" href="[^"?]*(\?[^"]*)"', page)
    assert older is not None
    with tenant_scope(acme):
        make_order(link, 29)

    rest = read(client, older[1].replace("&amp;", "&"))

    assert re.findall(r"order__name\">(#\d+)", rest) == ["#3", "#2", "#1"]
    assert "1 new order" in rest


def test_tab_takes_the_same_queries_however_many_orders(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    def count() -> Any:
        read(client)  # fills what is cached for the process
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    with tenant_scope(acme):
        make_order(link, 1)
    few = count()
    with tenant_scope(acme):
        other = make_link(make_connection("other.myshopify.com"), link.customer)
        for number in range(2, 25):
            say(make_order(other, number), datetime(2026, 11, 3, tzinfo=UTC), payment_status=["", "paid"])

    assert count() == few
