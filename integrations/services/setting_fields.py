"""Say what the custom fields of an order hold (F8)."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from accounts.kinds import Actor
from customers.field_values import Value
from customers.kinds import FieldTarget
from customers.services.showing_fields import facts_of, has_fields
from customers.services.writing_fields import write_typed
from events.services.recording import record
from integrations.kinds import OrderEvent
from integrations.models import Order


def set_fields(
    *,
    order: Order,
    typed: Mapping[str, str],
    zone: ZoneInfo,
    actor: Actor,
    based_on: Mapping[str, Value] | None = None,
) -> frozenset[str]:
    """As writing_fields.write_typed, with the order locked and the change told on its customer's timeline; returns the
    codes that changed.

    Raises NotFitting, FieldsContested.
    """
    with transaction.atomic():
        rows = Order.objects.select_related("store_customer__customer").select_for_update(of=("self",), no_key=True)
        order = rows.get(pk=order.pk)
        changed = write_typed(order, typed=typed, zone=zone, actor=actor, based_on=based_on)
        if changed:
            customer = order.store_customer.customer
            names = [field.name for field in changed.values()]
            record(
                OrderEvent.FIELDS_SET,
                subject=order,
                actor=actor,
                data={"order": order.pk, "name": order.name, "names": names},
                customer_id=customer.pk,
                live=(customer.live_name,),
            )
    return frozenset(changed)


def with_fields(orders: QuerySet[Order], zone: ZoneInfo) -> QuerySet[Order]:
    """With what is said as `field_list` (name, value, is_gone) and whether anything could be, as `has_fields`."""
    return orders.annotate(field_list=facts_of(Order, zone=zone), has_fields=has_fields(FieldTarget.ORDER))
