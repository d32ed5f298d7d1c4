"""Constants of channels: what became of an arrived mail."""

from django.db import models


class Outcome(models.TextChoices):
    RECEIVED = "received", "Stored, not worked yet"
    TICKET_CREATED = "ticket_created", "New ticket"
    MESSAGE_ADDED = "message_added", "Joined a ticket"
    DUPLICATE = "duplicate", "Came before"
    QUARANTINED = "quarantined", "Quarantined"
