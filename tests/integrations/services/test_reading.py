"""What the card and the store's page show."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Tenant
from core import clock
from customers.models import Customer, CustomerTotals
from integrations.models import Order
from integrations.services import reading
from tests.factories.integrations import make_connection, make_link


def make_order(link: Any, number: int, **fields: Any) -> Order:
    details = {
        "items": [{"title": "Mug", "variant": "Moss", "sku": "M", "quantity": 2, "price_minor": 1800, "image_url": ""}],
        "tracking": [{"company": "CTT", "number": "DA1", "url": ""}],
        "status_url": "",
        "admin_url": "https://shop.example/orders/1",
    }
    fields = {"placed_at": datetime(2026, 11, number, tzinfo=UTC), "total_minor": 3600, "currency": "EUR", **fields}
    fields = {"name": f"#{number}", "details": details, "remote_id": str(number), **fields}
    order: Order = Order.objects.create(connection=link.connection, store_customer=link, **fields)
    return order


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"orders": 1, "spent": 12650, "currency": "EUR"}, (1, ("€126.50",))),
        ({"orders": 2, "spent": 0, "currency": ""}, (2, ())),
        (None, (3, ("€0.00",))),
    ],
)
def test_card_counts_as_the_customers_page_does(
    ana: Customer, totals: dict[str, Any] | None, said: tuple[int, tuple[str, ...]]
) -> None:
    """A store's own sum has only what was paid, and cancelled orders are among its count."""
    make_link(make_connection(), ana, orders_count=3, spent=[{"minor": 0, "currency": "EUR"}])
    if totals:
        CustomerTotals.objects.create(customer=ana, **totals)

    side = reading.read_store_side(customer_id=ana.pk, at=clock.now())

    assert (side.orders_count, side.spent) == said


def test_card_shows_newest_orders_in_peoples_words(ana: Customer) -> None:
    link = make_link(make_connection(name="Acme"), ana, display_name="Ana L.", admin_url="https://shop.example/1")
    link.orders_count, link.spent = 3, [{"minor": 7200, "currency": "EUR"}, {"minor": 100, "currency": "JPY"}]
    link.save()
    make_order(link, 1)
    make_order(link, 2, payment_status="partially_paid", fulfillment_status="on_hold", cancelled_at=clock.now())

    side = reading.read_store_side(customer_id=ana.pk, at=clock.now())

    assert side.sources == (reading.Source("Acme", "Ana L.", "https://shop.example/1"),)
    assert (side.orders_count, side.spent) == (3, ("€72.00", "¥100"))
    newest, oldest = side.orders
    assert (newest.name, newest.payment_label, newest.fulfillment_label) == ("#2", "Partially paid", "On hold")
    assert (newest.is_cancelled, oldest.is_cancelled, newest.total, newest.store_label) == (True, False, "€36.00", "")
    assert (newest.items[0]["price"], newest.tracking[0]["number"]) == ("€18.00", "DA1")


@pytest.mark.parametrize(("links", "orders", "queries"), [(0, 0, 1), (1, 1, 2), (1, 3, 2), (3, 9, 2)])
def test_card_asks_the_same_number_of_queries(
    ana: Customer, links: int, orders: int, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(links):
        link = make_link(make_connection(f"shop-{number}.myshopify.com"), ana, str(number))
        for place in range(orders // links):
            make_order(link, place + 1)

    with django_assert_num_queries(queries):
        side = reading.read_store_side(customer_id=ana.pk, at=clock.now())

    assert (len(side.sources), len(side.orders)) == (links, orders)


def test_health_says_how_the_store_answers(in_acme: Tenant) -> None:
    connection = make_connection()
    seen = [reading.show_health(connection).state]
    connection.mark_ok(at=clock.now())
    seen.append(reading.show_health(connection).state)
    connection.mark_error(reason="HTTP 503", at=clock.now(), disables=False)
    seen.append(reading.show_health(connection).state)
    connection.mark_error(reason="revoked", at=clock.now(), disables=True)
    health = reading.show_health(connection)

    assert seen == ["off", "good", "trouble"]
    assert (health.state, health.label, health.detail) == ("off", "Disconnected", "revoked")
