"""Read what pages show of stores: the store's side of the customer card, and a connection's health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from core.database.queries import Query
from core.money import format_money
from customers.kinds import NoteSync
from integrations.kinds import JobKind
from integrations.models import Connection, Order, StoreCustomer
from integrations.registry import adapter_class
from jobs.models import Job

# What the card shows at most, of all stores together.
ORDERS_SHOWN = 10

_LINKS = Query(
    lambda customer: StoreCustomer.objects.of_customer(customer).annotate(
        counted=F("customer__totals_row__orders"),
        counted_spent=F("customer__totals_row__spent"),
        counted_currency=F("customer__totals_row__currency"),
    )
)
_ORDERS = Query(lambda customer: Order.objects.of_customer(customer).newest_first()[:ORDERS_SHOWN])


@dataclass(frozen=True)
class Source:
    """A store that knows the customer (F38)."""

    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class OrderLine:
    """An order as the card shows it; `store_label` only where the orders of several stores stand together.

    `due_at` is when a parcel of it should arrive, where the store says.
    """

    id: int
    name: str
    placed_at: datetime
    total: str
    payment_label: str
    fulfillment_label: str
    is_cancelled: bool
    is_overdue: bool
    due_at: datetime | None
    items: Sequence[dict[str, Any]]
    tracking: Sequence[dict[str, str]]
    status_url: str
    admin_url: str
    store_label: str


@dataclass(frozen=True)
class StoreSide:
    """The store's side of a customer. Count and sums are as the customer's page has them, cancelled orders left out;
    of several currencies the stores' own, never summed across (D26).
    """

    sources: tuple[Source, ...]
    orders: tuple[OrderLine, ...]
    orders_count: int
    spent: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """`state` is good, trouble or off."""

    state: str
    label: str
    detail: str
    checked_at: datetime | None


@dataclass(frozen=True)
class ConnectionView:
    """A connection as its pages show it."""

    number: int
    name: str
    kind_label: str
    address: str
    sync_notes: bool
    is_answered: bool
    is_disabled: bool
    health: Health
    live_name: str


@dataclass(frozen=True)
class CountLine:
    """One line of numbers on a connection's page."""

    label: str
    value: str


def read_store_side(*, customer_id: int, at: datetime) -> StoreSide:
    """Sources, newest orders and totals, in two queries; one where no store knows the customer."""
    links = _LINKS.all(customer_id)
    if not links:
        return StoreSide((), (), 0, ())
    is_mixed = len({link.connection_id for link in links}) > 1
    orders = _ORDERS.all(customer_id)
    count, spent = _count(links)
    return StoreSide(
        sources=tuple(show_source(link) for link in links),
        orders=tuple(show_order(order, is_mixed=is_mixed, at=at) for order in orders),
        orders_count=count,
        spent=spent,
    )


def show_order(order: Order, *, is_mixed: bool, at: datetime) -> OrderLine:
    """The order as it stands at `at`, read with its connection; no query."""
    details = order.details
    return OrderLine(
        id=order.pk,
        name=order.name,
        placed_at=order.placed_at,
        total=format_money(order.total_minor, order.currency),
        payment_label=_words(order.payment_status),
        fulfillment_label=_words(order.fulfillment_status),
        is_cancelled=order.is_cancelled,
        is_overdue=order.is_overdue(at=at),
        due_at=order.due_at,
        items=[
            {**item, "price": format_money(item["price_minor"], order.currency)} for item in details.get("items", ())
        ],
        tracking=details.get("tracking", ()),
        status_url=details.get("status_url", ""),
        admin_url=details.get("admin_url", ""),
        store_label=order.connection.label if is_mixed else "",
    )


def show_source(link: StoreCustomer) -> Source:
    """The store behind a link, read with its connection; no query."""
    return Source(link.connection.label, link.label, link.admin_url)


def show_connection(connection: Connection) -> ConnectionView:
    """The connection without its secrets; no query."""
    return ConnectionView(
        number=connection.number,
        name=connection.label,
        kind_label=adapter_class(connection.kind).label,
        address=connection.shop,
        sync_notes=connection.syncs_notes,
        is_answered=connection.sync_notes is not None,
        is_disabled=connection.is_disabled,
        health=show_health(connection),
        live_name=connection.live_name,
    )


def show_health(connection: Connection) -> Health:
    """How the store answered when it was last called; no query."""
    if connection.is_disabled:
        detail = connection.last_error or "Connect it again."
        return Health("off", "Disconnected", detail, connection.disabled_at)
    if connection.last_error:
        return Health("trouble", "In trouble", connection.last_error, connection.last_error_at)
    if connection.last_ok_at is None:
        return Health("off", "Not tested yet", "", None)
    return Health("good", "Working", "", connection.last_ok_at)


def read_counts(*, connection: Connection) -> list[CountLine]:
    """Linked customers, how their notes stand, and how far unfinished work is; in two queries."""
    links = StoreCustomer.objects.of_connection(connection.pk)
    states = (NoteSync.IN_SYNC, NoteSync.PENDING, NoteSync.DIFFERS, NoteSync.BLOCKED, NoteSync.FAILED)
    counts = links.aggregate(
        total=Count("pk"), **{state.value: Count("pk", filter=Q(note_state=state)) for state in states}
    )
    lines = [CountLine("Linked customers", f"{counts['total']:,}")]
    lines += [CountLine(f"Notes: {state.label.lower()}", f"{counts[state]:,}") for state in states if counts[state]]
    return lines + [_show_job(job) for job in _unfinished_jobs(connection)]


def _count(links: Sequence[StoreCustomer]) -> tuple[int, tuple[str, ...]]:
    """Orders, and money by currency."""
    row: Any = links[0]
    if row.counted is None:
        return sum(link.orders_count for link in links), _sum_spent(links)
    if not row.counted_currency:
        return row.counted, ()
    is_one = {one["currency"] for link in links for one in link.spent} <= {row.counted_currency}
    return row.counted, (format_money(row.counted_spent, row.counted_currency),) if is_one else _sum_spent(links)


def _sum_spent(links: Sequence[StoreCustomer]) -> tuple[str, ...]:
    sums: dict[str, int] = {}
    for link in links:
        for one in link.spent:
            sums[one["currency"]] = sums.get(one["currency"], 0) + one["minor"]
    return tuple(format_money(minor, currency) for currency, minor in sorted(sums.items()))


def _words(status: str) -> str:
    """The store's own word, "partially_paid", for people."""
    return status.replace("_", " ").capitalize()


def _unfinished_jobs(connection: Connection) -> Sequence[Job]:
    jobs = Job.objects.filter(kind__in=JobKind.values, cursor__connection=connection.pk)
    return list(jobs.unfinished().order_by("pk"))


def _show_job(job: Job) -> CountLine:
    total = f" of {job.total:,}" if job.total else ""
    return CountLine(JobKind(job.kind).label, f"{job.done:,}{total}")
