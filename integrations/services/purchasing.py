"""Read what a customer bought: orders in work, all orders with what became of them, sums and popular categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.money import format_money
from core.steady import Place, Steady, read_steady
from customers.models import Customer
from events.models import Event
from integrations.kinds import OrderEvent
from integrations.models import Order, StoreCustomer
from integrations.services.collecting import STATUSES
from integrations.services.reading import OrderLine, Source, show_order, show_source
from integrations.services.tallying import Category, Sums, popular_categories, tally

WORK_SHOWN = 10
WORK_READ = 200  # among which those overdue are looked for: when an order is due stands in no column
PAGE_SIZE = 25


@dataclass(frozen=True)
class OpenOrders:
    """Orders in work, those overdue first; `has_more` than are shown."""

    orders: tuple[OrderLine, ...]
    has_more: bool


@dataclass(frozen=True)
class Change:
    """Something that happened to an order, in words; `at` is when it happened or when the store told us."""

    at: datetime
    said: str


@dataclass(frozen=True)
class PastOrder:
    """An order with what became of it, the oldest change first."""

    line: OrderLine
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class OrderList:
    """A page of a customer's orders, newest first. `has_store`: whether any store knows the customer."""

    orders: tuple[PastOrder, ...]
    page: Steady[Order]
    has_store: bool


@dataclass(frozen=True)
class MoneyLine:
    """The key indicators of one currency, for people (F18); no sums where the store keeps them to itself, no orders and
    no average where it counts the orders with another currency."""

    orders: int
    total: str
    average: str


@dataclass(frozen=True)
class Purchases:
    """What the orders of a customer come to, and which stores know them. `stored` is the stores' own count."""

    sources: tuple[Source, ...]

    lines: tuple[MoneyLine, ...]
    orders: int
    cancelled: int
    is_whole: bool
    stored: int
    categories: tuple[Category, ...]


def read_open_orders(*, customer: Customer, at: datetime) -> OpenOrders:
    """Those neither in *Cancel* nor in *Complete* (D20), in two queries; one where no store knows the customer."""
    links = _links(customer)
    if not links:
        return OpenOrders((), False)
    rows = Order.objects.of_links(*(link.pk for link in links)).in_work().newest_first()
    found = sorted(rows[:WORK_READ], key=lambda order: not order.is_overdue(at=at))
    shown = tuple(show_order(order, is_mixed=_is_mixed(links), at=at) for order in found[:WORK_SHOWN])
    return OpenOrders(shown, len(found) > WORK_SHOWN)


def read_orders(*, customer: Customer, place: Place, at: datetime) -> OrderList:
    """A page of all orders with their changes, in four queries; two where no store knows the customer."""
    links = _links(customer)
    rows = Order.objects.of_links(*(link.pk for link in links))
    page = read_steady(rows, order=("-placed_at", "-id"), place=place, size=PAGE_SIZE)
    told = _read_changes(customer, page.rows)
    is_mixed = _is_mixed(links)
    orders = [
        PastOrder(show_order(order, is_mixed=is_mixed, at=at), _changes(order, told.get(order.pk, ())))
        for order in page.rows
    ]
    return OrderList(tuple(orders), page, bool(links))


def read_purchases(*, customer: Customer) -> Purchases:
    """Sums and categories, in three queries; one where no store knows the customer."""
    links = _links(customer)
    counted = tally(links=links)
    return Purchases(
        sources=tuple(show_source(link) for link in links),
        lines=tuple(_show_sums(one) for one in counted.sums),
        orders=counted.orders,
        cancelled=counted.cancelled,
        is_whole=counted.is_whole,
        stored=sum(link.orders_count for link in links),
        categories=popular_categories(links=links),
    )


def _links(customer: Customer) -> list[StoreCustomer]:
    return list(StoreCustomer.objects.of_customer(customer.pk))


def _is_mixed(links: Sequence[StoreCustomer]) -> bool:
    return len({link.connection_id for link in links}) > 1


def _show_sums(sums: Sums) -> MoneyLine:
    if not sums.currency:
        return MoneyLine(sums.orders, "", "")
    average = format_money(sums.average, sums.currency) if sums.orders else ""
    return MoneyLine(sums.orders, format_money(sums.spent, sums.currency), average)


def _read_changes(customer: Customer, orders: Sequence[Order]) -> Mapping[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    if not orders:
        return found
    rows = Event.objects.for_customers(customer.all_ids).filter(type=OrderEvent.CHANGED.name)
    for event in rows.filter(subject_id__in=[order.pk for order in orders]).order_by("pk"):
        found.setdefault(event.subject_id, []).append(event)
    return found


def _changes(order: Order, events: Sequence[Event]) -> tuple[Change, ...]:
    """What the store dates itself stands at its own time, and is not said once more by the news of it."""
    dated = (("Placed", order.placed_at), ("Cancelled", order.cancelled_at), ("Closed", order.closed_at))
    changes = [Change(moment, word) for word, moment in dated if moment is not None]
    news = ((event.created_at, _said(event)) for event in events)
    changes += [Change(at, ", ".join(said).capitalize()) for at, said in news if said]
    return tuple(sorted(changes, key=lambda one: one.at))


def _said(event: Event) -> list[str]:
    changed = event.data["changed"]
    words = [changed[name][1].replace("_", " ") for name in STATUSES if name in changed and changed[name][1]]
    return [*words, "open again"] if changed.get("closed", ("", "closed"))[1] == "" else words
