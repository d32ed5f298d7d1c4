"""MailAccount: a mailbox at a provider whose mail an inbox fetches by IMAP, with its own health."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from channels.types import MailboxLogin, Security
from core.database.fields import EncryptedTextField

SECURITIES = [(one.value, one.label) for one in Security]


class MailAccount(TenantModel):
    """Fetched after `last_uid` as long as the folder keeps its `uid_validity` (RFC 3501, section 2.3.1.1)."""

    inbox = models.OneToOneField("tickets.Inbox", on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=10, choices=SECURITIES, default=Security.TLS.value)
    user = models.CharField(max_length=320)
    # A password, or an OAuth 2 access token when `by_token`.
    secret = EncryptedTextField()
    by_token = models.BooleanField(default=False)
    folder = models.CharField(max_length=255, default="INBOX")
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True)
    fetched = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "inbox"], name="mail_account_once")]

    def __str__(self) -> str:
        return f"mailbox of {self.inbox_id}"

    @property
    def login(self) -> MailboxLogin:
        return MailboxLogin(
            host=self.host,
            port=self.port,
            security=Security(self.security),
            user=self.user,
            secret=self.secret,
            by_token=self.by_token,
            folder=self.folder,
        )

    def mark_place(self, *, uid_validity: int, last_uid: int) -> None:
        self.uid_validity, self.last_uid = uid_validity, last_uid
        self.save(update_fields=["uid_validity", "last_uid"])

    def mark_fetched(self, *, last_uid: int) -> None:
        self.last_uid, self.fetched = last_uid, self.fetched + 1
        self.save(update_fields=["last_uid", "fetched"])

    def mark_ok(self, *, at: datetime) -> None:
        self.last_ok_at, self.last_error, self.last_error_at = at, "", None
        self.save(update_fields=["last_ok_at", "last_error", "last_error_at"])

    def mark_error(self, *, reason: str, at: datetime) -> None:
        self.last_error, self.last_error_at = reason[:500], at
        self.save(update_fields=["last_error", "last_error_at"])
