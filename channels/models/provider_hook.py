"""ProviderHook: the door at which an inbox's mail provider calls; ProviderCall: one call, stored before it is read."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from channels.kinds import CallPurpose, CallState
from core.database.fields import EncryptedTextField


def new_key() -> str:
    """128 random bits, for a URL."""
    return secrets.token_hex(16)


class ProviderHook(TenantModel):
    """`key` stands in the URL and finds the workspace; `secret` is the password the provider sends with each call."""

    inbox = models.OneToOneField("tickets.Inbox", on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=32, default=new_key)
    secret = EncryptedTextField(default=new_key)
    last_call_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "inbox"], name="provider_hook_once"),
            models.UniqueConstraint(fields=["tenant", "key"], name="provider_hook_key"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} calls for {self.inbox_id}"

    def renew(self, *, key: str, secret: str) -> None:
        self.key, self.secret = key, secret
        self.save(update_fields=["provider", "key", "secret"])

    def mark_called(self, *, at: datetime) -> None:
        self.last_call_at = at
        self.save(update_fields=["last_call_at"])

    def mark_error(self, *, reason: str, at: datetime | None) -> None:
        self.last_error, self.last_error_at = reason[:500], at
        self.save(update_fields=["last_error", "last_error_at"])


class ProviderCall(TenantModel):
    """The request as it came: its headers here, its body in a file."""

    hook = models.ForeignKey(ProviderHook, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=CallPurpose.choices)
    headers = models.JSONField(default=dict)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.RECEIVED)
    reason = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "hook", "-id"], name="provider_call_recent")]

    def __str__(self) -> str:
        return f"call {self.pk}"

    def mark(self, state: CallState, *, reason: str = "") -> None:
        self.state, self.reason = state, reason[:500]
        self.save(update_fields=["state", "reason"])

    @property
    def is_done(self) -> bool:
        return self.state != CallState.RECEIVED
