"""What is known of a customer from stores."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Now

from core.database.windows import windows
from customers.knowledge import Held, Person, Texts, mentions
from customers.services.striking import Likely
from integrations.models import Connection, InboundWebhook, Order, OrderFieldValue, StoreCustomer
from integrations.services.telling_contacts import forget_contacts


def _orders(person: Person) -> QuerySet[Any, Any]:
    return Order.objects.filter(store_customer__customer__in=person.ids)


def search(person: Person) -> None:
    """What no key leads to: other customers' orders that were placed with an address of theirs, and the bodies of
    webhooks that speak of them. A webhook's row stays, done, so that the same one is not taken twice.
    """
    forget_contacts(customer_ids=person.ids, values=person.addresses)
    with transaction.atomic():
        links = StoreCustomer.objects.filter(customer__in=person.ids)
        ids = {*links.values_list("remote_id", flat=True), *_orders(person).values_list("remote_id", flat=True)}
    addresses = [re.escape(_written(one)) for one in person.addresses if not one.isascii()]
    # Escaped letters may hide an address.
    pattern = "|".join(filter(None, [*map(re.escape, ids), person.wanted.likely, *addresses, r"\\\\u00"]))
    said = Func(F("body"), Value("escape"), function="encode", output_field=TextField())
    for webhooks in windows(InboundWebhook.objects.all()):
        with transaction.atomic():
            for webhook in webhooks.filter(Likely(said, pattern)).defer("headers").iterator(chunk_size=20):
                if _is_theirs(bytes(webhook.body), ids, person):
                    InboundWebhook.objects.filter(pk=webhook.pk).update(
                        body=b"{}",
                        headers={},
                        outcome="Erased",
                        worked_at=Coalesce(F("worked_at"), Now()),
                    )


def _is_theirs(body: bytes, ids: Collection[str], person: Person) -> bool:
    """Whether it names them, by an address or by the store's id of the person or of an order of theirs."""
    text = body.decode(errors="replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return mentions(text, person) or any(one in text for one in ids)
    return mentions(json.dumps(told, ensure_ascii=False), person) or _has_id(told, ids)


def _has_id(told: Any, ids: Collection[str]) -> bool:
    if isinstance(told, dict):
        return any(_is_id(name, one, ids) or _has_id(one, ids) for name, one in told.items())
    return isinstance(told, list) and any(_has_id(one, ids) for one in told)


def _is_id(name: str, value: Any, ids: Collection[str]) -> bool:
    """Stores write their ids as numbers, as texts, and as the end of an address of their own."""
    is_named = name == "id" or name.endswith("_id")
    return is_named and isinstance(value, int | str) and str(value).rpartition("/")[2] in ids


def _written(text: str) -> str:
    """As PostgreSQL writes bytes as text."""
    return "".join(chr(one) if one < 128 else f"\\{one:03o}" for one in text.encode())


HELD = (
    Held(
        "order fields",
        OrderFieldValue,
        lambda person: OrderFieldValue.objects.filter(order__store_customer__customer__in=person.ids),
    ),
    # What was deleted above leaves its last trace there.
    Held(
        "order fields, history",
        OrderFieldValue.history.model,
        lambda person: OrderFieldValue.history.filter(order_id__in=_orders(person).values("pk")),
    ),
    Held("orders", Order, _orders),
    Held("stores", StoreCustomer, lambda person: StoreCustomer.objects.filter(customer__in=person.ids)),
)
TEXTS = (
    Texts(StoreCustomer, ("display_name", "base_text", "remote_text", "sent_text", "note_error")),
    Texts(Order, ("details",)),
    Texts(OrderFieldValue, ("text", "key")),
    Texts(OrderFieldValue.history.model, ("text",)),
    Texts(InboundWebhook, ("outcome",)),
    Texts(Connection, ("last_error",)),
)
