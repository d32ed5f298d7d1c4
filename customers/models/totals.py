"""CustomerTotals: orders and money of a customer, written from above by whoever counts them, for lists to order by."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class CustomerTotals(TenantModel):
    """No row: no orders. Without cancelled orders; money in the smallest unit of `currency`, the one of which the
    customer spent most (D26: never summed across)."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="totals_row")
    orders = models.PositiveIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="customer_totals_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-spent", "-customer"], name="customer_totals_spent"),
            models.Index(fields=["tenant", "-orders", "-customer"], name="customer_totals_orders"),
        ]

    def __str__(self) -> str:
        return f"totals of {self.customer_id}"
