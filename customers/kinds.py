"""Constants of customers: kinds of contacts, tags, evidence of presence, event types."""

from django.db import models

from customers.event_kinds import ComparisonEvent as ComparisonEvent
from customers.event_kinds import CustomFieldEvent as CustomFieldEvent
from customers.event_kinds import ImportEvent as ImportEvent
from customers.event_kinds import SuggestionEvent as SuggestionEvent
from events.kinds import EventType


class ContactKind(models.TextChoices):
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    HANDLE = "handle", "Handle"


class ContactTag(models.TextChoices):
    """F101. For handles the tag is the network ("twitter")."""

    NONE = "", "—"
    MOBILE = "mobile", "Mobile"
    HOME = "home", "Home"
    WORK = "work", "Work"
    OTHER = "other", "Other"


class Sex(models.TextChoices):
    """F12. Given by people, machines and stores; what is supposed from the name stands apart."""

    UNKNOWN = "", "—"
    FEMALE = "female", "Female"
    MALE = "male", "Male"


class Subscription(models.TextChoices):
    """F11, D25: whether mailings may go to an address. One state per address."""

    UNKNOWN = "", "—"
    SUBSCRIBED = "subscribed", "Subscribed"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"


class PreferredChannel(models.TextChoices):
    """F119: by what way somebody would rather be answered."""

    UNKNOWN = "", "—"
    EMAIL = "email", "E-mail"
    CHAT = "chat", "Chat"
    PHONE = "phone", "Phone"
    SMS = "sms", "SMS"
    MESSENGER = "messenger", "Messenger"


class FieldTarget(models.TextChoices):
    """What a custom field belongs to."""

    CUSTOMER = "customer", "Customers"
    ORDER = "order", "Orders"
    TICKET = "ticket", "Tickets"


class FieldKind(models.TextChoices):
    """The ten types of custom fields (fields.md, RetailCRM)."""

    STRING = "string", "Line of text"
    TEXT = "text", "Long text"
    INTEGER = "integer", "Whole number"
    NUMBER = "number", "Number"
    FLAG = "flag", "Yes or no"
    CHOICE = "choice", "One of a list"
    CHOICES = "choices", "Several of a list"
    DATE = "date", "Date"
    MOMENT = "moment", "Date and time"
    EMAIL = "email", "E-mail"

    @property
    def has_options(self) -> bool:
        return self in (FieldKind.CHOICE, FieldKind.CHOICES)


class DraftChoice(models.TextChoices):
    """How a losing note text was settled (D2)."""

    THEIRS = "theirs", "Keep theirs"
    MINE = "mine", "Use mine"
    BOTH = "both", "Join both"


class NoteSync(models.TextChoices):
    """B8: what the badge on the note says. Written from above by whoever synchronizes."""

    OFF = "off", "Not synchronized"
    IN_SYNC = "in_sync", "In sync"
    PENDING = "pending", "Pending"
    BLOCKED = "blocked", "Blocked"
    FAILED = "failed", "Failed"
    DIFFERS = "differs", "Both filled, choose one"  # D1: found on switching on, never touched by itself


class Evidence(models.TextChoices):
    """By what a customer was seen on chat (F63, B11); the label ends "Seen 3 minutes ago by …"."""

    MESSAGE = "message", "a chat message"
    PING = "ping", "ping"
    PORTAL = "portal", "browsing their orders"


class CustomerEvent:
    CREATED = EventType("customer.created", {"origin": str}, audit="data", is_silent=False)
    # The values before and after stand in the history table; an event keeps no names that erasing would have to find.
    EDITED = EventType(
        "customer.edited", {"fields": list}, audit="data", told="Customer edited: {fields}", is_silent=False
    )
    DELETED = EventType("customer.deleted", audit="data", is_silent=False)
    # Numbers are those of the profiles then.
    MERGED = EventType(
        "customer.merged",
        {"merge": int, "survivor": int, "other": int},
        audit="merges",
        told="Customer {other} merged into {survivor}",
        is_silent=False,
    )
    MERGED_AWAY = EventType("customer.merged_away", {"merge": int, "survivor": int, "other": int}, is_silent=False)
    UNMERGED = EventType(
        "customer.unmerged",
        {"merge": int, "survivor": int, "other": int},
        audit="merges",
        told="Customer {other} split from {survivor} again",
        is_silent=False,
    )
    EXPORT_PLANNED = EventType(
        "customer.export_planned",
        {"export": int},
        on_timeline=False,
        is_silent=False,
        audit="privacy",
        told="Export of a list of customers",
    )
    FILE_PLANNED = EventType(
        "customer.file_planned",
        {"export": int},
        on_timeline=False,
        is_silent=False,
        audit="privacy",
        told="Export of everything about the customer",
    )
    # `holds` is how much the file has of what, in words.
    EXPORT_WRITTEN = EventType(
        "customer.export_written",
        {"export": int, "holds": str},
        on_timeline=False,
        audit="privacy",
        told="File of an export written: {holds}",
    )
    EXPORT_FAILED = EventType(
        "customer.export_failed",
        {"export": int, "reason": str},
        on_timeline=False,
        audit="privacy",
        told="Export came to no file. {reason}",
    )
    EXPORT_DOWNLOADED = EventType(
        "customer.export_downloaded",
        {"export": int, "holds": str},
        on_timeline=False,
        audit="privacy",
        told="File of an export downloaded: {holds}",
    )
    EXPORT_DROPPED = EventType(
        "customer.export_dropped",
        {"export": int},
        on_timeline=False,
        audit="privacy",
        told="File of an export deleted before its time",
    )
    ERASURE_PLANNED = EventType(
        "customer.erasure_planned",
        on_timeline=False,
        is_silent=False,
        audit="privacy",
        told="Erasing the customer begun",
    )
    ERASED = EventType("customer.erased", on_timeline=False, audit="privacy", told="Customer erased", is_silent=False)
    ERASURE_FAILED = EventType(
        "customer.erasure_failed",
        {"reason": str},
        on_timeline=False,
        audit="privacy",
        told="The customer could not be erased: {reason}",
    )
    BATCH_PLANNED = EventType("customer.batch_planned", {"job": int}, on_timeline=False, is_silent=False)
    # `what` is the work as its bar calls it, `outcome` what came of it, in words.
    BATCH_ENDED = EventType(
        "customer.batch_ended",
        {"what": str, "outcome": str},
        on_timeline=False,
        audit="data",
        told="{what}: {outcome}",
    )
    RESTORED = EventType("customer.restored", audit="data", is_silent=False)
    TIMELINE_NOTE_ADDED = EventType(
        "customer.timeline_note_added", {"timeline_note": int}, audit="notes", told="Timeline note added"
    )
    TIMELINE_NOTE_DELETED = EventType(
        "customer.timeline_note_deleted", {"timeline_note": int}, audit="notes", told="Timeline note deleted"
    )
    TIMELINE_NOTE_RESTORED = EventType(
        "customer.timeline_note_restored", {"timeline_note": int}, audit="notes", told="Timeline note restored"
    )
    # is_silent False: integrations push the note to the store.
    NOTE_SAVED = EventType(
        "customer.note_saved",
        {"version": int, "origin": str},
        is_silent=False,
        audit="notes",
        told="Note changed, version {version}",
    )
    NOTE_CONTESTED = EventType(
        "customer.note_contested",
        {"draft": int, "based_on": int},
        audit="notes",
        told="A second version of the note was kept",
    )
    NOTE_SETTLED = EventType(
        "customer.note_settled",
        {"draft": int, "choice": str},
        audit="notes",
        told="The second version of the note was settled: {choice}",
    )
    CONTACT_ADDED = EventType(
        "customer.contact_added",
        {"kind": str, "contact": int},
        audit="data",
        told="Contact added: {kind}",
        is_silent=False,
    )
    CONTACT_REMOVED = EventType(
        "customer.contact_removed",
        {"kind": str, "contact": int},
        audit="data",
        told="Contact removed: {kind}",
        is_silent=False,
    )
    # change: primary, tagged, rewritten, verified, bounced, deliverable, shared, personal, subscribed, unsubscribed,
    # unknown
    CONTACT_CHANGED = EventType(
        "customer.contact_changed",
        {"kind": str, "contact": int, "change": str},
        audit="data",
        told="Contact changed: {kind}, {change}",
        is_silent=False,
    )
