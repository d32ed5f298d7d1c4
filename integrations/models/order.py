"""Order: what a store told us of an order."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet

# D20, in Shopify's words. With other kinds of stores, a mapping.
REFUNDED = "refunded"
FULFILLED = "fulfilled"
SETTLED = ("paid", "partially_refunded")


class OrderQuerySet(TenantQuerySet["Order"]):
    def of_customer(self, customer_id: int) -> OrderQuerySet:
        return self.filter(store_customer__customer_id=customer_id).select_related("connection")

    def of_links(self, *link_ids: int) -> OrderQuerySet:
        return self.filter(store_customer__in=link_ids).select_related("connection")

    def in_work(self) -> OrderQuerySet:
        """Neither in the group *Cancel* nor in *Complete* (D20); `Order.is_in_work` says the same of one."""
        rows = self.filter(cancelled_at=None, closed_at=None).exclude(payment_status=REFUNDED)
        return rows.exclude(fulfillment_status=FULFILLED, payment_status__in=SETTLED)

    def newest_first(self) -> OrderQuerySet:
        return self.order_by("-placed_at", "-pk")


class Order(TenantModel):
    """Money is in minor units of its currency. `details` holds what is only shown: items, tracking, links."""

    connection = models.ForeignKey("integrations.Connection", on_delete=models.CASCADE, related_name="orders")
    store_customer = models.ForeignKey("integrations.StoreCustomer", on_delete=models.CASCADE, related_name="orders")
    remote_id = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    name_folded = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    payment_status = models.CharField(max_length=40, blank=True)
    fulfillment_status = models.CharField(max_length=40, blank=True)
    total_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    # What it was placed with, spelled as contacts are; the customer may be reached by others.
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=320, blank=True)
    details = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(OrderQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "connection", "remote_id"], name="order_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "store_customer", "-placed_at"], name="order_of_customer"),
            models.Index(fields=["tenant", "name_folded"], name="order_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_in_work(self) -> bool:
        is_done = self.fulfillment_status == FULFILLED and self.payment_status in SETTLED
        has_ended = self.is_cancelled or self.closed_at is not None or self.payment_status == REFUNDED
        return not (is_done or has_ended)

    @property
    def due_at(self) -> datetime | None:
        """When a parcel of it should arrive, where the store says."""
        told = self.details.get("due_at")
        return datetime.fromisoformat(told) if told else None

    def is_overdue(self, *, at: datetime) -> bool:
        """D19: the date has passed and it is neither complete nor cancelled; without a date never."""
        return self.is_in_work and self.due_at is not None and self.due_at < at
