"""Presence: when a customer was last seen on chat, and how we know."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class Presence(TenantModel):
    """No row: never seen on chat."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="presence_row")
    last_seen_at = models.DateTimeField()
    evidence = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="presence_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "-last_seen_at", "-customer"], name="presence_by_time")]

    def __str__(self) -> str:
        return f"presence of {self.customer_id}"
