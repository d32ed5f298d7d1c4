"""Nouns of tickets."""

from tickets.models.attachment import Attachment
from tickets.models.inbox import Inbox, InboxMember
from tickets.models.message import Message
from tickets.models.participant import Participant
from tickets.models.ticket import Ticket

__all__ = ["Attachment", "Inbox", "InboxMember", "Message", "Participant", "Ticket"]
