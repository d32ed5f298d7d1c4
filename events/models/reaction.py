"""Reaction: one subscriber's work on one event, kept until it is done."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class ReactionQuerySet(models.QuerySet["Reaction"]):
    def waiting(self) -> ReactionQuerySet:
        return self.filter(done_at=None, failed_at=None)

    def due(self, at: datetime) -> ReactionQuerySet:
        """Due, neither done nor given up, and not in another worker's hands."""
        return self.waiting().filter(Q(leased_until=None) | Q(leased_until__lt=at), due_at__lte=at)


class Reaction(models.Model):
    """Without row-level security: the sweep reads the due ones of all tenants, then opens each one's scope.

    It holds ids only; the event behind `event_id` is guarded. No foreign key to it for the same reason: the check
    would have to see a guarded row from outside its tenant.
    """

    tenant = models.ForeignKey("accounts.Tenant", on_delete=models.CASCADE, related_name="+")
    event_id = models.BigIntegerField()
    task = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = ReactionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "event_id", "task"], name="reaction_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="reaction_due", condition=Q(done_at=None, failed_at=None)),
            models.Index(fields=["done_at"], name="reaction_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.task} on {self.event_id}"
