"""Count a customer's orders and money over all stores (F18), and keep the counts where lists order by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from accounts.tenancy import active_tenant_id
from customers.models import CustomerTotals
from integrations.models import Order, StoreCustomer
from integrations.types import Money

CATEGORIES_SHOWN = 5
# Lines of all orders, cancelled ones too: what somebody ordered tells what they like.
POPULAR = """
SELECT item ->> 'category', sum((item ->> 'quantity')::integer), count(DISTINCT one.id)
FROM integrations_order one CROSS JOIN LATERAL jsonb_array_elements(one.details -> 'items') item
WHERE one.tenant_id = %(tenant)s AND one.store_customer_id = ANY(%(links)s) AND item ->> 'category' <> ''
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


@dataclass(frozen=True)
class Sums:
    """Orders in one currency, without cancelled ones (D26); money in its smallest unit."""

    currency: str
    orders: int
    spent: int

    @property
    def average(self) -> int:
        return round(self.spent / self.orders) if self.orders else 0


@dataclass(frozen=True)
class Tally:
    """`cancelled` are left out of the sums. `is_whole`: every order the stores count is held here; else count and sums
    are the stores' own."""

    sums: tuple[Sums, ...]
    cancelled: int
    is_whole: bool

    @property
    def orders(self) -> int:
        return sum(one.orders for one in self.sums)


@dataclass(frozen=True)
class Category:
    """A kind of product in the store's own word: how many pieces in how many orders."""

    name: str
    pieces: int
    orders: int


@dataclass(frozen=True)
class _Held:
    """The orders of a link in one currency that are held here."""

    currency: str
    orders: int
    cancelled: int
    spent: int


def tally(*, links: Sequence[StoreCustomer]) -> Tally:
    """Count over these links of a customer, in one query; none without links."""
    held = _read_held(links) if links else {}
    sums: dict[str, Sums] = {}
    for link in links:
        for one in _sums_of(link, held.get(link.pk, [])):
            known = sums.get(one.currency, Sums(one.currency, 0, 0))
            sums[one.currency] = Sums(one.currency, known.orders + one.orders, known.spent + one.spent)
    return Tally(
        sums=tuple(sums[currency] for currency in sorted(sums)),
        cancelled=sum(one.cancelled for several in held.values() for one in several),
        is_whole=all(_is_whole(link, held.get(link.pk, [])) for link in links),
    )


def popular_categories(*, links: Sequence[StoreCustomer]) -> tuple[Category, ...]:
    """What the customer orders most, the most first (F19); none where the stores tell no categories."""
    if not links:
        return ()
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "links": [link.pk for link in links],
        "most": CATEGORIES_SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(POPULAR, values)
        return tuple(Category(*row) for row in cursor.fetchall())


def write_totals(*, customer_id: int) -> None:
    """Count anew and keep it. Call it last in the transaction that changed links or orders.

    The row's lock is the last that anybody takes, so no two wait for each other; whoever waited counts after it has
    the lock, and so sees what the other has committed.
    """
    with transaction.atomic():
        row = _locked(customer_id)
        orders, spent = _totals(customer_id)
        if row is None:
            if not orders and not spent.minor:
                return
            CustomerTotals.objects.bulk_create([CustomerTotals(customer_id=customer_id)], ignore_conflicts=True)
            row = _locked(customer_id)
            orders, spent = _totals(customer_id)
        if row is not None:
            row.orders, row.spent, row.currency = orders, spent.minor, spent.currency
            row.save(update_fields=["orders", "spent", "currency"])


def write_all_totals(*, after: int, size: int) -> int:
    """The same for the next customers with a link; answers the id to go on after, 0 when all are done."""
    with transaction.atomic():
        rows = StoreCustomer.objects.filter(customer__gt=after).order_by("customer").values_list("customer", flat=True)
        ids = list(rows.distinct()[:size])
        for customer_id in ids:
            write_totals(customer_id=customer_id)
    return ids[-1] if len(ids) == size else 0


def _locked(customer_id: int) -> CustomerTotals | None:
    row: CustomerTotals | None = CustomerTotals.objects.select_for_update().filter(customer=customer_id).first()
    return row


def _totals(customer_id: int) -> tuple[int, Money]:
    """Orders of all currencies, and the money of that in which the customer spent most."""
    counted = tally(links=list(StoreCustomer.objects.filter(customer=customer_id)))
    most = max((Money(one.spent, one.currency) for one in counted.sums), key=lambda one: one.amount, default=None)
    return counted.orders, most or Money(0, "")


def _read_held(links: Sequence[StoreCustomer]) -> dict[int, list[_Held]]:
    kept = Q(cancelled_at=None)
    orders: Any = Order.objects.filter(store_customer__in=[link.pk for link in links])
    groups = orders.values_list("store_customer_id", "currency").annotate(
        held=Count("pk"), cancelled=Count("pk", filter=~kept), spent=Sum("total_minor", filter=kept, default=0)
    )
    found: dict[int, list[_Held]] = {}
    for link_id, currency, count, cancelled, spent in groups.order_by("store_customer_id", "currency"):
        found.setdefault(link_id, []).append(_Held(currency, count, cancelled, int(spent)))
    return found


def _is_whole(link: StoreCustomer, held: Sequence[_Held]) -> bool:
    return sum(one.orders for one in held) >= link.orders_count


def _sums_of(link: StoreCustomer, held: Sequence[_Held]) -> Iterator[Sums]:
    """Ours where we hold them all, else the store's own, less what we know to be cancelled."""
    if _is_whole(link, held):
        kept = [one for one in held if one.orders > one.cancelled]
        yield from (Sums(one.currency, one.orders - one.cancelled, one.spent) for one in kept)
        return
    count = link.orders_count - sum(one.cancelled for one in held)
    spent = [Money(one["minor"], one["currency"]) for one in link.spent]
    if not spent:
        spent = [Money(0, held[0].currency if held else "")]
    # A store counts its orders once, whatever the currency: they stand with the first.
    for place, money in enumerate(spent):
        yield Sums(money.currency, 0 if place else max(count, 0), money.minor)
