"""Say what the custom fields of a customer hold (F8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from customers.field_values import Value
from customers.kinds import CustomerEvent, FieldTarget
from customers.models import Customer, CustomField
from customers.services.writing_fields import FieldsContested, NotFitting, read_defaults, read_of, write_typed
from events.services.recording import record

__all__ = ["FieldsContested", "NotFitting", "read_required", "read_values", "set_fields"]


def read_required() -> tuple[Sequence[CustomField], Mapping[str, Value]]:
    """What must be said of every customer, and what stands there at first, by code."""
    fields = CustomField.objects.of(FieldTarget.CUSTOMER).active().filter(is_required=True)
    return list(fields.prefetch_related("options")), read_defaults(FieldTarget.CUSTOMER)


def read_values(*, customer: Customer) -> dict[str, Value]:
    """What the fields hold, by code; those without a value are left out. Options in their order."""
    return read_of(customer)


def set_fields(
    *,
    customer: Customer,
    typed: Mapping[str, str],
    zone: ZoneInfo,
    actor: Actor,
    based_on: Mapping[str, Value] | None = None,
) -> frozenset[str]:
    """As writing_fields.write_typed, with the customer locked and the change told; returns the codes that changed.

    Raises NotFitting, FieldsContested.
    """
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        changed = write_typed(customer, typed=typed, zone=zone, actor=actor, based_on=based_on)
        if changed:
            record(
                CustomerEvent.EDITED,
                subject=customer,
                actor=actor,
                data={"fields": sorted(changed)},
                customer_id=customer.pk,
                live=[customer.live_name],
                wakes=False,  # nothing that is compared
            )
    return frozenset(changed)
