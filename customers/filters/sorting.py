"""In which order a list comes: each order is an index of its own, read forward or backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.tenancy import TenantModel
from core.database.among import Gathered
from core.paging import Section
from customers.filters.customer_filter import CustomerFilter
from customers.filters.narrowing import Asking, all_asked, each_asked
from customers.models import Customer, CustomerTotals, Presence
from customers.models.customer import CustomerQuerySet


@dataclass(frozen=True)
class Sort:
    """`columns` are keyset columns. `partner` is the row they stand in, of `model`, when some have none: those come
    after the others, the newest first, in whichever direction.
    """

    label: str
    columns: tuple[str, ...]
    partner: str = ""
    model: type[TenantModel] | None = None


SORTS: Mapping[str, Sort] = {
    "registered": Sort("Registered", ("-number",)),
    "seen": Sort("Last seen", ("-presence_row__last_seen_at", "-presence_row__customer_id"), "presence_row", Presence),
    "name": Sort("Name", ("name_folded", "id")),
    "spent": Sort("Spent", ("-totals_row__spent", "-totals_row__customer_id"), "totals_row", CustomerTotals),
    "orders": Sort("Orders", ("-totals_row__orders", "-totals_row__customer_id"), "totals_row", CustomerTotals),
}
# Fields of a filter that nobody fits who has no row there.
DEMANDING = {
    "presence_row": ("seen_from", "seen_to"),
    "totals_row": ("orders_from", "spent_from"),
}


# Where the order stands in another table its index is walked along, and each customer met is asked, if among the first
# so many at least some fit: then a page is full soon. Else those who fit are read first, and sorted.
PROBED, DENSE = 2_000, 5

Narrowed = Callable[[Asking], CustomerQuerySet]


def sections_of(chosen: CustomerFilter, narrowed: Narrowed, *, as_whole: bool = False) -> list[Section[Customer]]:
    """The customers in the filter's order; with a small query to know how to ask, where that is another table's.

    `narrowed` makes the customers that fit, asked in a way. `as_whole` is for reading all of them.
    """
    sort = SORTS[chosen.sort.removeprefix("-")]
    columns = tuple(map(_turned, sort.columns)) if chosen.sort.startswith("-") else sort.columns
    if sort.model is None:
        return [Section(narrowed(all_asked if as_whole else each_asked), columns)]
    if chosen.is_narrow and (as_whole or not _is_dense(narrowed, sort, columns)):
        customers = Customer.objects.filter(Gathered("pk", narrowed(all_asked).values("pk")))
    else:
        customers = narrowed(each_asked)
    known = Section(customers.filter(**{f"{sort.partner}__isnull": False}).select_related(sort.partner), columns)
    # Not a join of which nothing is to be there: the planner does not see what that is.
    there = Exists(sort.model.objects.filter(customer=OuterRef("pk")))
    unknown = Section(customers.filter(~there), ("-number",))
    if sort.partner == "presence_row" and chosen.seen:
        return [known] if chosen.seen == "ever" else [unknown]
    return [known] if any(getattr(chosen, name) for name in DEMANDING[sort.partner]) else [known, unknown]


def _is_dense(narrowed: Narrowed, sort: Sort, columns: Sequence[str]) -> bool:
    """Whether some of the first in this order fit."""
    rows: Any = sort.model
    first = rows.objects.order_by(*(column.replace(f"{sort.partner}__", "") for column in columns))[:PROBED]
    met = narrowed(each_asked).filter(Gathered("pk", first.values("customer_id")))
    return met.values("pk")[:DENSE].count() == DENSE


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"
