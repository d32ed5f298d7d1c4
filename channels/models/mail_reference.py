"""MailReference: which message a Message-ID stands for, of mails in and out."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class MailReference(TenantModel):
    """Kept as a digest: ids of strangers have any length."""

    digest = models.CharField(max_length=64)
    message_id = models.TextField()
    of_message = models.ForeignKey("tickets.Message", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "of_message", "digest"], name="mail_reference_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "digest"], name="mail_reference_digest")]

    def __str__(self) -> str:
        return self.message_id
