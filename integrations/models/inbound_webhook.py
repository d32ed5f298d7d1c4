"""InboundWebhook: what a store sent, as it came, stored before it is understood."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class InboundWebhook(TenantModel):
    """Written by the hot door (doors.py) with plain SQL: keep both in step."""

    connection = models.ForeignKey("integrations.Connection", on_delete=models.CASCADE, related_name="+")
    webhook_id = models.CharField(max_length=100)
    topic = models.CharField(max_length=100)
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "connection", "webhook_id"], name="inbound_webhook_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "received_at"], name="inbound_webhook_age")]

    def __str__(self) -> str:
        return f"{self.topic} {self.webhook_id}"

    def mark_worked(self, *, outcome: str, at: datetime) -> None:
        self.outcome, self.worked_at = outcome[:200], at
        self.save(update_fields=["outcome", "worked_at"])
