"""Webhooks: signed, sent to whoever subscribed, sent again when refused, and spoiled on request."""

import pytest

from demo.store import signing
from demo.store.serving import StoreHandle
from tests.demo.conftest import ACME, ANA, SIGNING_KEY, Api
from tests.demo.receiver import Received, Receiver

HOOK = """mutation Hook($topic: WebhookSubscriptionTopic!, $sub: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $sub) {
    webhookSubscription { id topic uri includeFields apiVersion { handle } } userErrors { field message } } }"""
NOTE = "customers/update"


def is_signed(webhook: Received, secret: str = SIGNING_KEY) -> bool:
    return webhook.headers["x-shopify-hmac-sha256"] == signing.sign(webhook.raw, secret)


def test_signature_equals_the_published_vector() -> None:
    # Shopify/shopify-app-js, packages/apps/shopify-api/lib/webhooks/__tests__/validate.test.ts
    assert signing.sign(b'{"foo": "bar"}', "test_secret_key") == "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="


def test_write_by_the_api_comes_back_as_an_echo(api: Api, receiver: Receiver) -> None:
    updated_at = api.set_note(ANA, "Rings <twice> & waits. 🌻")["customer"]["updatedAt"]

    [echo] = receiver.wait_for(1)

    assert is_signed(echo)
    assert echo.body["id"] == 7301000000001
    assert echo.body["admin_graphql_api_id"] == ANA
    assert echo.body["note"] == "Rings <twice> & waits. 🌻"
    assert b"\\u003ctwice\\u003e" in echo.raw
    assert echo.body["updated_at"][:10] == updated_at[:10] and echo.body["updated_at"][-6] in "+-"
    assert {"tags", "orders_count", "total_spent"}.isdisjoint(echo.body)


def test_headers_are_those_of_shopify(api: Api, receiver: Receiver) -> None:
    api.set_note(ANA, "x")

    [echo] = receiver.wait_for(1)

    assert echo.headers["content-type"] == "application/json"
    assert echo.headers["x-shopify-topic"] == NOTE
    assert echo.headers["x-shopify-shop-domain"] == ACME
    assert echo.headers["x-shopify-api-version"] == "2026-10"
    assert len(echo.headers["x-shopify-webhook-id"]) == len(echo.headers["x-shopify-event-id"]) == 36
    assert echo.headers["x-shopify-triggered-at"].endswith("Z")


def test_equal_note_changes_nothing_and_sends_nothing(api: Api, store: StoreHandle, receiver: Receiver) -> None:
    api.set_note(ANA, "Prefers evening delivery.")

    assert store.report(ACME, settle=1)["webhooks"] == []


def test_webhooks_go_to_subscribers_of_the_topic_and_shop_only(
    api: Api, globex_api: Api, store: StoreHandle, receiver: Receiver
) -> None:
    globex_api.set_note("gid://shopify/Customer/7303000000001", "Not for acme.")
    store.control(ACME, {"unsubscribe": True})
    made = api.data(HOOK, topic="ORDERS_CREATE", sub={"uri": receiver.url, "format": "JSON"})
    api.set_note(ANA, "Nobody listens.")
    store.control(ACME, {"place_order": {"customer": ANA}})

    store.report(ACME, settle=1)

    assert made["webhookSubscriptionCreate"]["userErrors"] == []
    assert [each.topic for each in receiver.received] == ["orders/create"]


def test_subscription_is_listed_changed_and_deleted(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"unsubscribe": True})
    sub = {"uri": receiver.url, "includeFields": ["id", "note"]}
    made = api.data(HOOK, topic="CUSTOMERS_UPDATE", sub=sub)["webhookSubscriptionCreate"]["webhookSubscription"]
    again = api.data(HOOK, topic="CUSTOMERS_UPDATE", sub=sub)["webhookSubscriptionCreate"]
    far = api.data(HOOK, topic="ORDERS_CREATE", sub={"uri": "https://example.com/hooks"})["webhookSubscriptionCreate"]
    listed = "{ webhookSubscriptions(first: 100) { nodes { id topic uri } } }"
    one = api.data(listed)["webhookSubscriptions"]["nodes"]
    delete = "mutation ($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId } }"
    api.data(delete, id=made["id"])

    assert made["apiVersion"] == {"handle": "2026-10"} and made["includeFields"] == ["id", "note"]
    assert again["userErrors"] == [
        {"field": ["webhookSubscription", "uri"], "message": "Address for this topic has already been taken"}
    ]
    assert "this machine only" in far["userErrors"][0]["message"]
    assert one == [{"id": made["id"], "topic": "CUSTOMERS_UPDATE", "uri": receiver.url}]
    assert api.data(listed)["webhookSubscriptions"]["nodes"] == []


def test_chosen_fields_are_sent_only_when_they_change(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"unsubscribe": True})
    api.data(HOOK, topic="CUSTOMERS_UPDATE", sub={"uri": receiver.url, "includeFields": ["id", "note"]})
    store.control(ACME, {"edit_customer": {"customer": ANA, "note": "one"}})
    store.control(ACME, {"edit_customer": {"customer": ANA, "first_name": "Anna"}})
    store.control(ACME, {"edit_customer": {"customer": ANA, "note": "two"}})

    store.report(ACME, settle=1)

    sent = sorted((each.body for each in receiver.received), key=lambda body: str(body["note"]))
    assert sent == [{"id": 7301000000001, "note": "one"}, {"id": 7301000000001, "note": "two"}]


def test_chosen_fields_are_sent_anew_after_a_reset(receiver: Receiver, store: StoreHandle) -> None:
    only_notes = {"uri": receiver.url, "topics": ["CUSTOMERS_UPDATE"], "include_fields": ["id", "note"]}
    for _ in range(2):
        store.reset()
        store.control(ACME, {"subscribe": only_notes, "edit_customer": {"customer": ANA, "note": "one"}})
        store.report(ACME, settle=1)

    assert [each.body["note"] for each in receiver.received] == ["one", "one"]


def test_refused_webhook_is_sent_again_as_it_was(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    receiver.answers += [500, 302]
    api.set_note(ANA, "first")
    receiver.wait_for(1)
    api.set_note(ANA, "second")

    report = store.report(ACME, settle=2)

    firsts = [each for each in receiver.received if each.body["note"] == "first"]
    assert len(receiver.received) == 4
    assert len({(each.raw, each.headers["x-shopify-webhook-id"]) for each in firsts}) == 1
    assert sorted(status for each in report["webhooks"] for status in each["attempts"]) == [200, 200, 302, 500]
    assert {each["state"] for each in report["webhooks"]} == {"delivered"}


def test_webhook_is_given_up_after_the_last_retry(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    receiver.answers += [500] * 4
    api.set_note(ANA, "x")

    [webhook] = store.report(ACME, settle=2)["webhooks"]

    assert webhook["state"] == "failed" and webhook["attempts"] == [500] * 4


def test_lost_webhook_never_arrives(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"lose": 1})
    api.set_note(ANA, "lost")
    api.set_note(ANA, "found")

    report = store.report(ACME, settle=1)

    assert [each["state"] for each in report["webhooks"]] == ["lost", "delivered"]
    assert [each.body["note"] for each in receiver.received] == ["found"]


def test_duplicate_has_the_same_webhook_id(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"duplicate": {"count": 1, "copies": 3}})
    api.set_note(ANA, "thrice")
    api.set_note(ANA, "once")

    store.report(ACME, settle=1)

    assert sorted(each.body["note"] for each in receiver.received) == ["once", "thrice", "thrice", "thrice"]
    assert len({each.headers["x-shopify-webhook-id"] for each in receiver.received}) == 2


def test_delayed_webhook_tells_the_old_text_late(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"delay": {"count": 1, "seconds": 0.2}})
    api.set_note(ANA, "old")
    api.set_note(ANA, "new")

    store.report(ACME, settle=2)

    assert [each.body["note"] for each in receiver.received] == ["new", "old"]


def test_reordered_webhooks_arrive_newest_first(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"reorder": 3})
    for note in ("one", "two", "three"):
        api.set_note(ANA, note)

    store.report(ACME, settle=2)

    assert [each.body["note"] for each in receiver.received] == ["three", "two", "one"]


def test_wrong_signature_is_wrong_once(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"wrong_signature": 1})
    api.set_note(ANA, "forged")
    receiver.wait_for(1)
    api.set_note(ANA, "real")

    forged, real = receiver.wait_for(2)

    assert not is_signed(forged) and is_signed(real)


def test_new_secret_signs_from_now_on(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"secret": "newer"})
    api.set_note(ANA, "x")

    [webhook] = receiver.wait_for(1)

    assert is_signed(webhook, "newer")


def test_fault_of_a_topic_leaves_the_others_alone(receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"lose": {"count": 1, "topic": NOTE}, "place_order": {"customer": ANA}})

    store.report(ACME, settle=1)

    assert [each.topic for each in receiver.received] == ["orders/create"]


def test_order_touches_its_customer_in_one_event(receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"place_order": {"customer": "ana.lopes@shopper.example"}})

    [placed] = receiver.wait_for(1, topic="orders/create")
    [touched] = receiver.wait_for(1, topic=NOTE)

    assert placed.body["customer"]["id"] == 7301000000001
    assert placed.body["name"] == "#1017" and placed.body["total_price"] == "38.90"
    assert touched.body["note"] == "Prefers evening delivery."
    assert placed.headers["x-shopify-event-id"] == touched.headers["x-shopify-event-id"]
    assert placed.headers["x-shopify-webhook-id"] != touched.headers["x-shopify-webhook-id"]


def test_order_change_create_delete_and_merge_are_told(receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"merge_seconds": 0.02, "change_order": {"order": 1016, "fulfillment_status": "FULFILLED"}})
    store.control(ACME, {"add_customer": {"email": "short@mail.example", "note": "here for a moment"}})
    store.control(ACME, {"delete_customer": "short@mail.example"})
    store.control(ACME, {"merge_customers": {"one": "k7@mail.example", "two": ANA}})

    [changed] = receiver.wait_for(1, topic="orders/updated")
    [created] = receiver.wait_for(1, topic="customers/create")
    [deleted] = receiver.wait_for(1, topic="customers/delete")
    [merged] = receiver.wait_for(1, topic="customers/merge")

    assert changed.body["fulfillment_status"] == "fulfilled"
    assert created.body["note"] == "here for a moment"
    assert deleted.body == {
        "id": created.body["id"],
        "tax_exemptions": [],
        "admin_graphql_api_id": created.body["admin_graphql_api_id"],
    }
    assert merged.body["admin_graphql_api_customer_kept_id"] == ANA
    assert merged.body["status"] == "completed"


def test_uninstalling_tells_and_kills_the_token(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    api.data("mutation Uninstall { appUninstall { app { id } userErrors { message } } }")

    [told] = receiver.wait_for(1, topic="app/uninstalled")

    assert told.body["myshopify_domain"] == ACME
    assert api.post("{ shop { name } }").status_code == 401
    assert store.report(ACME)["subscriptions"] == []


def test_any_webhook_can_be_sent_and_sent_again(receiver: Receiver, store: StoreHandle) -> None:
    body = {"shop_domain": ACME, "customer": {"id": 7301000000001}}
    store.control(ACME, {"send": {"topic": "customers/redact", "body": body, "uri": receiver.url}})
    [first] = receiver.wait_for(1)
    store.control(ACME, {"send_again": first.headers["x-shopify-webhook-id"]})

    twice = receiver.wait_for(2)

    assert [each.body for each in twice] == [body, body]
    assert len({each.headers["x-shopify-webhook-id"] for each in twice}) == 1


def test_reset_calls_back_what_is_on_its_way(api: Api, receiver: Receiver, store: StoreHandle) -> None:
    store.control(ACME, {"delay": {"seconds": 0.1}})
    api.set_note(ANA, "never heard")
    store.reset()

    assert receiver.wait_for(1, seconds=0.25) == []
    assert store.report(ACME)["pending_webhooks"] == 0
    assert api.note(ANA) == "Prefers evening delivery."


@pytest.mark.parametrize("enum_topic", [("CUSTOMERS_UPDATE", NOTE), ("CUSTOMER_TAGS_ADDED", "customer.tags_added")])
def test_tags_travel_on_their_own_topic(
    api: Api, receiver: Receiver, store: StoreHandle, enum_topic: tuple[str, str]
) -> None:
    store.control(ACME, {"unsubscribe": True})
    api.data(HOOK, topic=enum_topic[0], sub={"uri": receiver.url})
    api.data('mutation ($id: ID!) { tagsAdd(id: $id, tags: ["gold"]) { userErrors { message } } }', id=ANA)

    [told] = receiver.wait_for(1)

    assert told.topic == enum_topic[1]
    assert told.body.get("tags") == (["gold"] if enum_topic[1] != NOTE else None)
