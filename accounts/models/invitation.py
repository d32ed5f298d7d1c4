"""Invitation: a single-use way into one workspace."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.kinds import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of_tenant(self, tenant_id: int) -> InvitationQuerySet:
        return self.filter(tenant_id=tenant_id)

    def pending(self, at: datetime) -> InvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """Not guarded by row-level security: who follows the link has no workspace yet.

    Only the SHA-256 of the token is kept: whoever reads the table cannot come in by it.
    """

    tenant = models.ForeignKey("accounts.Tenant", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.AGENT)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="invitation_by_tenant")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
