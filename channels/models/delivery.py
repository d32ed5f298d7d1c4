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
    # By which name the provider that took it reports on it; "" for SMTP.
    provider_id = models.CharField(max_length=255, blank=True)
    # The pixel is in it: whether it was opened can be known (F90).
    is_tracked = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)
    opens = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "message"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "provider_id"], name="delivery_by_provider", condition=~models.Q(provider_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"delivery of {self.message_id}"

    def mark_sent(self, *, at: datetime, provider_id: str = "") -> None:
        """`provider_id` is what a provider calls it in its reports."""
        self.state, self.sent_at, self.provider_id = DeliveryState.SENT, at, provider_id[:255]
        self.save(update_fields=["state", "sent_at", "provider_id"])

    def mark(self, *, state: DeliveryState, error: str) -> None:
        """What is known by now; `error` says who of its recipients has not got it."""
        self.state, self.error = state, error[:500]
        self.save(update_fields=["state", "error"])

    def mark_tracked(self, *, is_tracked: bool) -> None:
        if self.is_tracked != is_tracked:
            self.is_tracked = is_tracked
            self.save(update_fields=["is_tracked"])

    def mark_opened(self, *, at: datetime) -> None:
        self.opened_at, self.opens = self.opened_at or at, self.opens + 1
        self.save(update_fields=["opened_at", "opens"])

    def mark_failed(self, *, reason: str) -> None:
        self.state, self.error = DeliveryState.FAILED, reason[:500]
        self.save(update_fields=["state", "error"])
