"""Delivery: one message on its way out, a row until confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.kinds import DeliveryState


class Delivery(TenantModel):
    message = models.OneToOneField("tickets.Message", on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    mail_id = models.CharField(max_length=320)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "message"], name="delivery_once")]

    def __str__(self) -> str:
        return f"delivery of {self.message_id}"

    def mark_sent(self, *, at: datetime, error: str = "") -> None:
        """`error` says who of several recipients was refused."""
        self.state, self.sent_at, self.error = DeliveryState.SENT, at, error[:500]
        self.save(update_fields=["state", "sent_at", "error"])

    def mark_failed(self, *, reason: str) -> None:
        self.state, self.error = DeliveryState.FAILED, reason[:500]
        self.save(update_fields=["state", "error"])
