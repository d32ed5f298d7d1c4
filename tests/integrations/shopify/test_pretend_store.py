"""The adapter, the real client and the pretend store, over a real socket."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest

from core.http import HttpClient
from demo.store.serving import StoreHandle, start
from integrations.base import GiveUp, TryAgain
from integrations.shopify.adapter import ShopifyAdapter
from integrations.types import Credentials, CustomerChanged, WebhookEnvelope

SHOP = "acme-demo.myshopify.com"
ANA = "7301000000001"


@pytest.fixture(scope="module")
def running() -> Iterator[StoreHandle]:
    with start() as handle:
        yield handle


@pytest.fixture
def pretend(running: StoreHandle) -> StoreHandle:
    running.reset()
    return running


@pytest.fixture
def adapter(pretend: StoreHandle) -> ShopifyAdapter:
    credentials = Credentials(SHOP, "demo-token-acme", ("demo-secret-acme",), pretend.base_url)
    return ShopifyAdapter(credentials, HttpClient(allowed_hosts={urlsplit(pretend.url).netloc}, total_seconds=0.5))


def test_check_and_find_and_read(adapter: ShopifyAdapter) -> None:
    (found,) = adapter.find_customers(email="Ana.Lopes@shopper.example", phone=None)

    assert adapter.check() == "Acme Home & Garden"
    assert (found.remote_id, found.display_name, found.note) == (ANA, "Ana Lopes", "Prefers evening delivery.")
    assert adapter.find_customers(email=None, phone="+351 912 345 678") == (found,)
    assert adapter.find_customers(email='x" OR ana', phone=None) == ()
    assert adapter.fetch_customer(ANA) == found
    assert adapter.fetch_customer("1") is None


def test_orders_are_affordable_and_whole(adapter: ShopifyAdapter) -> None:
    orders = adapter.fetch_orders(ANA)

    assert len(orders) >= 2
    assert [order.placed_at for order in orders] == sorted((order.placed_at for order in orders), reverse=True)
    assert all(order.items and order.total.minor > 0 and order.total.currency == "EUR" for order in orders)


def test_a_note_goes_there_and_back(adapter: ShopifyAdapter) -> None:
    for text in ("Two cats 🐈🐈‍⬛\nno lilies", "x" * 5000, ""):
        written = adapter.write_note(ANA, text)
        assert written.text == text
        assert adapter.fetch_note(ANA) == written
    with pytest.raises(GiveUp):
        adapter.write_note("1", "nobody's note")


def test_misbehavior_is_told_apart(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    pretend.control(SHOP, {"throttle": 1})
    with pytest.raises(TryAgain) as throttled:
        adapter.fetch_note(ANA)
    assert (throttled.value.after or 0) >= 1

    pretend.control(SHOP, {"refuse": {"status": 503}})
    with pytest.raises(TryAgain):
        adapter.fetch_note(ANA)

    pretend.control(SHOP, {"hang": {"seconds": 2}})
    with pytest.raises(TryAgain):
        adapter.fetch_note(ANA)

    pretend.control(SHOP, {"expire_token": True})
    with pytest.raises(GiveUp) as revoked:
        adapter.fetch_note(ANA)
    assert revoked.value.disables


def test_withheld_fields_leave_the_rest(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    fields = ["firstName", "lastName", "displayName", "defaultEmailAddress", "defaultPhoneNumber", "defaultAddress"]
    pretend.control(SHOP, {"deny_fields": [f"Customer.{field}" for field in fields]})

    customer = adapter.fetch_customer(ANA)

    assert customer is not None
    assert (customer.first_name, customer.display_name, customer.emails, customer.location) == ("", "", (), "")
    assert customer.note == "Prefers evening delivery."


def test_orders_survive_without_their_status_page(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    assert adapter.fetch_orders(ANA)[0].status_url
    pretend.control(SHOP, {"deny_fields": ["Order.statusPageUrl"]})

    orders = adapter.fetch_orders(ANA)

    assert len(orders) >= 2 and orders[0].status_url == ""


def test_orders_survive_without_what_they_were_placed_with(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    assert adapter.fetch_orders(ANA)[0].email == "ana.lopes@shopper.example"
    pretend.control(SHOP, {"deny_fields": ["Order.email", "Order.phone"]})

    orders = adapter.fetch_orders(ANA)

    assert {(order.email, order.phone) for order in orders} == {("", "")}
    assert all(order.items for order in orders)


def test_orders_say_what_kinds_of_products_where_we_may_know(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    told = {item.category for order in adapter.fetch_orders(ANA) for item in order.items}
    pretend.control(SHOP, {"deny_fields": ["LineItem.product"]})

    orders = adapter.fetch_orders(ANA)

    assert {"Kitchen", "Textiles"} & told and "" not in told
    assert {item.category for order in orders for item in order.items} == {""}
    assert all(item.title for order in orders for item in order.items)


@pytest.mark.parametrize("field", ["note", "updatedAt", "locale"])
def test_what_we_cannot_do_without_is_not_taken_for_empty(
    field: str, adapter: ShopifyAdapter, pretend: StoreHandle
) -> None:
    pretend.control(SHOP, {"deny_fields": [f"Customer.{field}"]})

    with pytest.raises(GiveUp):
        adapter.fetch_customer(ANA)


def test_missing_scopes_and_foreign_tokens_are_named(adapter: ShopifyAdapter, pretend: StoreHandle) -> None:
    pretend.control(SHOP, {"scopes": ["read_customers", "write_customers"]})
    with pytest.raises(GiveUp, match="read_orders"):
        adapter.check()

    stranger = ShopifyAdapter(replace(adapter.credentials, token="shpat_foreign"), adapter.http)
    with pytest.raises(GiveUp) as foreign:
        stranger.check()
    assert foreign.value.disables


def test_a_subscribed_store_sends_webhooks_that_can_be_read(
    adapter: ShopifyAdapter, pretend: StoreHandle, received: tuple[str, "SimpleQueue[tuple[dict[str, str], bytes]]"]
) -> None:
    url, arrivals = received
    adapter.subscribe(url)
    adapter.subscribe(url)
    assert len(pretend.report(SHOP)["subscriptions"]) == 7

    pretend.control(SHOP, {"edit_customer": {"customer": ANA, "note": "Call before noon."}})
    headers, body = arrivals.get(timeout=5)

    assert adapter.verify_webhook(headers, body, adapter.credentials.secrets)
    envelope: WebhookEnvelope = adapter.read_webhook(headers, body)
    (fact,) = envelope.facts
    assert (envelope.shop, envelope.topic) == (SHOP, "customers/update")
    assert isinstance(fact, CustomerChanged)
    assert (fact.remote_id, fact.note) == (ANA, "Call before noon.")
    assert b"ana.lopes" not in body


@pytest.fixture
def received() -> Iterator[tuple[str, "SimpleQueue[tuple[dict[str, str], bytes]]"]]:
    """A door for webhooks: its address, and what came through it."""
    arrivals: SimpleQueue[tuple[dict[str, str], bytes]] = SimpleQueue()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrivals.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hooks/shopify/", arrivals
    server.shutdown()
    server.server_close()
