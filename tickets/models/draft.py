"""Draft: what an agent is writing, kept as they type; DraftFile: what they mean to send along."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from accounts.models import Membership
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from core.html import html_to_text
from tickets.kinds import DraftKind
from tickets.models.inbox import Inbox
from tickets.models.ticket import Ticket


class DraftQuerySet(TenantQuerySet["Draft"]):
    def by(self, member: Membership, ticket: Ticket | None) -> DraftQuerySet:
        """What a member writes on a ticket, or on none yet; nobody else's is ever shown to them."""
        return self.filter(member=member, ticket=ticket)

    def kept(self) -> DraftQuerySet:
        return self.filter(discarded_at=None)

    def with_files(self) -> DraftQuerySet:
        files = DraftFile.objects.select_related("file").order_by("pk")
        return self.select_related("inbox").prefetch_related(models.Prefetch("files", files))


class Draft(TenantModel):
    """One of each kind per ticket and agent; without a ticket it is the agent's new one.

    `html` is as the agent's browser sent it, sanitized when it is used; `to`, `cc` and `bcc` as typed.
    """

    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=DraftKind.choices)
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=500, blank=True)
    to = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    bcc = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Counts savings: an older tab's text never replaces a newer one silently.
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    # Thrown away by its member; kept for a while, so that this can be undone.
    discarded_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(DraftQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "member", "ticket", "kind"], name="draft_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "ticket"], name="draft_by_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} draft of {self.member_id}"

    @property
    def is_discarded(self) -> bool:
        return self.discarded_at is not None

    @property
    def text(self) -> str:
        """For those who write without scripts."""
        return html_to_text(self.html)

    def words(self) -> dict[str, Any]:
        """What its member typed and chose, without the files."""
        return {name: getattr(self, name) for name in ("html", "to", "cc", "bcc", "subject", "inbox")}

    def mark_saved(self, *, words: dict[str, Any], at: datetime) -> None:
        """Replace the words; the row must be locked."""
        for name, value in words.items():
            setattr(self, name, value)
        self.version, self.updated_at, self.discarded_at = self.version + 1, at, None
        self.save()

    def mark_discarded(self, *, at: datetime) -> None:
        self.discarded_at = at
        self.save(update_fields=["discarded_at"])

    def mark_restored(self) -> None:
        self.discarded_at = None
        self.save(update_fields=["discarded_at"])


class DraftFile(TenantModel):
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "draft", "file"], name="draft_file_once")]

    def __str__(self) -> str:
        return f"file {self.file_id} of draft {self.draft_id}"
