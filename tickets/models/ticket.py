"""Ticket: what somebody asked, and all that was said about it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Membership
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from tickets.kinds import Priority, Status, Topic
from tickets.models.inbox import Inbox


class TicketQuerySet(TenantQuerySet["Ticket"]):
    def visible_to(self, agent: Membership) -> TicketQuerySet:
        """The one place that says who sees which ticket."""
        if agent.is_admin or agent.sees_all_inboxes:
            return self
        return self.filter(inbox__in=Inbox.objects.visible_to(agent))

    def open(self) -> TicketQuerySet:
        return self.filter(status=Status.OPEN)

    def closed(self) -> TicketQuerySet:
        return self.filter(status=Status.CLOSED)

    def assigned_to(self, agent: Membership) -> TicketQuerySet:
        return self.filter(assignee=agent)

    def unassigned(self) -> TicketQuerySet:
        return self.filter(assignee=None)

    def snoozed(self) -> TicketQuerySet:
        return self.filter(snoozed_until__isnull=False)

    def for_customer(self, customer_id: int) -> TicketQuerySet:
        return self.filter(customer_id=customer_id)

    def with_people(self) -> TicketQuerySet:
        """With what a row or a header shows, in the same query."""
        return self.select_related("customer", "assignee__user", "team", "inbox")


class Ticket(TenantModel):
    """Open or closed, never deleted (F76). No customer is legal: the message had no identity (F32).

    `snoozed_until` stands on closed tickets only (D27). A ticket that was `merged_into` another is closed and empty:
    its messages stand there.
    """

    number = models.BigIntegerField()
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    customer_reason = models.CharField(max_length=200, blank=True)
    assignee = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    topic = models.CharField(max_length=20, choices=Topic.choices, blank=True)
    tags = models.ManyToManyField("tickets.Tag", through="tickets.TicketTag", related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    linked_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    message_count = models.PositiveIntegerField(default=0)
    preview = models.CharField(max_length=200, blank=True)
    awaits_reply = models.BooleanField(default=True)

    objects = TenantManager.from_queryset(TicketQuerySet)()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "status", "-last_message_at", "-id"], name="ticket_by_status"),
            models.Index(fields=["tenant", "-last_message_at", "-id"], name="ticket_by_time"),
            models.Index(fields=["tenant", "assignee", "status", "-last_message_at"], name="ticket_by_assignee"),
            models.Index(fields=["tenant", "customer", "-id"], name="ticket_by_customer"),
            models.Index(fields=["tenant", "team", "status", "-last_message_at"], name="ticket_by_team"),
            models.Index(fields=["tenant", "inbox", "status", "-last_message_at", "-id"], name="ticket_by_inbox"),
            models.Index(
                fields=["tenant", "-last_message_at", "-id"],
                name="ticket_snoozed",
                condition=models.Q(snoozed_until__isnull=False),
            ),
            models.Index(fields=["tenant", "created_at"], name="ticket_by_opening"),
            models.Index(fields=["tenant", "closed_at"], name="ticket_by_closing"),
        ]

    def __str__(self) -> str:
        return f"ticket {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:show", args=(self.number,))

    @property
    def live_name(self) -> str:
        return f"ticket-{self.number}"

    @property
    def channel(self) -> str:
        return self.inbox.kind

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def is_snoozed(self) -> bool:
        return self.snoozed_until is not None

    def mark_closed(self, *, at: datetime, snoozed_until: datetime | None = None) -> None:
        self.status, self.closed_at, self.snoozed_until = Status.CLOSED, at, snoozed_until
        self.save(update_fields=["status", "closed_at", "snoozed_until"])

    def mark_open(self) -> None:
        self.status, self.closed_at, self.snoozed_until = Status.OPEN, None, None
        self.save(update_fields=["status", "closed_at", "snoozed_until"])

    def mark_assigned(self, *, assignee: Membership | None) -> None:
        self.assignee = assignee
        self.save(update_fields=["assignee"])

    def mark_message(self, *, preview: str, at: datetime, awaits_reply: bool) -> int:
        """Count one more message; returns its number. The row must be locked."""
        self.message_count += 1
        self.preview, self.last_message_at, self.awaits_reply = preview[:200], at, awaits_reply
        self.save(update_fields=["message_count", "preview", "last_message_at", "awaits_reply"])
        return self.message_count
