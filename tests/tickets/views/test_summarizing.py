"""The blocks of the customer's page that tickets fill: work in hand, and totals."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.kinds import ActorKind
from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import Subscription
from customers.models import Customer
from events.services import recording
from integrations.models import Order, StoreCustomer
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tests.integrations.services.test_reading import make_order
from tickets.models import Inbox, InboxMember
from tickets.services import closing, receiving

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
PARTS = ("work", "totals")


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        return make_customer()


@pytest.fixture
def inbox(acme: Tenant) -> Inbox:
    with tenant_scope(acme):
        return make_inbox()


@pytest.fixture
def link(acme: Tenant, ana: Customer) -> StoreCustomer:
    with tenant_scope(acme):
        return make_link(make_connection(name="Acme"), ana, orders_count=5, spent=[{"minor": 100, "currency": "EUR"}])


def read(client: Client, part: str) -> str:
    return client.get(f"/acme/customers/1/{part}/", headers=HTMX).content.decode()


def count_queries(client: Client, part: str) -> int:
    read(client, part)  # fills what is cached for the process
    with CaptureQueriesContext(connection) as queries:
        read(client, part)
    return len(queries)


@pytest.mark.parametrize("part", PARTS)
def test_part_alone_for_htmx_and_on_a_page_for_others(
    ana: Customer, bela: Membership, sign_in: SignIn, part: str
) -> None:
    client = sign_in(bela)

    assert "<html" not in read(client, part)
    assert "<html" in client.get(f"/acme/customers/1/{part}/").content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_part_is_a_404_for_another_workspace(ana: Customer, cleo: Membership, sign_in: SignIn, part: str) -> None:
    client = sign_in(cleo)

    assert client.get(f"/acme/customers/1/{part}/").status_code == 404
    assert client.get(f"/globex/customers/1/{part}/").status_code == 404


def test_work_shows_open_tickets_of_the_readers_inboxes(
    ana: Customer, inbox: Inbox, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_ticket(inbox, customer=ana, subject="Broken cup", assignee=bela)
        make_ticket(inbox, customer=ana, subject="Long ago", status="closed")
        make_ticket(make_inbox("boss@acme.example"), customer=ana, subject="For the boss")
        InboxMember.objects.create(inbox=inbox, member=bela)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    page = read(sign_in(bela), "work")

    assert "Broken cup" in page and "Bela" in page
    assert "Long ago" not in page and "For the boss" not in page
    assert 'data-live="customer-1 ticket-1"' in page


ENDED = [
    {"cancelled_at": datetime(2026, 11, 2, tzinfo=UTC)},
    {"closed_at": datetime(2026, 11, 2, tzinfo=UTC)},
    {"payment_status": "refunded"},
    {"payment_status": "paid", "fulfillment_status": "fulfilled"},
    {"payment_status": "partially_refunded", "fulfillment_status": "fulfilled"},
]
GOES_ON = [
    {"payment_status": "pending", "fulfillment_status": "fulfilled"},
    {"payment_status": "paid", "fulfillment_status": "partially_fulfilled"},
    {"payment_status": "", "fulfillment_status": ""},
]


@pytest.mark.parametrize(("fields", "is_shown"), [*((one, False) for one in ENDED), *((one, True) for one in GOES_ON)])
def test_work_leaves_out_orders_that_are_cancelled_or_complete(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn, fields: dict[str, Any], is_shown: bool
) -> None:
    with tenant_scope(acme):
        order = make_order(link, 1, **fields)

    page = read(sign_in(bela), "work")

    assert ("#1<" in page) is is_shown is order.is_in_work


@pytest.mark.parametrize(("days", "is_red"), [(-1, True), (1, False), (None, False)])
def test_overdue_order_has_a_red_line(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn, days: int | None, is_red: bool
) -> None:
    with tenant_scope(acme):
        order = make_order(link, 1, payment_status="paid")
        if days is not None:
            order.details["due_at"] = (clock.now() + timedelta(days=days)).isoformat()
            order.save()

    page = read(sign_in(bela), "work")

    assert ("order--overdue" in page) is ("Overdue" in page) is is_red
    assert ("Expected" in page) is (days is not None)


def test_overdue_order_is_shown_first_however_old(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        for number in range(1, 13):
            make_order(link, number, payment_status="paid", placed_at=clock.now() - timedelta(days=20 - number))
        oldest = Order.objects.order_by("placed_at").first()
        assert oldest is not None
        oldest.details["due_at"] = (clock.now() - timedelta(days=1)).isoformat()
        oldest.save()

    page = read(sign_in(bela), "work")

    assert page.index("#1<") < page.index("#12<")
    assert page.count("<details") == 10 and "All orders" in page


def test_work_says_when_there_is_none(ana: Customer, bela: Membership, sign_in: SignIn) -> None:
    assert "Nothing in work" in read(sign_in(bela), "work")


def test_page_hears_of_a_ticket_that_is_open_again(
    ana: Customer, inbox: Inbox, acme: Tenant, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It listens to no ticket that was closed."""
    told: list[str] = []
    monkeypatch.setattr(recording, "announce", lambda *names: told.extend(names))
    with tenant_scope(acme):
        ticket = make_ticket(inbox, customer=ana, status="closed")
        closing.reopen_ticket(ticket=ticket, actor=bela.as_actor())
        assert told.count("customer-1") == 1
        letter = receiving.Letter("Ana", "ana@shopper.example", "Hello", "", "", ())
        receiving.receive_message(
            ticket=ticket, letter=letter, customer=ana, joined_because="", reopens=True, at=clock.now()
        )

    assert told.count("customer-1") == 2


def test_totals_leave_cancelled_orders_out(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        for number, minor in enumerate((1000, 2000, 4000), start=1):
            make_order(link, number, total_minor=minor)
        make_order(link, 4, total_minor=99900, cancelled_at=clock.now())
        make_order(link, 5, total_minor=500, currency="JPY")

    page = read(sign_in(bela), "totals")

    assert "€70.00" in page and "€23.33" in page and "¥500" in page
    assert "€999" not in page and "Without 1 cancelled order." in page
    assert "Returning · 5 orders" in page and "own count" not in page


def test_totals_are_the_stores_own_where_it_tells_of_the_newest_orders_only(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        StoreCustomer.objects.update(orders_count=41, spent=[{"minor": 400000, "currency": "EUR"}])
        make_order(link, 1)
        make_order(link, 2, cancelled_at=clock.now())

    page = read(sign_in(bela), "totals")

    assert "€4,000.00" in page and "€100.00" in page and "<dd>40</dd>" in page
    assert "By the store's own count" in page


def test_money_whose_orders_are_counted_with_another_has_no_average(
    link: StoreCustomer, bela: Membership, sign_in: SignIn, acme: Tenant
) -> None:
    with tenant_scope(acme):
        StoreCustomer.objects.update(
            spent=[{"minor": 10_000, "currency": "EUR"}, {"minor": 900, "currency": "USD"}], orders_count=5
        )

    page = read(sign_in(bela), "totals")

    assert "€100.00" in page and "€20.00" in page and "$9.00" in page
    assert (page.count("<dt>Orders</dt>"), page.count("Average order")) == (1, 1)


def test_totals_name_popular_categories(link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        for number, (category, quantity) in enumerate([("Garden", 1), ("Kitchen", 2), ("Kitchen", 3), ("", 90)], 1):
            order = make_order(link, number)
            order.details["items"][0] |= {"category": category, "quantity": quantity}
            order.save()

    page = read(sign_in(bela), "totals")

    assert page.index("Kitchen") < page.index("Garden")
    assert '5 <span class="soft">in 2 orders' in page
    assert page.count("<progress") == 2


def test_totals_show_no_categories_where_the_store_tells_none(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_order(link, 1)
        Order.objects.update(details={})

    assert "Popular categories" not in read(sign_in(bela), "totals")


def test_totals_count_letters_and_name_first_and_last(
    ana: Customer, inbox: Inbox, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    first, last = datetime(2026, 3, 1, 8, 0, tzinfo=UTC), datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    with tenant_scope(acme):
        ticket = make_ticket(inbox, customer=ana)
        make_message(ticket, created_at=first)
        make_message(ticket, direction="out", created_at=last, delivery_state="opened")
        make_message(ticket, direction="out", created_at=last, delivery_state="failed")
        make_message(ticket, direction="note")
        chat = make_ticket(make_inbox("chat", kind="chat"), customer=ana)
        make_message(chat, created_at=first + timedelta(days=1))

    page = read(sign_in(bela), "totals")

    assert "<dt>E-mails sent</dt><dd>1</dd>" in page and "<dt>E-mails received</dt><dd>1</dd>" in page
    assert "<dt>Chats</dt><dd>1</dd>" in page
    assert f'<dt>First contact</dt><dd><time datetime="{first.isoformat()[:10]}' in page
    assert f'<dt>Last contact</dt><dd><time datetime="{last.isoformat()[:10]}' in page
    assert "Returning · wrote before, no orders" in page


def test_totals_name_the_stores_that_know_the_customer(
    link: StoreCustomer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        StoreCustomer.objects.update(display_name="Ana L.", admin_url="https://shop.example/customers/1")

    page = read(sign_in(bela), "totals")

    assert 'href="https://shop.example/customers/1"' in page and "Linked: Ana L." in page
    assert "<dt>Orders</dt><dd>5</dd>" in page


def test_who_wrote_once_is_new(ana: Customer, inbox: Inbox, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_ticket(inbox, customer=ana)

    assert ">New<" in read(sign_in(bela), "totals")


def test_totals_say_who_unsubscribed_and_when(ana: Customer, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        contact = make_contact(ana, "ana@shopper.example").contact
        at = datetime(2026, 11, 3, tzinfo=UTC)
        contact.mark_subscription(state=Subscription.UNSUBSCRIBED, at=at, origin=ActorKind.CUSTOMER)
        make_contact(ana, "lopes@shopper.example")

    page = read(sign_in(bela), "totals")

    assert "<bdi>ana@shopper.example</bdi>" in page and "2026-11-03" in page and "by customer" in page
    assert "lopes@" not in page


def test_totals_fold_many_who_unsubscribed(ana: Customer, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        for number in range(5):
            contact = make_contact(ana, f"ana{number}@shopper.example", position=number).contact
            contact.mark_subscription(state=Subscription.UNSUBSCRIBED, at=clock.now(), origin=ActorKind.CUSTOMER)

    shown, _, folded = read(sign_in(bela), "totals").partition("<details")

    assert (shown.count("<bdi>ana"), folded.count("<bdi>ana"), "2 more" in folded) == (3, 2, True)


def test_totals_hear_of_every_message(ana: Customer, bela: Membership, sign_in: SignIn) -> None:
    assert f'data-live="customer-1 dealings-{ana.pk}" data-live-wait="2000"' in read(sign_in(bela), "totals")


@pytest.mark.parametrize("part", PARTS)
def test_part_takes_the_same_queries_however_much_there_is(
    ana: Customer, link: StoreCustomer, inbox: Inbox, acme: Tenant, bela: Membership, sign_in: SignIn, part: str
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        make_message(make_ticket(inbox, customer=ana, assignee=bela))
        make_order(link, 1)
    few = count_queries(client, part)
    with tenant_scope(acme):
        other = make_link(make_connection("other.myshopify.com"), ana)
        for number in range(2, 15):
            make_message(make_ticket(inbox, customer=ana, assignee=bela))
            make_order(other, number)

    many = count_queries(client, part)

    assert few == many
