"""Sums of orders and checkouts, and how the API and the webhooks write money."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from demo.store.records import LineItem, Order

WITHOUT_MINOR_UNITS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})


def in_api(amount: Decimal) -> str:
    """As GraphQL's Decimal: no trailing zeros, yet at least one digit after the point (`10.0`, `89.99`)."""
    text = f"{amount.normalize():f}"
    return text if "." in text else f"{text}.0"


def in_webhook(amount: Decimal, currency: str) -> str:
    """As a webhook body: always the minor digits of the currency (`10.00`, `1200`)."""
    return f"{amount.quantize(Decimal(1) if currency in WITHOUT_MINOR_UNITS else Decimal('0.01'))}"


def presented(amount: Decimal, order: Order) -> Decimal:
    """The amount in the currency the customer saw, rounded to that currency."""
    step = Decimal(1) if order.presentment_currency in WITHOUT_MINOR_UNITS else Decimal("0.01")
    return (amount * order.presentment_rate).quantize(step, ROUND_HALF_UP)


def total_of_items(items: Iterable[LineItem]) -> Decimal:
    """Price times quantity, before discounts."""
    return sum((item.price * item.quantity for item in items), Decimal(0))


def subtotal(order: Order) -> Decimal:
    """Items less discounts, before shipping."""
    return total_of_items(order.items) - order.discount


def total(order: Order) -> Decimal:
    """What was to be paid when the order was placed."""
    return subtotal(order) + order.shipping_price


def current_total(order: Order) -> Decimal:
    """What is left after refunds; a cancelled order that was never charged counts nothing."""
    if order.cancelled_at is not None and order.financial_status == "VOIDED":
        return Decimal(0)
    return total(order) - order.refunded
