"""Keep what a store tells of a customer's orders."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from core.text import fold
from events.services.announcing import announce
from integrations.models import Order, StoreCustomer
from integrations.types import OrderFacts

# As many as are asked for and shown.
NEWEST = 10

FIELDS = (
    "store_customer",
    "name",
    "name_folded",
    "placed_at",
    "updated_at",
    "cancelled_at",
    "closed_at",
    "payment_status",
    "fulfillment_status",
    "total_minor",
    "currency",
    "details",
)


def collect_orders(*, link: StoreCustomer, orders: Sequence[OrderFacts], at: datetime) -> None:
    """Keep a customer's newest orders as the store had them at `at`; what was asked for later is not overwritten."""
    with transaction.atomic():
        link = StoreCustomer.objects.select_related("customer").select_for_update(of=("self",)).get(pk=link.pk)
        if link.refreshed_at is not None and link.refreshed_at > at:
            return
        Order.objects.bulk_create(
            [_order(link, facts) for facts in orders],
            update_conflicts=True,
            unique_fields=["tenant", "connection", "remote_id"],
            update_fields=FIELDS,
        )
        announce(link.customer.live_name)


def _order(link: StoreCustomer, facts: OrderFacts) -> Order:
    return Order(
        connection_id=link.connection_id,
        store_customer=link,
        remote_id=facts.remote_id,
        name=facts.name[:64],
        name_folded=fold(facts.name)[:64],
        placed_at=facts.placed_at,
        updated_at=facts.updated_at,
        cancelled_at=facts.cancelled_at,
        closed_at=facts.closed_at,
        payment_status=facts.payment_status[:40],
        fulfillment_status=facts.fulfillment_status[:40],
        total_minor=facts.total.minor,
        currency=facts.total.currency,
        details=_details(facts),
    )


def _details(facts: OrderFacts) -> dict[str, object]:
    """What is only shown."""
    items = [
        {
            "title": item.title,
            "variant": item.variant,
            "sku": item.sku,
            "quantity": item.quantity,
            "price_minor": item.price.minor,
            "image_url": item.image_url,
        }
        for item in facts.items
    ]
    return {
        "items": items,
        "tracking": [asdict(parcel) for parcel in facts.tracking],
        "status_url": facts.status_url,
        "admin_url": facts.admin_url,
    }
