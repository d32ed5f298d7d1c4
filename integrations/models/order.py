"""Order: what a store told us of an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class OrderQuerySet(TenantQuerySet["Order"]):
    def of_customer(self, customer_id: int) -> OrderQuerySet:
        return self.filter(store_customer__customer_id=customer_id).select_related("connection")

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
