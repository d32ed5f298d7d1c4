"""The customer note: one text, all its versions, and texts that lost a race and wait to be settled (D2)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.kinds import Actor
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.kinds import DraftChoice, NoteSync
from customers.models.provenance import Authored


class CustomerNote(TenantModel, Authored):
    """The text that holds now. `version` counts saves; a save says which version it was based on."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="note_row")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True)  # None: never saved
    # Written from above by whoever synchronizes, so that the card needs no look upward.
    sync_state = models.CharField(max_length=10, choices=NoteSync.choices, default=NoteSync.OFF)
    sync_detail = models.CharField(max_length=500, blank=True)
    text_limit = models.PositiveIntegerField(null=True)  # characters the store can take

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="customer_note_once")]

    def __str__(self) -> str:
        return f"note of {self.customer_id}"

    @property
    def live_name(self) -> str:
        return f"{self.customer.live_name}-note"

    def mark_saved(self, *, text: str, actor: Actor, at: datetime, sync_state: NoteSync) -> None:
        self.text, self.version, self.updated_at = text, self.version + 1, at
        if self.sync_state != sync_state:
            self.sync_state, self.sync_detail = sync_state, ""
        self.set_author(actor)
        self.save()

    def mark_sync(self, *, state: NoteSync, detail: str, text_limit: int | None) -> None:
        self.sync_state, self.sync_detail, self.text_limit = state, detail[:500], text_limit
        self.save(update_fields=["sync_state", "sync_detail", "text_limit"])


class NoteVersion(TenantModel, Authored):
    """Every text the note ever had; restoring one is a new save (B7)."""

    note = models.ForeignKey(CustomerNote, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "note", "number"], name="note_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.note_id}"


class NoteDraftQuerySet(TenantQuerySet["NoteDraft"]):
    def unsettled(self) -> NoteDraftQuerySet:
        return self.filter(settled_at=None)


class NoteDraft(TenantModel, Authored):
    """A text based on an older version: kept and shown to everyone until somebody chooses."""

    note = models.ForeignKey(CustomerNote, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    based_on = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    choice = models.CharField(max_length=10, choices=DraftChoice.choices, blank=True)

    objects = TenantManager.from_queryset(NoteDraftQuerySet)()

    # Set by whoever reads the card: whether the text is the reader's own.
    is_own = False

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "note"], name="note_draft_open", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.note_id}"

    def mark_settled(self, *, choice: DraftChoice, at: datetime) -> None:
        self.choice, self.settled_at = choice, at
        self.save(update_fields=["choice", "settled_at"])
