"""Nouns of events."""

from events.models.event import Event
from events.models.notification import Notification, NotificationPreference
from events.models.reaction import Reaction

__all__ = ["Event", "Notification", "NotificationPreference", "Reaction"]
