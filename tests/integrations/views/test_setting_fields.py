"""Custom fields of orders: inside the order's fold, on its customer's timeline, filled at first (F8)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.field_values import Value
from customers.kinds import FieldKind, FieldTarget
from customers.services import defining
from customers.services.defining import FieldDraft
from customers.services.writing_fields import read_of
from events.models import Event
from events.wording import say
from integrations.models import Order, OrderFieldValue
from integrations.services.collecting import collect_orders
from integrations.types import Money, OrderFacts
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection, make_link
from tests.integrations.services.test_reading import make_order
from tests.posted import posted_by

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


def define(ada: Membership, name: str, kind: FieldKind = FieldKind.STRING, **more: Any) -> None:
    draft = FieldDraft(name, **more)
    defining.define_field(target=FieldTarget.ORDER, kind=kind, draft=draft, actor=ada.as_actor())


@pytest.fixture
def order(acme: Tenant, ada: Membership) -> Order:
    with tenant_scope(acme):
        define(ada, "Gift", FieldKind.FLAG)
        define(ada, "Wrapping")
        define(ada, "Pieces", FieldKind.INTEGER)
        return make_order(make_link(make_connection(), make_customer()), 1)


def url(order: Order, part: str = "fields/", workspace: str = "acme") -> str:
    return f"/{workspace}/orders/{order.pk}/{part}"


def held(order: Order) -> dict[str, Value]:
    with tenant_scope(order.tenant):
        return read_of(order)


def test_fields_of_an_order_are_said_inside_its_fold(order: Order, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    empty = client.get(url(order), headers=HTMX).content.decode()
    data = posted_by(client.get(url(order, "fields/edit/?place=past"), headers=HTMX).content.decode())
    data["custom_gift"], data["custom_wrapping"] = "yes", "blue paper"

    answer = client.post(url(order, "fields/edit/?place=past"), data, headers=HTMX)

    line = answer.content.decode()
    assert "Fill in fields" in empty
    assert "blue paper" in line and ">Yes<" in line and f'id="order-{order.pk}-fields-past"' in line
    assert held(order) == {"gift": Value(flag=True), "wrapping": Value(text="blue paper")}
    with tenant_scope(order.tenant):
        event = Event.objects.get(type="order.fields_set")
        assert event.customer_id == order.store_customer.customer_id
        assert event.data == {"order": order.pk, "name": "#1", "names": ["Gift", "Wrapping"]}
        assert set(OrderFieldValue.history.values_list("actor_name", flat=True)) == {bela.name}


def test_card_holds_the_place_of_the_fields_in_each_order(order: Order, bela: Membership, sign_in: SignIn) -> None:
    page = sign_in(bela).get(f"/acme/customers/{order.store_customer.customer.number}/orders/").content.decode()

    assert f'hx-get="{url(order)}?place=past"' in page


def test_plain_form_goes_back_to_the_customer(order: Order, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    page = client.get(url(order)).content.decode()
    data = posted_by(client.get(url(order, "fields/edit/")).content.decode())
    data["custom_wrapping"] = "none"

    assert "Order #1" in page
    assert client.post(url(order, "fields/edit/"), data)["Location"] == "/acme/customers/1/"
    assert held(order)["wrapping"].text == "none"


def test_audit_says_which_order_and_which_fields(order: Order, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    data = posted_by(client.get(url(order, "fields/edit/")).content.decode())
    client.post(url(order, "fields/edit/"), {**data, "custom_wrapping": "none"})

    with tenant_scope(bela.tenant):
        event = Event.objects.audited().get(type="order.fields_set")
        assert say(event.event_type, event.data).words == "Order #1 edited: Wrapping"


def test_two_agents_at_once(order: Order, ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    first, second = sign_in(ada), sign_in(bela)
    edit = url(order, "fields/edit/")
    hers, his = (posted_by(client.get(edit).content.decode()) for client in (first, second))
    hers["custom_wrapping"], his["custom_wrapping"], his["custom_pieces"] = "red", "blue", "many"

    first.post(edit, hers)
    odd = second.post(edit, his, headers=HTMX)
    his["custom_pieces"] = "2"
    refused = second.post(edit, his, headers=HTMX)

    assert (odd.status_code, refused.status_code) == (422, 422)
    assert "Write a whole number" in odd.content.decode()
    assert "A colleague wrote “red” here meanwhile" in refused.content.decode()
    assert held(order) == {"wrapping": Value(text="red")}


def test_new_order_says_what_an_admin_wants_to_stand_there_at_first(acme: Tenant, ada: Membership) -> None:
    with tenant_scope(acme):
        define(ada, "Wrapping", default="plain")
        link = make_link(make_connection(), make_customer())
        now = datetime(2026, 11, 1, tzinfo=UTC)
        facts = order_facts("1", now)
        collect_orders(link=link, orders=[facts], at=now)
        old = Order.objects.get()
        OrderFieldValue.objects.all().delete()  # an agent emptied it

        collect_orders(link=link, orders=[facts, order_facts("2", now)], at=now)

        assert read_of(old) == {}
        assert read_of(Order.objects.get(remote_id="2")) == {"wrapping": Value(text="plain")}


def order_facts(remote_id: str, at: datetime) -> OrderFacts:
    return OrderFacts(
        remote_id=remote_id,
        name=f"#{remote_id}",
        placed_at=at,
        updated_at=at,
        cancelled_at=None,
        closed_at=None,
        payment_status="paid",
        fulfillment_status="",
        total=Money(100, "EUR"),
        items=(),
        tracking=(),
        status_url="",
        admin_url="",
    )


def test_order_nobody_has_is_not_found(order: Order, bela: Membership, sign_in: SignIn) -> None:
    assert sign_in(bela).get(f"/acme/orders/{order.pk + 1}/fields/").status_code == 404
    assert sign_in(bela).get(f"/acme/orders/{10**30}/fields/").status_code == 404


def test_orders_are_nothing_to_cleo(order: Order, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    for workspace in ("acme", "globex"):
        assert client.get(url(order, workspace=workspace)).status_code == 404
        assert client.post(url(order, "fields/edit/", workspace), {"custom_wrapping": "x"}).status_code == 404
