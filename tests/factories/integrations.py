"""Makers of connections, links, webhooks, and the routes to them."""

import json
from typing import Any

from django.utils import timezone

from accounts.kinds import SYSTEM, RouteKind
from accounts.services.numbering import next_number
from accounts.services.routing import claim_route
from customers.models import Customer
from events.models import Event
from events.services.recording import record
from integrations.kinds import StoreEvent
from integrations.models import Connection, InboundWebhook, StoreCustomer


def make_connection(shop: str = "acme-demo.myshopify.com", **fields: Any) -> Connection:
    fields = {"kind": "shopify", "token": "demo-token-acme", "secrets": json.dumps(["demo-secret-acme"]), **fields}
    connection: Connection = Connection.objects.create(number=next_number("connection"), shop=shop, **fields)
    claim_route(kind=RouteKind.STORE, key=connection.route_key, object_id=connection.pk)
    return connection


def make_link(connection: Connection, customer: Customer, remote_id: str = "1001", **fields: Any) -> StoreCustomer:
    link: StoreCustomer = StoreCustomer.objects.create(
        connection=connection, customer=customer, remote_id=remote_id, **fields
    )
    return link


def make_webhook(connection: Connection, headers: dict[str, str], body: bytes, **fields: Any) -> InboundWebhook:
    count = InboundWebhook.objects.count()
    fields = {"webhook_id": f"hook-{count}", "topic": "customers/update", "received_at": timezone.now(), **fields}
    webhook: InboundWebhook = InboundWebhook.objects.create(connection=connection, headers=headers, body=body, **fields)
    return webhook


def make_cause(connection: Connection) -> Event:
    """An event that something may follow from."""
    data = {"connection": connection.pk, "reason": "none"}
    return record(StoreEvent.DISCONNECTED, subject=connection, actor=SYSTEM, data=data)
