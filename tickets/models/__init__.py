"""Nouns of tickets."""

from tickets.models.attachment import Attachment
from tickets.models.canned_reply import CannedReply
from tickets.models.draft import Draft, DraftFile
from tickets.models.field_value import TicketFieldValue
from tickets.models.inbox import Inbox, InboxMember
from tickets.models.message import Message
from tickets.models.participant import Participant
from tickets.models.recipient import Recipient
from tickets.models.saved_view import SavedView
from tickets.models.signature import Signature
from tickets.models.tag import Tag, TicketTag
from tickets.models.ticket import Ticket

__all__ = [
    "Attachment",
    "CannedReply",
    "Draft",
    "DraftFile",
    "Inbox",
    "InboxMember",
    "Message",
    "Participant",
    "Recipient",
    "SavedView",
    "Signature",
    "Tag",
    "Ticket",
    "TicketFieldValue",
    "TicketTag",
]
