"""Constants of channels: how a mail came, what became of it, event types."""

from django.db import models

from events.kinds import EventType


class Outcome(models.TextChoices):
    RECEIVED = "received", "Stored, not worked yet"
    TICKET_CREATED = "ticket_created", "New ticket"
    MESSAGE_ADDED = "message_added", "Joined a ticket"
    DUPLICATE = "duplicate", "Came before"
    QUARANTINED = "quarantined", "Quarantined"
    BLOCKED = "blocked", "From a blocked sender"


class Way(models.TextChoices):
    """By which door a mail came in."""

    COMMAND = "command", "Command line"
    SMTP = "smtp", "SMTP"
    IMAP = "imap", "IMAP"
    PROVIDER = "provider", "Mail provider"


class MailEvent:
    STORED = EventType("mail.stored", {"mail": int}, on_timeline=False, is_silent=False)
    SENDER_BLOCKED = EventType("sender.blocked", {"address": str}, personal=frozenset({"address"}), on_timeline=False)
    SENDER_UNBLOCKED = EventType(
        "sender.unblocked", {"address": str}, personal=frozenset({"address"}), on_timeline=False
    )
