"""RawMail: an arrived mail as it came, stored before it is understood; MailKey: what makes it a duplicate."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from channels.kinds import Outcome, Way
from channels.types import InboundMessage, Kind
from tickets.models import Message


class RawMailQuerySet(TenantQuerySet["RawMail"]):
    def quarantined(self) -> RawMailQuerySet:
        return self.filter(outcome=Outcome.QUARANTINED)


class RawMail(TenantModel):
    """The bytes are kept until erased, so that parsing can be run again."""

    number = models.BigIntegerField()
    inbox = models.ForeignKey("tickets.Inbox", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.COMMAND)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.RECEIVED)
    kind = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    message = models.ForeignKey("tickets.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    # Which parser last read it; an older one's may be read again.
    parser = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager.from_queryset(RawMailQuerySet)()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="raw_mail_number")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "outcome", "-id"], name="raw_mail_by_outcome"),
            models.Index(fields=["tenant", "message"], name="raw_mail_by_message"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"

    @property
    def kind_label(self) -> str:
        """What sort of mail it is, for people; "" for a person's letter and for what could not be read."""
        return Kind(self.kind).label if self.kind not in ("", Kind.NORMAL) else ""

    @property
    def is_done(self) -> bool:
        """Whether it became something, or came before: no longer anybody's to accept."""
        return self.outcome not in (Outcome.RECEIVED, Outcome.QUARANTINED)

    def mark(
        self,
        outcome: Outcome,
        *,
        parsed: InboundMessage | None,
        reason: str,
        message: Message | None = None,
    ) -> None:
        """Say what became of the mail, and what is worth showing of it in a list."""
        self.outcome, self.reason, self.message = outcome, reason[:500], message
        if parsed is not None:
            self.kind = parsed.kind.value
            self.sender = parsed.sender.email[:320] if parsed.sender else ""
            self.subject = parsed.subject[:500]
            self.parser = parsed.parser
        self.save(update_fields=["outcome", "reason", "message", "kind", "sender", "subject", "parser"])

    def mark_parsed(self, *, parser: int) -> None:
        self.parser = parser
        self.save(update_fields=["parser"])


class MailKey(TenantModel):
    """A Message-ID or a digest of the content, once per inbox: of two deliveries at the same instant one wins."""

    inbox = models.ForeignKey("tickets.Inbox", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    mail = models.ForeignKey(RawMail, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "inbox", "key"], name="mail_key_once")]

    def __str__(self) -> str:
        return self.key
