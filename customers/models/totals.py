"""CustomerTotals: what has been counted of a customer, written by whoever counts it, from above."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class CustomerTotals(TenantModel):
    """No row: nothing counted yet. Orders without the cancelled ones; money in the smallest unit of `currency`."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="totals_row")
    first_contact_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    tickets = models.PositiveIntegerField(default=0)
    letters_sent = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="customer_totals_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-spent", "-customer"], name="customer_totals_spent"),
            models.Index(fields=["tenant", "-last_contact_at", "-customer"], name="customer_totals_contact"),
        ]

    def __str__(self) -> str:
        return f"totals of {self.customer_id}"
