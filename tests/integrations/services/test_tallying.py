"""Counting a customer's orders over all stores, and the counts that lists order by."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import Customer, CustomerTotals
from integrations.models import StoreCustomer
from integrations.services import linking, refreshing, tallying
from integrations.types import Money, OrderFacts, OrderItem
from tests.factories.customers import make_customer
from tests.factories.integrations import make_cause, make_connection, make_link
from tests.integrations.fake_store import FakeShop
from tests.integrations.services.test_reading import make_order


def order(number: int, minor: int = 1000, currency: str = "EUR", **fields: Any) -> OrderFacts:
    item = OrderItem("Mug", "", "M", 2, Money(minor, currency), "", "Kitchen")
    placed_at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number)
    facts: dict[str, Any] = {
        **dict.fromkeys(("updated_at", "cancelled_at", "closed_at")),
        **dict.fromkeys(("fulfillment_status", "status_url", "admin_url"), ""),
        **dict(payment_status="paid", items=(item,), tracking=(), **fields),
    }
    return OrderFacts(str(number), f"#{number}", placed_at, total=Money(minor, currency), **facts)


def totals(customer: Customer) -> tuple[int, int, str] | None:
    row = CustomerTotals.objects.filter(customer=customer).first()
    return (row.orders, row.spent, row.currency) if row else None


def refresh(link: StoreCustomer) -> None:
    link.refresh_from_db()
    refreshing.refresh_link(link=link, at=clock.now(), cause=None)


def test_refresh_writes_totals_without_cancelled_orders(fake_shop: FakeShop, link: StoreCustomer) -> None:
    fake_shop.add("1001", orders_count=3)
    fake_shop.orders = (order(1), order(2, 500), order(3, 900, cancelled_at=clock.now()))

    refresh(link)

    assert totals(link.customer) == (2, 1500, "EUR")


def test_next_refresh_follows_a_cancelling(fake_shop: FakeShop, link: StoreCustomer) -> None:
    fake_shop.add("1001", orders_count=1)
    fake_shop.orders = (order(1),)
    refresh(link)

    fake_shop.orders = (order(1, cancelled_at=clock.now()),)
    refresh(link)

    assert totals(link.customer) == (0, 0, "")


def test_money_is_that_of_the_currency_most_was_spent_in(fake_shop: FakeShop, link: StoreCustomer) -> None:
    fake_shop.add("1001", orders_count=2)
    fake_shop.orders = (order(1, 900, "JPY"), order(2, 2000, "EUR"), order(3, 100, "EUR"))

    refresh(link)

    assert totals(link.customer) == (3, 900, "JPY")


def test_store_with_more_orders_than_we_hold_is_believed(fake_shop: FakeShop, link: StoreCustomer) -> None:
    fake_shop.add("1001", orders_count=40, spent=(Money(77700, "EUR"),))
    fake_shop.orders = (order(1), order(2, cancelled_at=clock.now()))

    refresh(link)

    assert totals(link.customer) == (39, 77700, "EUR")


def test_customer_without_orders_has_no_row(fake_shop: FakeShop, link: StoreCustomer) -> None:
    refresh(link)

    assert totals(link.customer) is None


def test_unlinking_takes_the_stores_orders_away(ana: Customer, in_acme: Tenant) -> None:
    first, second = (make_link(make_connection(f"{name}.myshopify.com"), ana) for name in ("one", "two"))
    make_order(first, 1, total_minor=100)
    make_order(second, 2, total_minor=700)
    tallying.write_totals(customer_id=ana.pk)
    assert totals(ana) == (2, 800, "EUR")

    linking.unlink(link=second, actor=SYSTEM)

    assert totals(ana) == (1, 100, "EUR")


def test_merge_in_the_store_moves_orders_from_one_to_the_other(ana: Customer, in_acme: Tenant) -> None:
    connection, other = make_connection(), make_customer("Mia")
    gone, kept = make_link(connection, ana, "1"), make_link(connection, other, "2")
    make_order(gone, 1, total_minor=100)
    make_order(kept, 2, total_minor=700)
    for one in (ana, other):
        tallying.write_totals(customer_id=one.pk)

    linking.merge_links(connection=connection, kept_id="2", gone_id="1", cause=make_cause(connection))

    assert (totals(ana), totals(other)) == ((0, 0, ""), (2, 800, "EUR"))


def test_command_counts_every_workspace(ana: Customer, acme: Tenant, globex: Tenant) -> None:
    customers = [ana, *(make_customer(str(number)) for number in range(4))]
    for number, one in enumerate(customers):
        make_order(make_link(make_connection(f"{number}.myshopify.com"), one), 1, total_minor=100)
    after = tallying.write_all_totals(after=0, size=2)
    assert [totals(one) is not None for one in customers] == [True, True, False, False, False]
    assert tallying.write_all_totals(after=after, size=10) == 0
    assert all(totals(one) == (1, 100, "EUR") for one in customers)
    CustomerTotals.objects.all().delete()
    said = StringIO()

    call_command("count_orders", stdout=said)

    assert all(totals(one) == (1, 100, "EUR") for one in customers)
    assert said.getvalue() == "acme: counted\nglobex: counted\n"
    with pytest.raises(CommandError, match="No workspace is called nobody"):
        call_command("count_orders", workspace="nobody")


@pytest.mark.django_db(transaction=True)
def test_two_who_count_at_once_miss_nothing(acme: Tenant) -> None:
    """The first has counted and not committed when the second, who adds an order, begins to."""
    with tenant_scope(acme), transaction.atomic():
        ana = make_customer()
        links = [make_link(make_connection(f"{number}.myshopify.com"), ana) for number in range(2)]

    def add_second() -> None:
        with closing(database), tenant_scope(acme), transaction.atomic():
            make_order(links[1], 2, total_minor=700)
            tallying.write_totals(customer_id=ana.pk)

    with ThreadPoolExecutor() as pool, tenant_scope(acme):
        with transaction.atomic():
            make_order(links[0], 1, total_minor=100)
            tallying.write_totals(customer_id=ana.pk)
            second = pool.submit(add_second)
            _wait_for_a_lock()
        second.result(timeout=30)
        with transaction.atomic():
            counted = totals(ana)

    assert counted == (2, 800, "EUR")


def _wait_for_a_lock() -> None:
    """Until another session of ours waits for what this one holds."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with database.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
