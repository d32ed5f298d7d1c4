"""Recipient: whom a message was written to, openly or in copy."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.kinds import DeliveryState, RecipientKind
from tickets.models.message import Message


class Recipient(TenantModel):
    """`address` is normalized. `state` is how far the message is known to have got with this one, `detail` why no
    further, `state_at` since when; "" for not yet sent, and always for mail that came in.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=3, choices=RecipientKind.choices)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    state_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "message", "address"], name="recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.message_id}"

    def mark(self, state: DeliveryState, *, at: datetime | None, detail: str = "") -> None:
        """`at` is when it got there, None to keep the time it has."""
        self.state, self.detail, self.state_at = state, detail[:300], at or self.state_at
        self.save(update_fields=["state", "detail", "state_at"])
