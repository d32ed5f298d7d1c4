"""TimelineNote: one of any number of notes on a customer's timeline (F59, F60); the synchronized note is another."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.models.provenance import Authored


class TimelineNoteQuerySet(TenantQuerySet["TimelineNote"]):
    def kept(self) -> TimelineNoteQuerySet:
        return self.filter(deleted_at=None)


class TimelineNote(TenantModel, Authored):
    """`html` is sanitized before it is stored, and again before it is shown; `text` is for searching and lists."""

    number = models.BigIntegerField()
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="timeline_notes")
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
    html = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.CharField(max_length=200, blank=True)

    # Set by whoever reads all of a customer's: with which profile it came when that was merged, in words.
    came_with = ""

    objects = TenantManager.from_queryset(TimelineNoteQuerySet)()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="timeline_note_number")]
        indexes: ClassVar = [models.Index(fields=["tenant", "customer", "created_at"], name="timeline_note_by_time")]

    def __str__(self) -> str:
        return f"timeline note {self.number}"

    def mark_deleted(self, *, by: str, at: datetime) -> None:
        self.deleted_at, self.deleted_by = at, by[:200]
        self.save(update_fields=["deleted_at", "deleted_by"])

    def mark_kept(self) -> None:
        self.deleted_at, self.deleted_by = None, ""
        self.save(update_fields=["deleted_at", "deleted_by"])
