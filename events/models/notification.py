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
    NOT_SENT = "not_sent", "A message of mine cannot be sent"


# What the one who did it did, as the bell and the mails say it.
SAID = {
    NotificationKind.ASSIGNED: "assigned a ticket to you",
    NotificationKind.REPLIED: "replied",
    NotificationKind.UNASSIGNED_NEW: "wrote, nobody has it",
    NotificationKind.MENTIONED: "mentioned you",
    NotificationKind.NOT_SENT: "could not send your message",
}
# The same where one may not know who.
SAID_BY_NOBODY = {
    NotificationKind.ASSIGNED: "A ticket was assigned to you",
    NotificationKind.REPLIED: "A customer replied",
    NotificationKind.UNASSIGNED_NEW: "A new ticket nobody has",
    NotificationKind.MENTIONED: "Somebody mentioned you",
    NotificationKind.NOT_SENT: "A message of yours could not be sent",
}


class NotificationQuerySet(TenantQuerySet["Notification"]):
    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def of_member(self, member_id: int) -> NotificationQuerySet:
        return self.filter(member_id=member_id)

    def in_page(self) -> NotificationQuerySet:
        return self.filter(in_page=True)

    def to_mail(self) -> NotificationQuerySet:
        """To go out by e-mail, and in nobody's hands yet."""
        return self.unread().filter(by_email=True, mailing=None)


class Notification(TenantModel):
    """Once per member and event: working an event twice notifies once.

    `mailing` is the id of the planned event whose reaction mails it: claimed by one conditional update, kept when the
    worker dies, so that a repeated mail holds the same notices under the same Message-ID. `by_email` goes out again
    when there turns out to be nothing to mail.
    """

    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    in_page = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mailing = models.BigIntegerField(null=True)

    objects = TenantManager.from_queryset(NotificationQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "event"], name="notification_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "member", "id"], name="notification_unread", condition=models.Q(read_at=None)
            ),
            models.Index(
                fields=["tenant", "member", "mailed_at"],
                name="notification_mailed",
                condition=models.Q(mailing__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"

    @property
    def words(self) -> str:
        """What the one who did it did."""
        return self.event.event_type.said[0] or SAID[NotificationKind(self.kind)]

    @property
    def bare_words(self) -> str:
        """What happened, to readers who may not know who did it."""
        return self.event.event_type.said[1] or SAID_BY_NOBODY[NotificationKind(self.kind)]


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
