"""Notification: an event brought to one member's attention; and how each member wants to hear of what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class NotificationKind(models.TextChoices):
    ASSIGNED = "assigned", "A ticket is assigned to me"
    REPLIED = "replied", "A customer replies on my ticket"
    UNASSIGNED_NEW = "unassigned_new", "A new ticket nobody has"
    MENTIONED = "mentioned", "Somebody mentions me"


class NotificationQuerySet(TenantQuerySet["Notification"]):
    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def of_member(self, member_id: int) -> NotificationQuerySet:
        return self.filter(member_id=member_id)


class Notification(TenantModel):
    """Once per member and event: working an event twice notifies once."""

    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    in_page = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(NotificationQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "event"], name="notification_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "member", "id"], name="notification_unread", condition=models.Q(read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"


class NotificationPreference(TenantModel):
    """Absent: in the page yes, by e-mail no."""

    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    in_page = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "kind"], name="notification_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"
