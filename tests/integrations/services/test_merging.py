"""Customers of stores who are merged: what forbids it, and what becomes of links, orders and note."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.services.configuring import write_settings
from core import clock
from customers.kinds import NoteSync
from customers.merge_blockers import find_blockers
from customers.models import Customer, CustomerTotals, Merge
from customers.services import noting
from customers.services.merging.joining import Blocked, merge_customers
from customers.services.merging.parting import undo_merge
from events.models import Event, Reaction
from integrations.models import Connection, Order, StoreCustomer
from integrations.options import MERGES_ACROSS_STORES
from integrations.services import hearing, linking, refreshing, syncing, tallying
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_cause, make_connection, make_link
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import FakeShop


@pytest.fixture
def anna(ana: Customer) -> Customer:
    return make_customer("Anna", "Lopez")


@pytest.fixture
def other_store(fake_connection: Connection) -> Connection:
    return make_connection("second.example", kind="fake", name="Second shop")


def allow() -> None:
    write_settings(values={MERGES_ACROSS_STORES.key: True})


def merge(survivor: Customer, other: Customer, **chosen: Any) -> Merge:
    return merge_customers(survivor=survivor, other=other, chosen=chosen, actor=AGENT, at=clock.now())


def undo(merge: Merge) -> None:
    undo_merge(merge=merge, actor=AGENT, at=clock.now())


def make_order(link: StoreCustomer, remote_id: str = "1") -> Order:
    order: Order = Order.objects.create(
        connection=link.connection,
        store_customer=link,
        remote_id=remote_id,
        name=f"#{remote_id}",
        name_folded=f"#{remote_id}",
        placed_at=clock.now(),
        total_minor=1250,
        currency="EUR",
    )
    return order


def write(customer: Customer, text: str) -> None:
    version = noting.read_note(customer=customer).version
    noting.save_note(customer=customer, text=text, based_on=version, actor=AGENT, at=clock.now())


def test_two_customers_of_one_store_with_orders_each_are_not_merged(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    make_link(fake_connection, ana, "1001", display_name="Ana L.", orders_count=1)
    make_link(fake_connection, anna, "1002", orders_count=3)
    allow()

    with pytest.raises(Blocked) as refused:
        merge(ana, anna)

    [blocker] = refused.value.blockers
    assert blocker.why == (
        "Ana L. (1 order) and customer 1002 (3 orders) are two customers of Fake shop, each with orders there. "
        "Merge them in Fake shop first; once it says so, they can be merged here."
    )
    anna.refresh_from_db()
    assert not anna.is_merged


def test_once_the_store_has_merged_them_nothing_is_in_the_way(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    make_link(fake_connection, ana, "1001", orders_count=1)
    make_link(fake_connection, anna, "1002", orders_count=3)

    linking.merge_links(connection=fake_connection, kept_id="1001", gone_id="1002", cause=make_cause(fake_connection))

    assert find_blockers(ana, anna) == ()
    merge(ana, anna)


@pytest.mark.parametrize(("mine", "theirs"), [(0, 3), (3, 0), (0, 0)])
def test_when_only_one_has_bought_something_links_and_orders_move(
    fake_connection: Connection, ana: Customer, anna: Customer, mine: int, theirs: int
) -> None:
    make_link(fake_connection, ana, "1001", orders_count=mine)
    link = make_link(fake_connection, anna, "1002", orders_count=theirs)
    make_order(link)

    done = merge(ana, anna)

    assert StoreCustomer.objects.filter(customer=ana).count() == 2
    assert Order.objects.get().store_customer.customer_id == ana.pk
    undo(done)
    assert StoreCustomer.objects.get(customer=anna).remote_id == "1002"


def test_only_the_stores_own_count_says_who_has_bought_something(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    for one, remote_id in ((ana, "1001"), (anna, "1002")):
        make_order(make_link(fake_connection, one, remote_id, orders_count=0), remote_id)

    assert find_blockers(ana, anna) == ()


def test_customers_of_two_stores_are_merged_when_an_admin_allows_it(
    fake_connection: Connection, other_store: Connection, ana: Customer, anna: Customer
) -> None:
    make_link(fake_connection, ana, "1001", orders_count=1)
    make_link(other_store, anna, "7", orders_count=1)

    with pytest.raises(Blocked, match=r"in Fake shop, .* in Second shop\. An admin can allow it in the settings"):
        merge(ana, anna)
    allow()
    [warning] = find_blockers(ana, anna)
    merge(ana, anna)

    assert not warning.is_final
    assert "synchronized with neither store" in warning.why
    assert noting.read_note(customer=ana).sync_state == NoteSync.BLOCKED


def test_blockers_are_found_in_as_many_queries_however_many_links_there_are(
    fake_connection: Connection,
    other_store: Connection,
    ana: Customer,
    anna: Customer,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(5):
        make_link(fake_connection, ana, f"a{n}", orders_count=1)
        make_link(other_store, anna, f"b{n}", orders_count=1)

    with django_assert_max_num_queries(2):
        assert len(find_blockers(ana, anna)) == 25


def test_orders_are_counted_for_the_survivor_and_for_both_again(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    make_order(make_link(fake_connection, anna, "1002"))
    tallying.write_totals(customer_id=anna.pk)

    done = merge(ana, anna)

    assert _totals(ana) == (1, 1250)
    undo(done)
    assert (_totals(ana), _totals(anna)) == ((0, 0), (1, 1250))


def _totals(customer: Customer) -> tuple[int, int]:
    row = CustomerTotals.objects.get(customer=customer)
    return row.orders, row.spent


def test_the_merged_note_goes_to_the_store_and_back_again(
    fake_connection: Connection, fake_shop: FakeShop, ana: Customer, anna: Customer
) -> None:
    fake_shop.add("1001", note="Theirs")
    make_link(fake_connection, anna, "1001", base_text="Theirs", note_state="in_sync")
    write(ana, "Mine")
    write(anna, "Theirs")

    done = merge(ana, anna, note="Mine\n\nTheirs")
    assert noting.read_note(customer=ana).sync_state == NoteSync.PENDING
    work_reactions("customer.merged")
    assert fake_shop.notes["1001"] == "Mine\n\nTheirs"
    assert noting.read_note(customer=ana).sync_state == NoteSync.IN_SYNC

    undo(done)
    work_reactions("customer.unmerged")
    assert fake_shop.notes["1001"] == "Theirs"
    assert noting.read_note(customer=ana).text == "Mine"
    assert noting.read_note(customer=ana).sync_state == NoteSync.OFF
    assert noting.read_note(customer=anna).sync_state == NoteSync.IN_SYNC


def work_reactions(type: str) -> None:
    """What the subscriber does."""
    events = {one.pk: one for one in Event.objects.filter(type=type)}
    rows = Reaction.objects.filter(event_id__in=events, task="integrations.tasks.push_note").order_by("pk")
    assert len(rows) == len(events) > 0
    for one in rows:
        customer_id = events[one.event_id].customer_id
        assert customer_id is not None
        syncing.push_note(customer_id=customer_id, at=clock.now(), cause=None)


def test_a_webhook_for_the_moved_link_reaches_the_survivor(
    fake_connection: Connection, fake_shop: FakeShop, ana: Customer, anna: Customer
) -> None:
    fake_shop.add("1001", note="")
    stale = make_link(fake_connection, anna, "1001", base_text="", note_state="in_sync")
    merge(ana, anna)
    fake_shop.edit("1001", "From the store")

    # As a worker has it who read the link before the merge.
    hearing.hear_note(
        link=stale, text="From the store", stamp=fake_shop.now, at=clock.now(), cause=make_cause(fake_connection)
    )

    assert noting.read_note(customer=ana).text == "From the store"
    assert noting.read_note(customer=anna).text == ""


def test_a_look_up_that_ends_after_the_merge_is_the_survivors(
    fake_connection: Connection, fake_shop: FakeShop, ana: Customer, anna: Customer
) -> None:
    make_contact(anna, "anna@a.example")
    fake_shop.add("1001", emails=("anna@a.example",), orders_count=0)
    fake_shop.before["fetch_orders"] = [lambda: merge(ana, anna)]

    refreshing.refresh_customer(customer_id=anna.pk, at=clock.now(), cause=None)

    assert StoreCustomer.objects.get().customer_id == ana.pk


def test_a_link_that_ended_since_does_not_come_back_and_hinders_nothing(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    stale = make_link(fake_connection, anna, "1002")
    make_order(stale)
    done = merge(ana, anna)

    linking.unlink(link=stale, actor=AGENT)
    undo(done)

    assert not StoreCustomer.objects.exists()
    assert not Order.objects.exists()


def test_links_merged_in_the_store_after_a_merge_here_are_one(
    fake_connection: Connection, ana: Customer, anna: Customer
) -> None:
    make_link(fake_connection, ana, "1001")
    make_order(make_link(fake_connection, anna, "1002"))
    done = merge(ana, anna)

    linking.merge_links(connection=fake_connection, kept_id="1001", gone_id="1002", cause=make_cause(fake_connection))
    undo(done)

    assert StoreCustomer.objects.get().customer_id == ana.pk
    assert Order.objects.get().store_customer.remote_id == "1001"
