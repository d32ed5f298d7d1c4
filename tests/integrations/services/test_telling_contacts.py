"""What orders were placed with: kept, told once, forgotten, no contact of anybody, and a reason to be suggested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.kinds import ActorKind
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers import tasks
from customers.kinds import ContactKind
from customers.models import ComparedFacts, Contact, Customer, CustomerContact, Suggestion
from customers.services import erasing, identifying
from customers.services.suggesting.pairing import show_pairs
from customers.services.suggesting.renewing import renew
from demo.store.serving import StoreHandle
from events.models import Event, Reaction
from integrations.models import Connection, Order, StoreCustomer
from integrations.services import linking
from integrations.services.collecting import collect_orders
from integrations.services.telling_contacts import read_contacts
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_cause, make_connection, make_link
from tests.integrations.conftest import AGENT, ANA, SHOP
from tests.integrations.services.test_intaking import work_last
from tests.integrations.services.test_tallying import order

TASK = "customers.tasks.compare_customer"
OTHER, PHONE = "rita.vaz@post.example", "+351913333444"


def collect(link: StoreCustomer, *orders: Any) -> int:
    """How often the customer is to be compared because of it."""
    before = waiting()
    collect_orders(link=link, orders=orders, at=clock.now())
    return waiting() - before


def waiting() -> int:
    return int(Reaction.objects.filter(task=TASK, done_at=None).count())


def compare_waiting() -> None:
    """As a worker would, until nothing waits."""
    while reaction := Reaction.objects.filter(task=TASK, done_at=None).order_by("pk").first():
        tasks.compare_customer(reaction_id=reaction.pk, tenant_id=reaction.tenant_id)


def identified(email: str) -> Customer | None:
    """Who writes, when a mail comes from it."""
    said = {"name": "", "origin": ActorKind.CUSTOMER, "at": clock.now(), "may_create": True}
    return identifying.resolve_sender(kind=ContactKind.EMAIL, typed=email, **said).customer  # type: ignore[arg-type]


def holder(first_name: str, last_name: str, email: str = OTHER) -> Customer:
    """Somebody who is known, and was compared."""
    customer = make_customer(first_name, last_name)
    make_contact(customer, email)
    renew(ids=[customer.pk], at=clock.now())
    return customer


def evidence() -> list[list[str]]:
    return list(Suggestion.objects.order_by("pk").values_list("evidence", flat=True))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"email": " Rita.Vaz@POST.example "}, {("email", OTHER)}),
        ({"phone": "00351 913 333 444"}, {("phone", PHONE)}),
        ({"email": OTHER, "phone": PHONE}, {("email", OTHER), ("phone", PHONE)}),
        ({"email": "nobody", "phone": "+351 213 456 789 ext. 12"}, None),
        ({}, None),
    ],
)
def test_is_kept_as_contacts_are_spelled(
    link: StoreCustomer, said: dict[str, Any], kept: set[tuple[str, str]] | None
) -> None:
    collect(link, order(1, **said))

    assert read_contacts([link.customer_id]).get(link.customer_id) == kept


def test_many_are_read_in_one_query(link: StoreCustomer, fake_connection: Connection) -> None:
    links = [link, *(make_link(fake_connection, make_customer(), str(n)) for n in range(5))]
    for number, one in enumerate(links):
        collect(one, order(2 * number, email=f"{number}@a.example"), order(2 * number + 1, email=OTHER))

    with CaptureQueriesContext(database) as asked:
        found = read_contacts([one.customer_id for one in links])

    assert len(asked) == 1
    assert found[links[3].customer_id] == {("email", "3@a.example"), ("email", OTHER)}


def test_customer_is_compared_once_for_what_is_new(link: StoreCustomer) -> None:
    assert collect(link, order(1, email=OTHER), order(2, email=OTHER)) == 1
    assert collect(link, order(1, email=OTHER), order(2, email=OTHER)) == 0
    assert collect(link, order(1, email=OTHER, cancelled_at=clock.now())) == 0
    assert collect(link, order(3, phone=PHONE)) == 1
    assert collect(link, order(1, email="another@post.example")) == 1


def test_their_own_contacts_are_nothing_new(link: StoreCustomer) -> None:
    make_contact(link.customer, OTHER)
    make_contact(link.customer, PHONE, ContactKind.PHONE)

    assert collect(link, order(1, email=OTHER, phone=PHONE), order(2)) == 0


def test_order_that_was_another_customers_has_both_compared(link: StoreCustomer, fake_connection: Connection) -> None:
    other = make_link(fake_connection, make_customer("Rui", "Costa"), "1002")
    collect(other, order(1, email=OTHER))

    collect(link, order(1, email=OTHER))

    compared = Event.objects.filter(type="order.contacts_changed").order_by("pk").values_list("customer_id", flat=True)
    assert list(compared) == [other.customer_id, link.customer_id, other.customer_id]


def test_orders_that_the_store_joined_count_for_who_is_left(link: StoreCustomer, fake_connection: Connection) -> None:
    gone = make_link(fake_connection, make_customer("Rui", "Costa"), "1002")
    collect(gone, order(1, email=OTHER))
    compare_waiting()
    cause = make_cause(fake_connection)
    linking.merge_links(connection=fake_connection, kept_id="1001", gone_id="1002", cause=cause)
    compare_waiting()

    assert ComparedFacts.objects.get(customer=link.customer).facts["order_emails"] == [OTHER]
    assert "order_emails" not in ComparedFacts.objects.get(customer=gone.customer).facts


def test_order_suggests_whoever_holds_what_it_was_placed_with(link: StoreCustomer) -> None:
    holder("", "")

    collect(link, order(1, email=OTHER))
    compare_waiting()

    assert evidence() == [["same order"]]
    [shown] = show_pairs(list(Suggestion.objects.all()), at=clock.now())
    [placed] = [fact for fact in shown.facts if fact.label == "Ordered with"]
    assert {one.shown for one in placed.both} == {(OTHER,), ()}


def test_gift_to_somebody_else_suggests_nobody(link: StoreCustomer) -> None:
    for last in ("Costa", "Lopes"):  # a friend, and a brother
        holder("Rui", last, f"rui.{last.lower()}@post.example")

    collect(link, order(1, email="rui.costa@post.example"), order(2, email="rui.lopes@post.example"))
    compare_waiting()

    assert evidence() == []


def test_shop_assistant_who_orders_for_many_is_learnt(fake_connection: Connection) -> None:
    holder("", "")
    names = (("Rui", "Costa"), ("Eva", "Silva"), ("Tom", "Weber"), ("Lea", "Novak"), ("Olga", "Petrov"))
    for number, name in enumerate(names):
        collect(make_link(fake_connection, make_customer(*name), str(number)), order(number, email=OTHER))
        compare_waiting()

    assert evidence() == []


def test_suggestion_goes_with_the_link(link: StoreCustomer) -> None:
    holder("", "")
    collect(link, order(1, email=OTHER))
    compare_waiting()
    assert len(evidence()) == 1

    linking.unlink(link=link, actor=AGENT)
    compare_waiting()

    assert evidence() == []


def test_mail_from_it_is_not_theirs(link: StoreCustomer) -> None:
    collect(link, order(1, email=OTHER, phone=PHONE))
    compare_waiting()

    assert not Contact.objects.filter(value__in=[OTHER, PHONE]).exists()
    assert not CustomerContact.objects.filter(customer=link.customer).exists()
    assert identified(OTHER) != link.customer


def test_erased_customers_address_goes_from_others_orders_and_facts(link: StoreCustomer) -> None:
    rita = holder("", "")
    collect(link, order(1, email=OTHER, phone=PHONE), order(2, email="own@post.example"))
    compare_waiting()

    erasing.plan_erasure(customer=rita, actor=AGENT, at=clock.now())
    erasing.erase_customer(customer_id=rita.pk, at=clock.now(), cause=Event.objects.latest("pk"))
    compare_waiting()

    assert set(Order.objects.values_list("email", "phone")) == {("", PHONE), ("own@post.example", "")}
    facts = ComparedFacts.objects.get(customer=link.customer).facts
    assert (facts["order_emails"], facts["order_phones"]) == (["own@post.example"], [PHONE])


def test_other_workspace_is_another_world(link: StoreCustomer, globex: Tenant) -> None:
    collect(link, order(1, email=OTHER))
    with tenant_scope(globex):
        holder("", "")
    compare_waiting()

    assert evidence() == []
    with tenant_scope(globex):
        assert read_contacts([link.customer_id]) == {}


def test_order_of_the_store_with_anothers_address_is_found_end_to_end(
    in_acme: Tenant, store: StoreHandle, ana: Customer
) -> None:
    store.control(SHOP, {"retry_waits": [], "subscribe": {"uri": "http://127.0.0.1:9/hooks/shopify/"}})
    connection = make_connection(SHOP, name="Acme", connected_at=clock.now() - timedelta(days=1))
    make_link(connection, ana, ANA, display_name="Ana")
    writes_to_us = holder("Ana", "")
    renew(ids=[ana.pk], at=clock.now())
    assert evidence() == []

    store.control(SHOP, {"place_order": {"customer": ANA, "email": "Rita.Vaz@post.example"}})
    assert work_last(connection, store, "orders/create") == "the orders are refreshed"
    compare_waiting()

    assert list(Suggestion.objects.values_list("one_id", "other_id")) == [(ana.pk, writes_to_us.pk)]
    assert "same order" in evidence()[0]
    assert identified(OTHER) == writes_to_us
    work_last(connection, store, "orders/create")
    assert waiting() == 0  # nothing has changed
