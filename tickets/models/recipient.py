"""Recipient: whom a message was written to, openly or in copy."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.kinds import RecipientKind
from tickets.models.message import Message


class Recipient(TenantModel):
    """`address` is normalized."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=3, choices=RecipientKind.choices)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "message", "address"], name="recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.message_id}"
