"""Read Shopify's webhooks into neutral facts. Headers are not signed and bodies may be hours old: both are hints."""

import re
from collections.abc import Callable, Mapping

from core.http import read_json
from integrations.base import BadWebhook
from integrations.shopify.domain import is_shop
from integrations.shopify.reading import Json, Unreadable, read_moment, read_object, read_remote_id, read_text
from integrations.shopify.signing import find_header
from integrations.types import (
    CustomerChanged,
    CustomerDeleted,
    CustomersMerged,
    Ignored,
    OrderChanged,
    StoreFact,
    Uninstalled,
    WebhookEnvelope,
    WebhookHead,
)


def read_head(headers: Mapping[str, str]) -> WebhookHead:
    """Raise BadWebhook when the delivery's id, its topic or the shop is missing or misspelled."""
    webhook_id, topic = find_header(headers, "webhook-id"), find_header(headers, "topic")
    shop = find_header(headers, "shop-domain").lower()
    if not re.fullmatch(r"[\x21-\x7e]{1,100}", webhook_id):
        raise BadWebhook("the webhook has no usable id")
    if not re.fullmatch(r"[A-Za-z0-9_./]{1,100}", topic):
        raise BadWebhook("the webhook has no usable topic")
    if not is_shop(shop):
        raise BadWebhook("the webhook does not name a shop")
    try:
        triggered_at = read_moment({"triggered-at": find_header(headers, "triggered-at")}, "triggered-at")
    except Unreadable as error:
        raise BadWebhook(str(error)) from error
    return WebhookHead(webhook_id, topic, shop, triggered_at)


def read_webhook(headers: Mapping[str, str], body: bytes) -> WebhookEnvelope:
    """Raise BadWebhook when the body is not what the topic promises; unknown topics need only be JSON objects."""
    head = read_head(headers)
    try:
        payload = read_object(read_json(body), "the body")
        fact = READERS.get(head.topic, _ignored)(payload, head)
    except ValueError as error:
        reason = str(error) if isinstance(error, Unreadable) else "the body is not JSON"
        raise BadWebhook(reason) from error
    return WebhookEnvelope(head.webhook_id, head.topic, head.shop, head.triggered_at, (fact,))


def _customer_changed(payload: Json, head: WebhookHead) -> CustomerChanged:
    note = read_text(payload, "note", None) if "note" in payload else None
    return CustomerChanged(_own_id(payload, "Customer"), read_moment(payload, "updated_at"), note)


def _customer_deleted(payload: Json, head: WebhookHead) -> CustomerDeleted:
    return CustomerDeleted(_own_id(payload, "Customer"))


def _customers_merged(payload: Json, head: WebhookHead) -> StoreFact:
    if read_text(payload, "status", 50).lower() != "completed":
        return Ignored(head.topic)
    kept = read_remote_id(payload.get("admin_graphql_api_customer_kept_id"), "Customer")
    deleted = read_remote_id(payload.get("admin_graphql_api_customer_deleted_id"), "Customer")
    return CustomersMerged(kept, deleted)


def _order_changed(payload: Json, head: WebhookHead) -> OrderChanged:
    customer = payload.get("customer")
    buyer = _own_id(read_object(customer, "customer"), "Customer") if customer else None
    return OrderChanged(_own_id(payload, "Order"), buyer)


def _uninstalled(payload: Json, head: WebhookHead) -> Uninstalled:
    domain = read_text(payload, "myshopify_domain", 255).lower()
    # The signature does not cover the header: a body about one shop must not switch off another of the same app.
    if domain and domain != head.shop:
        raise Unreadable("the body is about another shop than the header")
    return Uninstalled(head.triggered_at)


def _ignored(payload: Json, head: WebhookHead) -> Ignored:
    return Ignored(head.topic)


def _own_id(payload: Json, kind: str) -> str:
    return read_remote_id(payload.get("admin_graphql_api_id") or payload.get("id"), kind)


READERS: dict[str, Callable[[Json, WebhookHead], StoreFact]] = {
    "customers/create": _customer_changed,
    "customers/update": _customer_changed,
    "customers/delete": _customer_deleted,
    "customers/merge": _customers_merged,
    "orders/create": _order_changed,
    "orders/updated": _order_changed,
    "app/uninstalled": _uninstalled,
}
