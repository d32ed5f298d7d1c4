"""Constants of tickets: statuses, directions, event types."""

from django.db import models

from events.kinds import EventType


class Status(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Direction(models.TextChoices):
    IN = "in", "From the customer"
    OUT = "out", "To the customer"
    NOTE = "note", "Internal note"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"


class TicketEvent:
    OPENED = EventType("ticket.opened", {"channel": str})
    CLOSED = EventType("ticket.closed")
    REOPENED = EventType("ticket.reopened", {"by_message": bool})
    ASSIGNED = EventType("ticket.assigned", {"to": (int, type(None)), "to_name": str})


class MessageEvent:
    RECEIVED = EventType("message.received", {"message": int}, on_timeline=False, is_silent=False)
    SENT = EventType("message.sent", {"message": int}, on_timeline=False, is_silent=False)
    NOTED = EventType("message.noted", {"message": int}, on_timeline=False)
    FAILED = EventType("message.failed", {"message": int, "reason": str}, on_timeline=False)
