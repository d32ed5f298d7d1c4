"""What is told of orders: the news of those we knew, dates and categories that pages show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from events.models import Event
from integrations.models import Order, StoreCustomer
from integrations.services.collecting import collect_orders
from integrations.types import OrderFacts
from tests.integrations.services.test_tallying import order


def collect(link: StoreCustomer, *orders: OrderFacts) -> list[tuple[str, str]]:
    """What is told of it."""
    known = set(Event.objects.values_list("pk", flat=True))
    collect_orders(link=link, orders=orders, at=clock.now())
    fresh = Event.objects.exclude(pk__in=known).order_by("pk")
    return [(event.type, event.data.get("said", event.data["name"])) for event in fresh]


def test_orders_from_before_we_knew_the_customer_are_no_news(link: StoreCustomer) -> None:
    assert collect(link, order(1), order(2)) == []
    assert Order.objects.count() == 2


def test_order_placed_since_is_told(link: StoreCustomer) -> None:
    fresh = replace(order(3), placed_at=link.created_at + timedelta(seconds=1))

    assert collect(link, order(1), fresh) == [("order.placed", "#3")]
    assert collect(link, order(1), fresh) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"payment_status": "partially_refunded"}, "partially refunded"),
        ({"payment_status": "refunded", "fulfillment_status": "on_hold"}, "refunded, on hold"),
        ({"cancelled_at": datetime(2026, 11, 2, tzinfo=UTC)}, "cancelled"),
        ({"closed_at": datetime(2026, 11, 2, tzinfo=UTC)}, "closed"),
        ({"payment_status": ""}, "not paid any more"),
    ],
)
def test_other_status_of_a_known_order_is_told_once(link: StoreCustomer, fields: dict[str, object], said: str) -> None:
    collect(link, order(1))
    changed = replace(order(1), **fields)  # type: ignore[arg-type]

    told = collect(link, changed)

    assert told == [("order.changed", said)]
    assert Event.objects.get(type="order.changed").customer_id == link.customer_id
    assert collect(link, changed) == []


def test_dates_and_categories_are_kept(link: StoreCustomer) -> None:
    due_at = clock.now() - timedelta(hours=1)

    collect(link, order(1, due_at=due_at))

    kept = Order.objects.get()
    assert (kept.due_at, kept.details["items"][0]["category"]) == (due_at, "Kitchen")
    assert kept.is_overdue(at=clock.now()) and not kept.is_overdue(at=due_at)
