"""Invitation: a single-use way into one workspace."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.kinds import Role
from accounts.models.membership import Membership


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of_tenant(self, tenant_id: int) -> InvitationQuerySet:
        return self.filter(tenant_id=tenant_id).select_related("invited_by__user")

    def unanswered(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None)

    def pending(self, at: datetime) -> InvitationQuerySet:
        return self.unanswered().filter(expires_at__gt=at)

    def by_admins(self) -> InvitationQuerySet:
        """Those of members who may still invite: nobody comes in by the word of somebody who was sent away."""
        admins = Q(invited_by__role__in=(Role.OWNER, Role.ADMIN))
        return self.filter(admins, invited_by__is_active=True, invited_by__user__is_active=True)

    def to_mail(self) -> InvitationQuerySet:
        return self.filter(mailed_at=None)

    def touching(self, member: Membership) -> InvitationQuerySet:
        """What the member sent in this workspace, and what was sent to them."""
        return self.filter(Q(invited_by=member) | Q(tenant_id=member.tenant_id, email=member.email))


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
    mailed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-id"], name="invitation_by_tenant"),
            models.Index(
                fields=["id"],
                name="invitation_to_mail",
                condition=Q(mailed_at=None, accepted_at=None, revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def mark_renewed(self, *, token_digest: str, expires_at: datetime) -> None:
        """The link that was sent is dead; a worker mails another."""
        self.token_digest, self.expires_at, self.mailed_at = token_digest, expires_at, None
        self.save(update_fields=["token_digest", "expires_at", "mailed_at"])

    def mark_accepted(self, *, at: datetime) -> None:
        self.accepted_at = at
        self.save(update_fields=["accepted_at"])

    def mark_revoked(self, *, at: datetime) -> None:
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])
