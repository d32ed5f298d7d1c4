"""Looking customers up in the pretend store, linking them, and taking over what it knows."""

from datetime import timedelta

import pytest

from accounts.models import Tenant
from core import clock
from customers.kinds import ContactKind, NoteSync
from customers.models import Customer, CustomerContact
from customers.services import noting
from demo.store.serving import StoreHandle
from events.models import Event
from integrations.base import TryAgain
from integrations.models import Connection, Order, StoreCustomer
from integrations.services import linking, reading, refreshing
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations.conftest import ANA, SHOP
from tests.integrations.fake_store import FakeShop

OUTLET = "acme-outlet.myshopify.com"


@pytest.fixture
def connection(in_acme: Tenant, store: StoreHandle) -> Connection:
    return make_connection(SHOP, name="Acme", sync_notes=True)


def refresh(customer: Customer) -> None:
    refreshing.refresh_customer(customer_id=customer.pk, at=clock.now(), cause=None)


def nameless(email: str = "ana.lopes@shopper.example") -> Customer:
    customer = make_customer("", "", fallback_name=email)
    make_contact(customer, email)
    return customer


def test_equal_address_links_and_fills_the_profile(connection: Connection) -> None:
    customer = nameless()

    refresh(customer)

    link = StoreCustomer.objects.get()
    customer.refresh_from_db()
    assert (link.customer_id, link.remote_id, link.display_name) == (customer.pk, ANA, "Ana Lopes")
    assert (customer.full_name, customer.language, customer.location) == ("Ana Lopes", "pt-PT", "Lisboa, Portugal")
    phones = CustomerContact.objects.filter(customer=customer, contact__kind=ContactKind.PHONE)
    assert [(line.contact.value, line.origin) for line in phones] == [("+351912345678", "store")]
    assert link.orders_count == 3
    assert {order.name for order in Order.objects.all()} == {"#1003", "#1010", "#1016"}
    assert noting.read_note(customer=customer).text == "Prefers evening delivery."
    assert Event.objects.filter(type="store.customer_linked", customer_id=customer.pk).count() == 1


def test_phone_links_where_no_address_does(connection: Connection) -> None:
    customer = make_customer("Tariq", "")
    make_contact(customer, "tariq@elsewhere.example")
    make_contact(customer, "+442079460123", ContactKind.PHONE)

    refresh(customer)

    assert StoreCustomer.objects.get().remote_id == "7301000000009"


def test_what_is_filled_here_stays(connection: Connection) -> None:
    customer = make_customer("Anita", "", language="en", location="Porto")
    make_contact(customer, "ana.lopes@shopper.example")

    refresh(customer)

    customer.refresh_from_db()
    assert (customer.full_name, customer.language, customer.location) == ("Anita", "en", "Porto")


def test_second_refresh_adds_nothing_twice(connection: Connection) -> None:
    customer = nameless()
    refresh(customer)

    refreshing.refresh_customer(customer_id=customer.pk, at=clock.now() + timedelta(minutes=2), cause=None)

    assert (StoreCustomer.objects.count(), Order.objects.count()) == (1, 3)
    assert CustomerContact.objects.filter(customer=customer).count() == 2
    assert Event.objects.filter(type="store.customer_linked").count() == 1


@pytest.mark.parametrize("case", ["switched off", "shared", "held by another", "two matches", "unknown"])
def test_doubt_links_nobody(connection: Connection, store: StoreHandle, case: str) -> None:
    customer = nameless("nobody@shopper.example" if case == "unknown" else "ana.lopes@shopper.example")
    if case == "switched off":
        Connection.objects.update(auto_link=False)
    if case == "shared":
        CustomerContact.objects.get().contact.mark_shared(is_shared=True)
    if case == "held by another":
        make_contact(make_customer("Somebody", "Else"), "ana.lopes@shopper.example")
    if case == "two matches":
        make_contact(customer, "boris.petrov@mail.example")

    refresh(customer)

    assert StoreCustomer.objects.count() == 0


def test_store_customer_of_somebody_else_is_left_to_them(connection: Connection) -> None:
    owner, other = make_customer("First", "Owner"), nameless()
    make_link(connection, owner, ANA)

    refresh(other)

    assert StoreCustomer.objects.get().customer_id == owner.pk


def test_customer_gone_from_the_store_is_unlinked(connection: Connection) -> None:
    customer = nameless()
    make_link(connection, customer, "7301999999999")

    refresh(customer)

    assert StoreCustomer.objects.count() == 0
    assert Event.objects.filter(type="store.customer_unlinked").count() == 1


def test_second_store_blocks_the_note_and_keeps_both_orders(connection: Connection, store: StoreHandle) -> None:
    outlet = make_connection(OUTLET, name="Outlet", token="demo-token-outlet")
    store.control(OUTLET, {"add_customer": {"email": "ana.lopes@shopper.example", "first_name": "Ana"}})
    customer = nameless()

    refresh(customer)

    note = noting.read_note(customer=customer)
    assert {link.connection_id for link in StoreCustomer.objects.all()} == {connection.pk, outlet.pk}
    assert (note.sync_state, "Acme" in note.sync_detail, "Outlet" in note.sync_detail) == ("blocked", True, True)
    side = reading.read_store_side(customer_id=customer.pk, at=clock.now())
    assert (len(side.sources), side.orders_count) == (2, 3)
    assert {order.store_label for order in side.orders} == {"Acme"}


def test_one_store_in_trouble_keeps_no_other_waiting(connection: Connection, store: StoreHandle) -> None:
    make_connection(OUTLET, token="demo-token-outlet")
    store.control(SHOP, {"refuse": {"status": 503}})
    store.control(OUTLET, {"add_customer": {"email": "ana.lopes@shopper.example", "first_name": "Ana"}})
    customer = nameless()

    with pytest.raises(TryAgain):
        refresh(customer)
    assert StoreCustomer.objects.count() == 1
    refresh(customer)

    assert StoreCustomer.objects.count() == 2


def test_refresh_that_stopped_before_the_note_goes_on_with_it(
    link: StoreCustomer, ana: Customer, fake_shop: FakeShop
) -> None:
    fake_shop.edit("1001", "From the merchant")
    fake_shop.before["fetch_note"] = [lambda: fake_shop.faults.append(TryAgain("away"))]
    with pytest.raises(TryAgain):
        refresh(ana)
    link.refresh_from_db()
    assert link.note_state == NoteSync.PENDING

    refresh(ana)

    assert noting.read_note(customer=ana).text == "From the merchant"
    assert fake_shop.calls.count("fetch_customer") == 1


def test_letters_in_a_row_ask_once(link: StoreCustomer, ana: Customer, fake_shop: FakeShop) -> None:
    refresh(ana)
    asked = len(fake_shop.calls)

    refresh(ana)

    assert len(fake_shop.calls) == asked


def test_facts_asked_for_earlier_do_not_overwrite_later_ones(link: StoreCustomer, fake_shop: FakeShop) -> None:
    now = clock.now()
    newer, older = (fake_shop.add("1001", orders_count=count) for count in (5, 4))
    for facts, at in ((newer, now), (older, now - timedelta(seconds=1))):
        actor = link.connection.as_actor()
        linking.link_customer(connection=link.connection, customer=link.customer, facts=facts, actor=actor, at=at)

    link.refresh_from_db()
    assert link.orders_count == 5
