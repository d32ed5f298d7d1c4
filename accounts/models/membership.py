"""Membership: a person's place in one workspace. An agent is a membership that answers."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from accounts.kinds import Actor, ActorKind, Role
from core.text import initials_of


def validate_time_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone such as Europe/Lisbon.")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(is_active=True, user__is_active=True)

    def of_tenant(self, tenant_id: int) -> MembershipQuerySet:
        return self.filter(tenant_id=tenant_id).select_related("user")

    def owners(self) -> MembershipQuerySet:
        return self.filter(role=Role.OWNER)

    def locked(self, member: Membership) -> Membership:
        """The same membership, read again and locked until the transaction ends; rows may still point at it."""
        return self.select_related("user", "tenant").select_for_update(of=("self",), no_key=True).get(pk=member.pk)


class Membership(models.Model):
    """Not guarded by row-level security: signing in must find a person's workspaces before any is active."""

    tenant = models.ForeignKey("accounts.Tenant", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.AGENT)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(default=True)
    sees_all_inboxes = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["tenant", "number"], name="membership_number"),
            # What composite foreign keys of tenant-owned tables point to.
            models.UniqueConstraint(fields=["tenant", "id"], name="membership_in_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.tenant_id}"

    @property
    def name(self) -> str:
        return self.user.display_name

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_admin(self) -> bool:
        """Owners are admins that cannot be removed (D28)."""
        return self.role in (Role.OWNER, Role.ADMIN)

    @property
    def live_name(self) -> str:
        return f"agent-{self.number}"

    def mark_time_zone(self, *, time_zone: str) -> None:
        self.time_zone = time_zone
        self.save(update_fields=["time_zone"])

    def mark_role(self, *, role: Role) -> None:
        self.role = role
        self.save(update_fields=["role"])

    def mark_inactive(self) -> None:
        self.is_active = False
        self.save(update_fields=["is_active"])

    def mark_active(self) -> None:
        self.is_active = True
        self.save(update_fields=["is_active"])

    def mark_inboxes(self, *, sees_all: bool) -> None:
        """All inboxes, later ones too, or those chosen for the member."""
        self.sees_all_inboxes = sees_all
        self.save(update_fields=["sees_all_inboxes"])

    def as_actor(self) -> Actor:
        return Actor(ActorKind.AGENT, self.pk, self.name)
