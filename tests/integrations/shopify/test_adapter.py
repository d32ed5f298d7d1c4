"""The adapter against recorded answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.base import GiveUp, TryAgain
from integrations.shopify.adapter import ShopifyAdapter
from integrations.types import Money, NoteFacts, Tracking
from tests.integrations.fake_http import FakeHttp, answered
from tests.integrations.shopify.conftest import CREDENTIALS

Store = Callable[..., tuple[ShopifyAdapter, FakeHttp]]
ID = "706405506930370084"


def test_check_answers_the_shops_name(store: Store) -> None:
    adapter, http = store("shop")

    assert adapter.check() == "Acme Demo"
    assert http.calls[0].url == "https://acme-demo.myshopify.com/admin/api/2026-10/graphql.json"
    assert http.calls[0].headers["X-Shopify-Access-Token"] == CREDENTIALS.token


def test_check_names_missing_scopes(store: Store, payload: Callable[[str], Any]) -> None:
    shop = payload("shop")
    shop["data"]["currentAppInstallation"]["accessScopes"] = [{"handle": "read_customers"}]
    adapter, _ = store(answered(shop))

    with pytest.raises(GiveUp, match="lacks write_customers, read_orders"):
        adapter.check()


def test_check_refuses_a_shop_under_another_name(store: Store, payload: Callable[[str], Any]) -> None:
    shop = payload("shop")
    shop["data"]["shop"]["myshopifyDomain"] = "globex-demo.myshopify.com"
    adapter, _ = store(answered(shop))

    with pytest.raises(GiveUp, match="globex-demo"):
        adapter.check()


def test_base_url_moves_calls_and_links(payload: Callable[[str], Any]) -> None:
    http = FakeHttp(answered(payload("customer")))
    credentials = replace(CREDENTIALS, base_url="http://127.0.0.1:9100/shops/{shop}")

    customer = ShopifyAdapter(credentials, http).fetch_customer(ID)

    root = "http://127.0.0.1:9100/shops/acme-demo.myshopify.com"
    assert http.calls[0].url == f"{root}/admin/api/2026-10/graphql.json"
    assert customer is not None and customer.admin_url == f"{root}/admin/customers/{ID}"


@pytest.mark.parametrize(
    "shop", ["evil.example", "a.b.myshopify.com", "evil.example/#.myshopify.com", "x.myshopify.com\n.", ""]
)
def test_adapter_refuses_what_is_no_shop(shop: str) -> None:
    with pytest.raises(GiveUp):
        ShopifyAdapter(replace(CREDENTIALS, shop=shop), FakeHttp())


def test_clean_shop_forgives_case_and_blanks() -> None:
    assert ShopifyAdapter.clean_shop(" Acme-Demo.MyShopify.com\n") == "acme-demo.myshopify.com"


def test_fetch_customer_reads_every_fact(store: Store) -> None:
    adapter, http = store("customer")

    customer = adapter.fetch_customer(ID)

    assert customer is not None
    assert customer.remote_id == ID
    assert customer.note == "Prefers e-mail.\r\nAllergic to nuts 🥜"
    assert customer.updated_at == datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
    assert (customer.first_name, customer.last_name, customer.display_name) == ("Mira", "Vale", "Mira Vale")
    assert customer.emails == ("Mira@Vale.example",)
    assert customer.phones == ("+33612345678",)
    assert (customer.location, customer.language, customer.orders_count) == ("Lyon, France", "fr", 3)
    assert customer.spent == (Money(21495, "EUR"),)
    assert customer.admin_url == f"https://acme-demo.myshopify.com/admin/customers/{ID}"
    assert http.calls[0].json["variables"] == {"id": f"gid://shopify/Customer/{ID}"}


def test_fetch_customer_bears_withheld_fields(store: Store) -> None:
    adapter, _ = store("customer_withheld")

    customer = adapter.fetch_customer(ID)

    assert customer is not None
    assert customer.display_name == "" and customer.emails == () and customer.location == ""
    assert customer.note.startswith("Prefers")


def test_fetches_answer_none_only_for_an_answered_null(store: Store) -> None:
    gone = answered({"data": {"customer": None}})
    adapter, _ = store(gone, gone, gone, answered({"data": {}}))

    assert adapter.fetch_customer(ID) is None
    assert adapter.fetch_note(ID) is None
    assert adapter.fetch_orders(ID) == ()
    with pytest.raises(GiveUp):
        adapter.fetch_note(ID)


def test_a_withheld_note_is_not_an_empty_note(store: Store) -> None:
    error = {"message": "Access denied", "path": ["customer", "note"], "extensions": {"code": "ACCESS_DENIED"}}
    adapter, _ = store(answered({"data": {"customer": {"note": None, "updatedAt": None}}, "errors": [error]}))

    with pytest.raises(GiveUp, match="Access denied"):
        adapter.fetch_note(ID)


def test_a_withheld_field_that_takes_its_customer_along_is_not_a_missing_customer(store: Store) -> None:
    error = {"message": "Denied", "path": ["customer", "firstName"], "extensions": {"code": "ACCESS_DENIED"}}
    adapter, _ = store(answered({"data": {"customer": None}, "errors": [error]}))

    with pytest.raises(GiveUp, match="Denied"):
        adapter.fetch_customer(ID)


def test_a_failing_field_is_not_a_missing_customer(store: Store) -> None:
    error = {"message": "Oops", "path": ["customer"], "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    adapter, _ = store(answered({"data": {"customer": None}, "errors": [error]}))

    with pytest.raises(TryAgain):
        adapter.fetch_note(ID)


def test_fetch_note_takes_null_for_no_note(store: Store) -> None:
    adapter, _ = store(answered({"data": {"customer": {"note": None, "updatedAt": "2026-11-20T09:15:30Z"}}}))

    assert adapter.fetch_note(ID) == NoteFacts("", datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC))


def test_fetch_note_drops_what_the_database_cannot_hold(store: Store) -> None:
    body = rb'{"data": {"customer": {"note": "a\u0000b\ud83dc \ud83e\udd5c", "updatedAt": null}}}'
    adapter, _ = store(answered(body))

    note = adapter.fetch_note(ID)

    assert note is not None and note.text == "ab\ufffdc 🥜"


def test_write_note_answers_what_the_store_holds(store: Store) -> None:
    adapter, http = store("note_written")

    note = adapter.write_note(ID, "Prefers e-mail.  ")

    assert note == NoteFacts("Prefers e-mail.", datetime(2026, 11, 21, 10, tzinfo=UTC))
    assert http.calls[0].json["variables"] == {"id": f"gid://shopify/Customer/{ID}", "note": "Prefers e-mail.  "}


def test_write_note_passes_the_stores_refusal_on(store: Store) -> None:
    adapter, _ = store("note_refused")

    with pytest.raises(GiveUp, match="Customer does not exist") as refusal:
        adapter.write_note(ID, "x")
    assert not refusal.value.disables


def test_write_note_counts_before_it_calls(store: Store) -> None:
    adapter, http = store("note_written")

    with pytest.raises(GiveUp, match="5,000"):
        adapter.write_note(ID, "🥜" * 2501)
    assert http.calls == []
    assert adapter.write_note(ID, "🥜" * 2500)


def test_find_customers_keeps_only_equal_addresses(store: Store) -> None:
    adapter, http = store("customers_found")

    found = adapter.find_customers(email=" MIRA@vale.example", phone=None)

    assert [customer.remote_id for customer in found] == [ID]
    assert http.calls[0].json["variables"]["query"] == 'email:"mira@vale.example"'


def test_find_customers_compares_phones_as_e164(store: Store) -> None:
    adapter, http = store("customers_found")

    found = adapter.find_customers(email="nobody@vale.example", phone="+33 6 12 34 56 78")

    assert [customer.remote_id for customer in found] == [ID]
    assert http.calls[0].json["variables"]["query"] == 'email:"nobody@vale.example" OR phone:"+33612345678"'


def test_find_customers_cannot_be_talked_out_of_the_quotes(store: Store) -> None:
    adapter, http = store("customers_found")

    adapter.find_customers(email="o'neil\\\"\n OR tag:vip@x.example", phone=None)

    assert http.calls[0].json["variables"]["query"] == 'email:"o\'neil\\\\\\" or tag:vip@x.example"'


def test_find_customers_does_not_mix_letters_that_look_alike(store: Store, payload: Callable[[str], Any]) -> None:
    found = payload("customers_found")
    found["data"]["customers"]["nodes"][1]["defaultEmailAddress"]["emailAddress"] = "\u212aira@vale.example"
    adapter, _ = store(answered(found))

    assert adapter.find_customers(email="kira@vale.example", phone=None) == ()


def test_find_customers_asks_nothing_without_a_usable_value(store: Store) -> None:
    adapter, http = store()

    assert adapter.find_customers(email="", phone="0612345678") == ()
    assert http.calls == []


def test_fetch_orders_reads_lines_parcels_and_statuses(store: Store) -> None:
    adapter, http = store("orders")

    newest, older = adapter.fetch_orders(ID, limit=5)

    assert http.calls[0].json["variables"]["first"] == 5
    assert (newest.name, newest.total) == ("#1002", Money(8990, "EUR"))
    assert (newest.payment_status, newest.fulfillment_status) == ("partially_refunded", "fulfilled")
    assert [(item.title, item.quantity, item.price.minor) for item in newest.items] == [
        ("Linen shirt", 2, 3995),
        ("Gift card", 1, 1000),
    ]
    assert newest.tracking == (Tracking("La Poste", "6A123", "https://post.example/6A123"),)
    assert newest.admin_url == "https://acme-demo.myshopify.com/admin/orders/820982911946154508"
    assert older.payment_status == "some_future_status"
    assert older.total == Money(1250, "JPY")
    assert older.cancelled_at is not None
    assert older.status_url == ""
    assert (newest.email, newest.phone, older.email, older.phone) == ("gift@work.example", "+33612345678", "", "")


@pytest.mark.parametrize(
    ("parcels", "day"),
    [
        ([(None, None)], None),
        ([(None, "2026-11-24T00:00:00Z"), (None, "2026-11-22T00:00:00Z")], 22),
        ([("2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z"), (None, "2026-11-24T00:00:00Z")], 24),
        ([("2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z")], None),
    ],
)
def test_order_is_due_with_the_next_parcel_on_its_way(
    store: Store, payload: Callable[[str], Any], parcels: list[tuple[str | None, str | None]], day: int | None
) -> None:
    orders = payload("orders")
    orders["data"]["customer"]["orders"]["nodes"][0]["fulfillments"] = [
        {"deliveredAt": delivered, "estimatedDeliveryAt": expected, "trackingInfo": []}
        for delivered, expected in parcels
    ]
    adapter, _ = store(answered(orders))

    due_at = adapter.fetch_orders(ID)[0].due_at

    assert due_at == (datetime(2026, 11, day, tzinfo=UTC) if day else None)


def test_fetch_orders_refuses_a_limit_the_store_would_not_pay(store: Store) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        store()[0].fetch_orders(ID, limit=11)


def test_an_order_of_a_wrong_shape_gives_up(store: Store, payload: Callable[[str], Any]) -> None:
    orders = payload("orders")
    orders["data"]["customer"]["orders"]["nodes"][0]["currentTotalPriceSet"]["shopMoney"]["amount"] = "NaN"
    adapter, _ = store(answered(orders))

    with pytest.raises(GiveUp, match="currentTotalPriceSet"):
        adapter.fetch_orders(ID)


@pytest.mark.parametrize("remote_id", ["", "abc", "gid://shopify/Order/1", "1 OR 1", "٣", "9" * 20])
def test_a_foreign_id_is_not_sent(store: Store, remote_id: str) -> None:
    adapter, http = store()

    with pytest.raises(GiveUp):
        adapter.fetch_note(remote_id)
    assert http.calls == []


def test_subscribe_adds_only_what_is_missing(store: Store) -> None:
    adapter, http = store("subscriptions", *["subscribed"] * 6)

    adapter.subscribe("https://desk.example/hooks/shopify/")

    created = {call.json["variables"]["topic"]: call.json["variables"]["subscription"] for call in http.calls[1:]}
    assert created.keys() == {
        "CUSTOMERS_CREATE",
        "CUSTOMERS_DELETE",
        "CUSTOMERS_MERGE",
        "ORDERS_CREATE",
        "ORDERS_UPDATED",
        "APP_UNINSTALLED",
    }
    assert created["CUSTOMERS_CREATE"]["includeFields"] == ["id", "admin_graphql_api_id", "updated_at", "note"]
    assert created["APP_UNINSTALLED"] == {"uri": "https://desk.example/hooks/shopify/", "format": "JSON"}


def test_subscribe_tries_all_topics_before_it_complains(store: Store, payload: Callable[[str], Any]) -> None:
    refusal = payload("subscribed")
    refusal["data"]["webhookSubscriptionCreate"]["userErrors"] = [{"message": "No access to this topic"}]
    adapter, http = store("subscriptions", answered(refusal), *["subscribed"] * 5, "subscriptions")

    with pytest.raises(GiveUp, match="No access to this topic"):
        adapter.subscribe("https://desk.example/hooks/shopify/")
    assert http.answers == []


def test_subscribe_stops_at_a_revoked_token(store: Store) -> None:
    adapter, http = store("subscriptions", answered({}, status=401))

    with pytest.raises(GiveUp) as refusal:
        adapter.subscribe("https://desk.example/hooks/shopify/")
    assert refusal.value.disables
    assert len(http.calls) == 2
