"""Constants of tickets: statuses, directions, event types."""

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
    FAILED = "failed", "Not sent"


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
    TAGGED = EventType("ticket.tagged", {"added": list, "removed": list})
    RENAMED = EventType("ticket.renamed", {"from": str, "to": str}, personal=frozenset({"from", "to"}))
    # `other` is the number of the ticket at the other end; `messages` how many moved.
    # `added` (ids of rows that came along, by what they are) and `was_open` are what undoing it puts back.
    MERGED = EventType("ticket.merged", {"other": int, "messages": int, "added": dict})
    MERGED_AWAY = EventType("ticket.merged_away", {"other": int, "messages": int, "was_open": bool})
    UNMERGED = EventType("ticket.unmerged", {"other": int, "messages": int})
    SPLIT = EventType("ticket.split", {"other": int, "messages": int})
    CUSTOMER_SET = EventType(
        "ticket.customer_set",
        {"from": (int, type(None)), "from_name": str, "to": (int, type(None)), "to_name": str},
        personal=frozenset({"from_name", "to_name"}),
    )
    BATCH_PLANNED = EventType("ticket.batch_planned", {"job": int}, on_timeline=False, is_silent=False)


class InboxEvent:
    CREATED = EventType("inbox.created", {"name": str, "address": str}, on_timeline=False)
    EDITED = EventType("inbox.edited", {"fields": list}, on_timeline=False)
    # `inboxes` are the chosen ones' numbers, without meaning while `sees_all`.
    ACCESS_CHANGED = EventType(
        "inbox.access_changed", {"member": int, "sees_all": bool, "inboxes": list}, on_timeline=False
    )


class MessageEvent:
    RECEIVED = EventType("message.received", {"message": int}, on_timeline=False, is_silent=False)
    SENT = EventType("message.sent", {"message": int}, on_timeline=False, is_silent=False)
    WITHDRAWN = EventType("message.withdrawn", {"message": int}, on_timeline=False)
    NOTED = EventType("message.noted", {"message": int}, on_timeline=False)
    FAILED = EventType("message.failed", {"message": int, "reason": str}, on_timeline=False)
