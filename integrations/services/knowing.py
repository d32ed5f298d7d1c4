"""What is known of a customer from stores."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from customers.knowledge import Held, Person, mentions
from integrations.models import InboundWebhook, Order, OrderFieldValue, StoreCustomer


def _orders(person: Person) -> QuerySet[Any, Any]:
    return Order.objects.filter(store_customer__customer=person.customer)


def search(person: Person) -> None:
    """The bodies of webhooks that speak of them: the row stays, so that the same one is not taken twice."""
    links = StoreCustomer.objects.filter(customer=person.customer).values_list("remote_id", flat=True)
    with transaction.atomic():
        # As stores write the customer, in ids of their own and among the fields of an order.
        ids = [text for one in links for text in (f'Customer/{one}"', f'"id":{one},', f'"id": {one},')]
        for text in (*ids, *person.unmistakable):
            told = InboundWebhook.objects.extra(where=["position(convert_to(%s, 'UTF8') in body) > 0"], params=[text])
            theirs = [
                one.pk for one in told if text in ids or mentions(bytes(one.body).decode(errors="replace"), person)
            ]
            InboundWebhook.objects.filter(pk__in=theirs).update(body=b"{}", headers={}, outcome="Erased")


HELD = (
    Held(
        "order fields",
        OrderFieldValue,
        lambda person: OrderFieldValue.objects.filter(order__store_customer__customer=person.customer),
    ),
    # What was deleted above leaves its last trace there.
    Held(
        "order fields, history",
        OrderFieldValue.history.model,
        lambda person: OrderFieldValue.history.filter(order_id__in=_orders(person).values("pk")),
    ),
    Held("orders", Order, _orders),
    Held("stores", StoreCustomer, lambda person: StoreCustomer.objects.filter(customer=person.customer)),
)
