"""Makers of connections and links."""

import json
from typing import Any

from accounts.services.numbering import next_number
from customers.models import Customer
from integrations.models import Connection, StoreCustomer


def make_connection(shop: str = "acme-demo.myshopify.com", **fields: Any) -> Connection:
    fields = {"token": "demo-token", "secrets": json.dumps(["demo-secret"]), **fields}
    return Connection.objects.create(number=next_number("connection"), kind="shopify", shop=shop, **fields)


def make_link(connection: Connection, customer: Customer, remote_id: str = "1001", **fields: Any) -> StoreCustomer:
    return StoreCustomer.objects.create(connection=connection, customer=customer, remote_id=remote_id, **fields)
