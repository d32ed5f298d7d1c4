"""What an agent waits for with customers: one's page and card, the list in each order and with each filter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.asking import Ask, measure
from bench.generating import LARGE
from bench.vocabulary import BUSIEST

SORTS = ("registered", "seen", "name", "spent", "orders")
# One for each index that a filter can use, and the custom fields of `staffing`.
FILTERS = {
    "": "",
    "women": "sex=female",
    "VIP": "mark=vip",
    "of a manager": "manager=5",
    "of a store": "store=1",
    "Portuguese": "language=pt",
    "with a tag": "tag=press",
    "size M": "f.size=m",
    "points 10 to 20": "f.points.from=10&f.points.to=20",
    "city Lisbon": "f.city=Lisbon",
}
PARTS = ("work", "totals", "all", "notes", "letters", "files", "orders")
ROUNDS = 20  # there are many pages


def run(customers: int = LARGE) -> dict[str, Any]:
    """A line for each page, in a workspace of so many customers."""
    return measure(customers, asks, rounds=ROUNDS)


def asks(slug: str, customers: int) -> list[Ask]:
    """The pages of a workspace of so many customers."""
    return list(_asks(slug, customers))


def _asks(slug: str, customers: int) -> Iterator[Ask]:
    for who, number in {"": customers // 2, "of the busiest customer": _busiest(slug)}.items():
        yield Ask(f"page {who}".strip(), f"/customers/{number}/")
        yield Ask(f"edit mode {who}".strip(), f"/customers/{number}/edit/")
        yield Ask(f"history {who}".strip(), f"/customers/{number}/history/")
        yield Ask(f"card in the side panel {who}".strip(), f"/sidebar/customers/{number}/")
        for part in PARTS:
            yield Ask(f"{part} {who}".strip(), f"/customers/{number}/{part}/", is_partial=True)
    for sort in SORTS:
        for words, query in FILTERS.items():
            yield Ask(f"list by {sort}, {words}".rstrip(", "), f"/customers/?{query}&sort={sort}")


def _busiest(slug: str) -> int:
    from django.db import transaction

    from accounts.models import Tenant
    from accounts.tenancy import tenant_scope
    from customers.models import Customer

    with tenant_scope(Tenant.objects.get(slug=slug)), transaction.atomic():
        return int(Customer.objects.filter(first_name=BUSIEST).values_list("number", flat=True).get())
