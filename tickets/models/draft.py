"""Draft: what an agent is writing, kept as they type; DraftFile: what they mean to send along."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.kinds import DraftKind
from tickets.models.inbox import Inbox
from tickets.models.ticket import Ticket


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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "member", "ticket", "kind"], name="draft_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "ticket"], name="draft_by_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} draft of {self.member_id}"


class DraftFile(TenantModel):
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "draft", "file"], name="draft_file_once")]

    def __str__(self) -> str:
        return f"file {self.file_id} of draft {self.draft_id}"
