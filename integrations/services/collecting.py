"""Keep what a store tells of a customer's orders, and say what is new of those we knew."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from core.text import fold
from customers.kinds import ContactKind
from customers.services.writing_fields import fill_defaults
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from integrations.kinds import OrderEvent
from integrations.models import Order, StoreCustomer
from integrations.services.tallying import write_totals
from integrations.services.telling_contacts import spell_contact, tell_changed
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
    "email",
    "phone",
    "details",
)
# Those whose change is worth a line (S4: "the main changes on orders, for example, status changes").
STATUSES = ("payment_status", "fulfillment_status")


def collect_orders(
    *, link: StoreCustomer, orders: Sequence[OrderFacts], at: datetime, cause: Event | None = None
) -> None:
    """Keep a customer's newest orders as the store had them at `at`; what was asked for later is not overwritten."""
    with transaction.atomic():
        rows = StoreCustomer.objects.select_related("customer", "connection")
        link = rows.select_for_update(of=("self",)).get(pk=link.pk)
        if link.refreshed_at is not None and link.refreshed_at > at:
            return
        before = _known(link, orders)
        kept = Order.objects.bulk_create(
            [_order(link, facts) for facts in orders],
            update_conflicts=True,
            unique_fields=["tenant", "connection", "remote_id"],
            update_fields=FIELDS,
        )
        actor = link.connection.as_actor()
        fill_defaults(*(one for one in kept if one.remote_id not in before), actor=actor)
        for order in kept:
            _tell(link, before.get(order.remote_id), order, cause)
        tell_changed(link=link, before=before.values(), now=kept, actor=actor, cause=cause)
        write_totals(customer_id=link.customer_id)
        announce(link.customer.live_name)


def _known(link: StoreCustomer, orders: Sequence[OrderFacts]) -> Mapping[str, Order]:
    remote_ids = [facts.remote_id for facts in orders]
    rows = Order.objects.filter(connection=link.connection_id, remote_id__in=remote_ids) if remote_ids else None
    return {row.remote_id: row for row in rows.select_related("store_customer")} if rows is not None else {}


def _tell(link: StoreCustomer, before: Order | None, now: Order, cause: Event | None) -> None:
    data: dict[str, object] = {"order": now.pk, "name": now.name}
    if before is None:
        if now.placed_at < link.created_at:
            return
        type = OrderEvent.PLACED
    else:
        changed = _changed(before, now)
        if not changed:
            return
        type = OrderEvent.CHANGED
        data |= {"changed": changed, "said": _say(changed)}
    actor = link.connection.as_actor()
    record(type, subject=now, actor=actor, data=data, customer_id=link.customer_id, cause=cause)


def _changed(before: Order, now: Order) -> dict[str, list[str]]:
    """Name -> from and to, in the store's codes."""
    pairs = {name: [getattr(before, name), getattr(now, name)] for name in STATUSES}
    for name in ("cancelled", "closed"):
        was, is_now = (getattr(order, f"{name}_at") is not None for order in (before, now))
        pairs[name] = [name if was else "", name if is_now else ""]
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _say(changed: Mapping[str, Sequence[str]]) -> str:
    words = [now.replace("_", " ") or f"not {before.replace('_', ' ')} any more" for before, now in changed.values()]
    return ", ".join(words)


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
        email=spell_contact(ContactKind.EMAIL, facts.email),
        phone=spell_contact(ContactKind.PHONE, facts.phone),
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
            "category": item.category,
        }
        for item in facts.items
    ]
    return {
        "items": items,
        "tracking": [asdict(parcel) for parcel in facts.tracking],
        "status_url": facts.status_url,
        "admin_url": facts.admin_url,
        "due_at": facts.due_at.isoformat() if facts.due_at else None,
    }
