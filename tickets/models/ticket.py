"""Ticket: what somebody asked, and all that was said about it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import connection, models, transaction
from django.urls import reverse

from accounts.models import Membership, Team
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet, active_tenant_id
from core.database.queries import Query
from customers.models import Customer
from tickets.kinds import Priority, Status, Topic
from tickets.models.inbox import Inbox, InboxMember

MERGED_BELOW = """
WITH RECURSIVE below AS (
    SELECT id, number FROM tickets_ticket WHERE tenant_id = %(tenant)s AND merged_into_id = %(ticket)s
    UNION
    SELECT one.id, one.number FROM tickets_ticket one JOIN below ON one.merged_into_id = below.id
    WHERE one.tenant_id = %(tenant)s
)
SELECT id, number FROM below
"""


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

    def unmerged(self) -> TicketQuerySet:
        """Without those whose messages stand on another ticket."""
        return self.filter(merged_into=None)

    def locked_where_messages_go(self, ticket: Ticket) -> Ticket:
        """The ticket itself or, merged, the one its messages stand on now; locked until the transaction ends.

        A merge may come between reading and locking. The wrong row's lock is let go with the savepoint before the
        next is asked for: who waits for a ticket holds no other, so merges, which hold two, cannot deadlock with us.
        """
        pk = ticket.pk
        while True:
            savepoint = transaction.savepoint()
            found = _LOCKED_WITH_INBOX.first(pk)
            if found is None:
                raise Ticket.DoesNotExist
            if found.merged_into_id is None:
                transaction.savepoint_commit(savepoint)
                return found
            transaction.savepoint_rollback(savepoint)
            pk = found.merged_into_id

    def locked_in_order(self, *tickets: Ticket) -> dict[int, Ticket]:
        """By id, each locked until the transaction ends, in the order of their ids: whoever needs several does so."""
        rows = self.filter(pk__in=[one.pk for one in tickets]).order_by("pk")
        return {one.pk: one for one in rows.select_for_update(of=("self",), no_key=True)}

    def merged_below(self, ticket: Ticket) -> dict[int, int]:
        """Id -> number of every ticket merged into this one, or into one of those."""
        with connection.cursor() as cursor:
            cursor.execute(MERGED_BELOW, {"tenant": active_tenant_id(), "ticket": ticket.pk})
            return dict(cursor.fetchall())

    def for_customer(self, customer_id: int) -> TicketQuerySet:
        return self.filter(customer_id=customer_id)

    def with_people(self) -> TicketQuerySet:
        """With what a row or a header shows, in the same query."""
        return self.select_related("customer", "assignee__user", "team", "inbox")

    def with_merged(self) -> TicketQuerySet:
        """With whether other tickets were merged into it, as `has_merged`."""
        merged = Ticket.objects.filter(merged_into=models.OuterRef("pk"))
        return self.annotate(has_merged=models.Exists(merged))

    def with_assignee_right(self) -> TicketQuerySet:
        """With whether the assignee is named among the inbox's members, for `assignee_gap`."""
        named = InboxMember.objects.filter(inbox=models.OuterRef("inbox"), member=models.OuterRef("assignee"))
        return self.annotate(assignee_is_named=models.Exists(named))


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
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
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

    # Set by whoever reads all of a customer's: with which profile it came when that was merged, in words.
    came_with = ""

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
            # The other orders of open tickets: few rows, so each index is small.
            models.Index(
                fields=["tenant", "-priority", "-last_message_at", "-id"],
                name="ticket_open_by_priority",
                condition=models.Q(status=Status.OPEN),
            ),
            models.Index(
                fields=["tenant", "-topic", "-last_message_at", "-id"],
                name="ticket_open_by_topic",
                condition=models.Q(status=Status.OPEN),
            ),
            models.Index(
                fields=["tenant", "last_message_at", "id"],
                name="ticket_waiting",
                condition=models.Q(status=Status.OPEN, awaits_reply=True),
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

    @property
    def assignee_gap(self) -> str:
        """Why the assignee may no longer answer it, "" when they may or nobody is assigned."""
        # Rows, which were not read with_assignee_right(), are taken on trust.
        is_named = getattr(self, "assignee_is_named", True)
        return self.inbox.gap_of(self.assignee, is_named=is_named) if self.assignee else ""

    def where_messages_go(self) -> Ticket:
        """The ticket itself or, merged, the one its messages stand on now; a query for each merge on the way."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found

    def mark_closed(self, *, at: datetime, snoozed_until: datetime | None = None) -> None:
        self.status, self.closed_at, self.snoozed_until = Status.CLOSED, at, snoozed_until
        self.save(update_fields=["status", "closed_at", "snoozed_until"])

    def mark_open(self) -> None:
        self.status, self.closed_at, self.snoozed_until = Status.OPEN, None, None
        self.save(update_fields=["status", "closed_at", "snoozed_until"])

    def mark_assigned(self, *, assignee: Membership | None) -> None:
        self.assignee = assignee
        self.save(update_fields=["assignee"])

    def mark_team(self, *, team: Team | None) -> None:
        self.team = team
        self.save(update_fields=["team"])

    def mark_priority(self, *, priority: Priority) -> None:
        self.priority = priority
        self.save(update_fields=["priority"])

    def mark_topic(self, *, topic: Topic | None) -> None:
        self.topic = topic or ""
        self.save(update_fields=["topic"])

    def mark_subject(self, *, subject: str) -> None:
        self.subject = subject
        self.save(update_fields=["subject"])

    def mark_customer(self, *, customer: Customer | None, reason: str) -> None:
        """`reason` says why this customer, or why none (F32). It is theirs, whoever they were merged with before."""
        self.customer, self.origin_customer_id, self.customer_reason = customer, None, reason[:200]
        self.save(update_fields=["customer", "origin_customer_id", "customer_reason"])

    def mark_origin(self, *, customer_id: int | None) -> None:
        """Of whose merged profile it came; None of nobody's."""
        if self.origin_customer_id != customer_id:
            self.origin_customer_id = customer_id
            self.save(update_fields=["origin_customer_id"])

    def mark_merged(self, *, into: Ticket, at: datetime) -> None:
        """Closed, for good, as long as it is merged."""
        self.merged_into, self.status, self.snoozed_until = into, Status.CLOSED, None
        self.closed_at = self.closed_at or at
        self.save(update_fields=["merged_into", "status", "snoozed_until", "closed_at"])

    def mark_unmerged(self) -> None:
        """It stands by itself again, as closed as it is."""
        self.merged_into = None
        self.save(update_fields=["merged_into"])

    def mark_recounted(
        self,
        *,
        preview: str,
        last_message_at: datetime,
        awaits_reply: bool,
        first_replied_at: datetime | None,
        most: int,
    ) -> None:
        """What follows from its messages, after some came or went. `most` is the highest number of one: counting
        goes on above it and never goes back, so that a number never stands for another message.
        """
        self.preview, self.last_message_at, self.awaits_reply = preview[:200], last_message_at, awaits_reply
        self.first_replied_at, self.message_count = first_replied_at, max(self.message_count, most)
        self.save(update_fields=["preview", "last_message_at", "awaits_reply", "first_replied_at", "message_count"])

    def mark_replied(self, *, at: datetime) -> None:
        """An agent wrote to the customer; only the first time counts."""
        if self.first_replied_at is None:
            self.first_replied_at = at
            self.save(update_fields=["first_replied_at"])

    def mark_message(self, *, preview: str, at: datetime, awaits_reply: bool) -> int:
        """Count one more message; returns its number. The row must be locked."""
        self.message_count += 1
        self.preview, self.last_message_at, self.awaits_reply = preview[:200], at, awaits_reply
        self.save(update_fields=["message_count", "preview", "last_message_at", "awaits_reply"])
        return self.message_count


_LOCKED_WITH_INBOX = Query(
    lambda pk: Ticket.objects.filter(pk=pk).select_related("inbox").select_for_update(of=("self",), no_key=True)
)
