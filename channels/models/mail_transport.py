"""MailTransport: the SMTP server or mail provider by which an inbox sends, with its own health."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from channels.types import Security
from core.database.fields import EncryptedTextField

# Values of `kind`; every other one is a provider's name.
SMTP, SERVER = "smtp", "server"
SECURITIES = [(one.value, one.label) for one in Security]


class MailTransport(TenantModel):
    """An inbox without one sends by the server that the settings name.

    `kind` is "smtp", or a provider's name as django-anymail knows it; then `host` and what belongs to it is empty and
    `options` holds what the provider wants beside its secret (a region, a sender's domain). Or it is "server": the
    settings' server is used, and the row only tells how well it works for this inbox.
    """

    inbox = models.OneToOneField("tickets.Inbox", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    host = models.CharField(max_length=255, blank=True)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=10, choices=SECURITIES, default=Security.STARTTLS.value)
    user = models.CharField(max_length=320, blank=True)
    secret = EncryptedTextField(blank=True)
    options = models.JSONField(default=dict)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "inbox"], name="mail_transport_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.inbox_id}"

    @property
    def is_own(self) -> bool:
        """Whether the inbox has a way of its own."""
        return bool(self.host or self.secret)

    def mark_ok(self, *, at: datetime) -> None:
        self.last_ok_at, self.last_error, self.last_error_at = at, "", None
        self.save(update_fields=["last_ok_at", "last_error", "last_error_at"])

    def mark_error(self, *, reason: str, at: datetime) -> None:
        self.last_error, self.last_error_at = reason[:500], at
        self.save(update_fields=["last_error", "last_error_at"])
