"""Signatures and contents of webhooks."""

import base64
import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.base import BadWebhook
from integrations.shopify.adapter import ShopifyAdapter
from integrations.types import (
    CustomerChanged,
    CustomerDeleted,
    CustomersMerged,
    Ignored,
    OrderChanged,
    StoreFact,
    Uninstalled,
)
from tests.integrations.shopify.signed import sign

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "shopify" / "webhook_samples"
TRIGGERED = datetime(2026, 11, 20, 9, 15, 31, 123456, tzinfo=UTC)


def head(topic: str, **changes: str) -> dict[str, str]:
    return {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": "acme-demo.myshopify.com",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "X-Shopify-Triggered-At": "2026-11-20T09:15:31.123456789Z",
        **changes,
    }


def fact(topic: str, payload: Any) -> StoreFact:
    envelope = ShopifyAdapter.read_webhook(head(topic), json.dumps(payload).encode())
    (only,) = envelope.facts
    return only


def test_verify_accepts_shopifys_own_vector() -> None:
    headers = {"x-shopify-hmac-sha256": "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="}

    assert ShopifyAdapter.verify_webhook(headers, b'{"foo": "bar"}', ("test_secret_key",))


@pytest.mark.parametrize("family", ["X-Shopify-Hmac-Sha256", "shopify-hmac-sha256", "x-shopify-hmac-sha256"])
def test_verify_takes_both_secrets_and_both_families(family: str) -> None:
    for secret in ("new", "old"):
        assert ShopifyAdapter.verify_webhook({family: sign(b"{}", secret)}, b"{}", ("new", "old"))


@pytest.mark.parametrize(
    "claimed",
    [
        "",
        "\u00e9",
        sign(b"{}", "other"),
        sign(b"{} ", "secret"),
        sign(b"{}", "secret").rstrip("="),
        sign(b"{}", "secret").lower(),
        base64.b64decode(sign(b"{}", "secret")).hex(),
    ],
)
def test_verify_refuses_any_other_spelling(claimed: str) -> None:
    assert not ShopifyAdapter.verify_webhook({"X-Shopify-Hmac-Sha256": claimed}, b"{}", ("secret",))


def test_verify_refuses_without_header_or_secret() -> None:
    assert not ShopifyAdapter.verify_webhook({}, b"{}", ("secret",))
    assert not ShopifyAdapter.verify_webhook({"X-Shopify-Hmac-Sha256": sign(b"{}", "")}, b"{}", ("",))


def test_head_reads_either_family_of_headers() -> None:
    headers = {key.removeprefix("X-").lower(): value for key, value in head("customers/update").items()}

    read = ShopifyAdapter.read_webhook_head(headers)

    assert (read.topic, read.shop) == ("customers/update", "acme-demo.myshopify.com")
    assert read.webhook_id == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
    assert read.triggered_at == TRIGGERED


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Topic", ""),
        ("Topic", "customers update"),
        ("Shop-Domain", "evil.example"),
        ("Shop-Domain", "evil.example#.myshopify.com"),
        ("Webhook-Id", ""),
        ("Webhook-Id", "x" * 101),
        ("Triggered-At", "yesterday"),
    ],
)
def test_head_refuses_what_cannot_be(header: str, value: str) -> None:
    with pytest.raises(BadWebhook):
        ShopifyAdapter.read_webhook_head(head("customers/update", **{f"X-Shopify-{header}": value}))


def test_customer_update_tells_note_and_time(payload: Callable[[str], Any]) -> None:
    changed = fact("customers/update", payload("webhooks/customers_update"))

    at = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
    assert changed == CustomerChanged("706405506930370084", at, "Loves ice cream")


def test_customer_update_tells_no_note_from_not_said(payload: Callable[[str], Any]) -> None:
    body = payload("webhooks/customers_update")

    cleared = fact("customers/create", body | {"note": None})
    del body["note"]
    silent = fact("customers/create", body)

    assert isinstance(cleared, CustomerChanged) and cleared.note == ""
    assert isinstance(silent, CustomerChanged) and silent.note is None


def test_customer_delete_and_merge(payload: Callable[[str], Any]) -> None:
    assert fact("customers/delete", payload("webhooks/customers_delete")) == CustomerDeleted("706405506930370084")
    assert fact("customers/merge", payload("webhooks/customers_merge")) == CustomersMerged("1", "2")
    assert fact("customers/merge", payload("webhooks/customers_merge_failed")) == Ignored("customers/merge")


def test_orders_name_their_customer(payload: Callable[[str], Any]) -> None:
    body = payload("webhooks/orders_create")

    assert fact("orders/create", body) == OrderChanged("820982911946154508", "706405506930370084")
    assert fact("orders/updated", body | {"customer": None}) == OrderChanged("820982911946154508", None)


def test_uninstalled_must_be_about_the_shop_of_the_header(payload: Callable[[str], Any]) -> None:
    body = payload("webhooks/app_uninstalled")

    assert fact("app/uninstalled", body) == Uninstalled(TRIGGERED)
    with pytest.raises(BadWebhook, match="another shop"):
        fact("app/uninstalled", body | {"myshopify_domain": "globex-demo.myshopify.com"})


def test_other_topics_are_ignored() -> None:
    assert fact("carts/update", {"token": "abc"}) == Ignored("carts/update")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b'{"id": NaN}',
        b'{"id": 1e999}',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000,
    ],
)
def test_bodies_that_are_no_object_are_refused(body: bytes) -> None:
    with pytest.raises(BadWebhook):
        ShopifyAdapter.read_webhook(head("customers/update"), body)


@pytest.mark.parametrize(
    ("topic", "change"),
    [
        ("customers/update", {"admin_graphql_api_id": None, "id": None}),
        ("customers/update", {"admin_graphql_api_id": "gid://shopify/Order/1"}),
        ("customers/update", {"admin_graphql_api_id": True}),
        ("customers/update", {"note": ["x"]}),
        ("customers/update", {"updated_at": 5}),
        ("customers/update", {"updated_at": "soon"}),
        ("customers/update", {"updated_at": "0001-01-01T00:00:00+23:00"}),
        ("orders/create", {"customer": "Mira"}),
        ("customers/merge", {"status": "completed"}),
    ],
)
def test_wrong_types_are_refused(topic: str, change: dict[str, Any], payload: Callable[[str], Any]) -> None:
    with pytest.raises(BadWebhook):
        fact(topic, payload("webhooks/customers_update") | change)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["id", "admin_graphql_api_id", "note", "updated_at", "customer", "status", "myshopify_domain"])
topics = st.sampled_from(
    ["customers/update", "customers/delete", "customers/merge", "orders/updated", "app/uninstalled"]
)


@settings(max_examples=60, deadline=None)
@given(topics, st.dictionaries(fields, json_values, max_size=5))
def test_no_body_causes_another_error(topic: str, body: dict[str, Any]) -> None:
    with contextlib.suppress(BadWebhook):
        fact(topic, body)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Shopify's own samples are not on this machine")
def test_shopifys_own_samples_are_read() -> None:
    for sample in sorted(SAMPLES.glob("*.json")):
        topic = sample.stem.replace("__", "/")
        assert fact(topic, json.loads(sample.read_text()))
