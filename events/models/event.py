"""Event: what happened, once, for ever."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models

from accounts.kinds import ActorKind
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from events.kinds import EventType, find_type


class EventQuerySet(TenantQuerySet["Event"]):
    def for_ticket(self, ticket_id: int) -> EventQuerySet:
        return self.filter(ticket_id=ticket_id)

    def for_tickets(self, *ticket_ids: int) -> EventQuerySet:
        return self.filter(ticket_id__in=ticket_ids)

    def for_customer(self, customer_id: int) -> EventQuerySet:
        return self.filter(customer_id=customer_id)

    def for_customers(self, customer_ids: Collection[int]) -> EventQuerySet:
        """Where all of them are read, or few are left; for pages there is `read_newest`."""
        return self.filter(customer_id__in=customer_ids)

    def audited(self) -> EventQuerySet:
        """What admins find in the audit; the condition of the indexes made for it."""
        return self.exclude(audit_group="")


class Event(TenantModel):
    """Append-only. Customer and ticket stand in plain columns: a timeline is one index scan, and a lower app's
    task never needs an upper app's row."""

    type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    ticket_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    cause = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # The heading of the audit that its type stands under, "" for none.
    audit_group = models.CharField(max_length=10, blank=True)

    objects = TenantManager.from_queryset(EventQuerySet)()

    # Set by whoever reads a whole timeline: whether its line offers to undo it.
    can_be_undone = False
    # The same: whether it is of one act with the line above it.
    follows = False
    # The same, of a timeline that goes over several pages: where it happened, an events.links.Link.
    place: Any = None
    # The same, of a customer who was merged: whose it was, in words.
    came_from = ""
    # Just recorded, by this process: nobody can have been notified of it.
    is_fresh = False

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant", "ticket_id", "id"], name="event_by_ticket"),
            models.Index(fields=["tenant", "customer_id", "id"], name="event_by_customer"),
            # The audit is read by time, so that each of its filters begins where its days begin.
            models.Index(
                fields=["tenant", "created_at", "id"], name="event_audited", condition=~models.Q(audit_group="")
            ),
            models.Index(
                fields=["tenant", "audit_group", "created_at", "id"],
                name="event_by_audit",
                condition=~models.Q(audit_group=""),
            ),
            models.Index(
                fields=["tenant", "actor_kind", "actor_id", "created_at", "id"],
                name="event_audit_by_actor",
                condition=~models.Q(audit_group=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_kind} {self.subject_id}"

    @property
    def event_type(self) -> EventType:
        return find_type(self.type)
