"""Connection: one shop a workspace is connected to, with its own health."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.kinds import Actor, ActorKind
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from core.database.fields import EncryptedTextField
from integrations.types import Credentials

# A call that went well is written down at most this often: health is shown in minutes, calls come by the second.
OK_IS_FRESH = timedelta(minutes=1)


class ConnectionQuerySet(TenantQuerySet["Connection"]):
    def working(self) -> ConnectionQuerySet:
        return self.filter(disabled_at=None)

    def linking(self) -> ConnectionQuerySet:
        """Those that link customers by themselves (F35)."""
        return self.working().filter(auto_link=True)


class Connection(TenantModel):
    """`sync_notes` is None until an admin has answered the question (D1: nothing is preselected)."""

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    shop = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    token = EncryptedTextField()
    secrets = EncryptedTextField()
    sync_notes = models.BooleanField(null=True)
    auto_link = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    connected_at = models.DateTimeField(default=timezone.now)  # the last time: what the store sent before is history
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ConnectionQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "kind", "shop"], name="connection_shop"),
            models.UniqueConstraint(fields=["tenant", "number"], name="connection_number"),
        ]

    def __str__(self) -> str:
        return self.shop

    @property
    def label(self) -> str:
        return self.name or self.shop

    @property
    def live_name(self) -> str:
        return f"connection-{self.number}"

    @property
    def route_key(self) -> str:
        return f"{self.kind}:{self.shop}"

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def syncs_notes(self) -> bool:
        """An unanswered question is a no."""
        return bool(self.sync_notes)

    @property
    def credentials(self) -> Credentials:
        return Credentials(shop=self.shop, token=self.token, secrets=tuple(json.loads(self.secrets)))

    def as_actor(self) -> Actor:
        return Actor(ActorKind.STORE, self.pk, self.label)

    def set_credentials(self, *, token: str, secrets: Sequence[str]) -> None:
        self.token, self.secrets = token, json.dumps(list(secrets))

    def mark_connected(self, *, at: datetime) -> None:
        """Saves the credentials set before, and begins with a clean health."""
        self.connected_at, self.disabled_at = at, None
        self.last_ok_at, self.last_error, self.last_error_at = None, "", None
        self.save()

    def mark_disconnected(self, *, reason: str, at: datetime) -> None:
        self.disabled_at, self.last_error, self.last_error_at = at, reason[:500], at
        self.save(update_fields=["disabled_at", "last_error", "last_error_at"])

    def is_known_well(self, *, at: datetime) -> bool:
        """Whether writing down one more good call would tell nothing new."""
        return not self.last_error and self.last_ok_at is not None and at - self.last_ok_at < OK_IS_FRESH

    def mark_ok(self, *, at: datetime) -> None:
        self.last_ok_at, self.last_error, self.last_error_at = at, "", None
        self.save(update_fields=["last_ok_at", "last_error", "last_error_at"])

    def mark_error(self, *, reason: str, at: datetime, disables: bool) -> None:
        self.last_error, self.last_error_at = reason[:500], at
        if disables:
            self.disabled_at = at
        self.save(update_fields=["last_error", "last_error_at", "disabled_at"])

    def mark_named(self, *, name: str) -> None:
        self.name = name[:255]
        self.save(update_fields=["name"])

    def mark_note_sync(self, *, on: bool) -> None:
        self.sync_notes = on
        self.save(update_fields=["sync_notes"])
