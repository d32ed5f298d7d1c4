"""Constants of tickets: statuses, directions, event types."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from events.kinds import EventType


class Status(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Priority(models.IntegerChoices):
    LOW = 1, "Low"
    NORMAL = 2, "Normal"
    HIGH = 3, "High"
    URGENT = 4, "Urgent"


class Topic(models.TextChoices):
    """What a ticket is about: the ten of F72."""

    CHECKOUT = "checkout", "Checkout"
    EDIT_ORDERS = "edit_orders", "Edit orders"
    ORDER_STATUS = "order_status", "Order status"
    PRICING = "pricing", "Pricing/Discounts"
    PRODUCT_DETAILS = "product_details", "Product details"
    PRODUCT_INTEREST = "product_interest", "Product interest"
    RETURNS = "returns", "Returns/Delivered orders"
    SHIPPING = "shipping", "Shipping"
    STORE_INFO = "store_info", "Store info"
    WHOLESALE = "wholesale", "Wholesale"


# What a tag may be colored with: the place in the tuple is kept, tokens.css draws it.
TAG_COLORS = ("Gray", "Red", "Orange", "Yellow", "Green", "Teal", "Blue", "Purple", "Pink")


# The kind of an inbox whose messages are letters; those of any other kind are chats.
LETTERS = "email"


class DraftKind(models.TextChoices):
    REPLY = "reply", "Reply"
    NOTE = "note", "Internal note"
    NEW = "new", "New ticket"


class RecipientKind(models.TextChoices):
    TO = "to", "To"
    CC = "cc", "Cc"
    BCC = "bcc", "Bcc"


class Direction(models.TextChoices):
    IN = "in", "From the customer"
    OUT = "out", "To the customer"
    NOTE = "note", "Internal note"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    OPENED = "opened", "Opened"
    BOUNCED = "bounced", "Came back"
    FAILED = "failed", "Not sent"

    @property
    def has_left(self) -> bool:
        """Whether the next mail system took it: it is neither sent again nor taken back."""
        return self in (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.BOUNCED)

    def or_further(self, other: DeliveryState) -> DeliveryState:
        """Whichever of two states of one recipient is further: reports come late, twice and in any order.

        Coming back is the last word. A mail system may take a letter and return it an hour later, and some providers
        report one opening for every recipient, those who never got it as well.
        """
        return max(self, other, key=_FURTHER.index)

    @classmethod
    def of_all(cls, recipients: Sequence[DeliveryState], *, was_opened: bool = False) -> DeliveryState:
        """How far a message has got, from how far it has got with each of its recipients, one at least.

        It came back, or was not sent, when nobody has it. Else those without it are left out: it was opened when one
        has opened it (`was_opened`: somebody has, we know not who), delivered when it was to all of them.
        """
        have_it = [one for one in recipients if one not in (cls.BOUNCED, cls.FAILED)]
        if not have_it:
            return cls.BOUNCED if cls.BOUNCED in recipients else cls.FAILED
        if was_opened or cls.OPENED in have_it:
            return cls.OPENED
        return min(have_it, key=_FURTHER.index)


_FURTHER = (
    *(DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.SENT),
    *(DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.BOUNCED),
)


class TicketEvent:
    OPENED = EventType("ticket.opened", {"channel": str})
    CLOSED = EventType("ticket.closed")
    REOPENED = EventType("ticket.reopened", {"by_message": bool})
    ASSIGNED = EventType("ticket.assigned", {"to": (int, type(None)), "to_name": str})
    TEAM_ASSIGNED = EventType(
        "ticket.team_assigned",
        {"to": (int, type(None)), "to_name": str},
        said=("assigned a ticket to your team", "A ticket was assigned to your team"),
    )
    # `until` is ISO 8601 in UTC; the reaction to it wakes the ticket then.
    SNOOZED = EventType("ticket.snoozed", {"until": str}, is_silent=False)
    WOKEN = EventType("ticket.woken", said=("opened a snoozed ticket again", "A snoozed ticket is open again"))
    PRIORITIZED = EventType("ticket.prioritized", {"from": int, "to": int})
    TOPIC_SET = EventType("ticket.topic_set", {"from": str, "to": str})
    # `fields` are their codes, `names` what they were called then; the values stand in the history table.
    FIELDS_SET = EventType("ticket.fields_set", {"fields": list, "names": list})
    TAGGED = EventType("ticket.tagged", {"added": list, "removed": list})
    RENAMED = EventType("ticket.renamed", {"from": str, "to": str}, personal=frozenset({"from", "to"}))
    # `other` is the number of the ticket at the other end; `messages` how many moved.
    # `added` (ids of rows that came along, by what they are) and `was_open` are what undoing it puts back.
    MERGED = EventType(
        "ticket.merged",
        {"other": int, "messages": int, "added": dict},
        audit="merges",
        told="Ticket {other} merged into this one",
    )
    MERGED_AWAY = EventType("ticket.merged_away", {"other": int, "messages": int, "was_open": bool})
    UNMERGED = EventType(
        "ticket.unmerged",
        {"other": int, "messages": int},
        audit="merges",
        told="Merging with ticket {other} undone",
    )
    SPLIT = EventType(
        "ticket.split",
        {"other": int, "messages": int},
        audit="merges",
        told="Ticket split, its other part is ticket {other}",
    )
    CUSTOMER_SET = EventType(
        "ticket.customer_set",
        {"from": (int, type(None)), "from_name": str, "to": (int, type(None)), "to_name": str},
        personal=frozenset({"from_name", "to_name"}),
        audit="data",
        told="Customer of the ticket",
    )
    BATCH_PLANNED = EventType("ticket.batch_planned", {"job": int}, on_timeline=False, is_silent=False)
    # `what` is the work as its bar calls it, `outcome` what came of it, in words.
    BATCH_ENDED = EventType(
        "ticket.batch_ended",
        {"what": str, "outcome": str},
        on_timeline=False,
        audit="data",
        told="{what}: {outcome}",
    )


class InboxEvent:
    CREATED = EventType(
        "inbox.created",
        {"name": str, "address": str},
        on_timeline=False,
        audit="settings",
        told="Inbox {name} created with {address}",
    )
    EDITED = EventType("inbox.edited", {"changes": list}, on_timeline=False, audit="settings", told="Inbox edited:")
    # `inboxes` are the chosen ones' numbers, without meaning while `sees_all`; `before` and `after` are their names.
    ACCESS_CHANGED = EventType(
        "inbox.access_changed",
        {"member": int, "name": str, "sees_all": bool, "inboxes": list, "before": str, "after": str},
        on_timeline=False,
        audit="access",
        told="Inboxes that {name} sees",
    )


class TagEvent:
    CREATED = EventType("tag.created", {"name": str}, on_timeline=False, audit="settings", told="Tag {name} created")
    RENAMED = EventType("tag.renamed", {"before": str, "after": str}, on_timeline=False, audit="settings")
    RECOLORED = EventType(
        "tag.recolored",
        {"name": str, "before": str, "after": str},
        on_timeline=False,
        audit="settings",
        told="Color of the tag {name}",
    )
    MERGED = EventType(
        "tag.merged",
        {"name": str, "into": str, "tickets": int},
        on_timeline=False,
        audit="settings",
        told="Tag {name} joined with {into} on tickets: {tickets}",
    )
    DELETED = EventType("tag.deleted", {"name": str}, on_timeline=False, audit="settings", told="Tag {name} deleted")


class CannedReplyEvent:
    """Of everybody's; what somebody keeps for themselves is their own affair. `title` is what it is called now."""

    ADDED = EventType(
        "canned_reply.added", {"title": str}, on_timeline=False, audit="settings", told="Canned reply {title} added"
    )
    CHANGED = EventType(
        "canned_reply.changed",
        {"title": str, "changes": list},
        on_timeline=False,
        audit="settings",
        told="Canned reply {title} changed:",
    )
    DELETED = EventType(
        "canned_reply.deleted", {"title": str}, on_timeline=False, audit="settings", told="Canned reply {title} deleted"
    )


class ViewEvent:
    """Of views for everybody."""

    SHARED = EventType(
        "saved_view.shared", {"name": str}, on_timeline=False, audit="settings", told="View {name} made for everybody"
    )
    RENAMED = EventType(
        "saved_view.renamed",
        {"before": str, "after": str},
        on_timeline=False,
        audit="settings",
        told="View for everybody renamed",
    )
    DELETED = EventType(
        "saved_view.deleted",
        {"name": str},
        on_timeline=False,
        audit="settings",
        told="View {name} for everybody deleted",
    )


class MessageEvent:
    RECEIVED = EventType("message.received", {"message": int}, on_timeline=False, on_customer=True, is_silent=False)
    SENT = EventType("message.sent", {"message": int}, on_timeline=False, on_customer=True, is_silent=False)
    WITHDRAWN = EventType("message.withdrawn", {"message": int}, on_timeline=False, on_customer=True)
    NOTED = EventType("message.noted", {"message": int}, on_timeline=False, on_customer=True)
    FAILED = EventType("message.failed", {"message": int, "reason": str}, on_timeline=False, on_customer=True)
