"""Constants of integrations: event types, kinds of jobs, answers to a note that differs."""

from django.db import models

from events.kinds import EventType

NoneType = type(None)


class StoreEvent:
    CONNECTED = EventType(
        "store.connected",
        {"connection": int, "sync_notes": (bool, NoneType), "how": str},
        on_timeline=False,
        is_silent=False,
        audit="settings",
        told="Store connected {how}",
    )
    DISCONNECTED = EventType(
        "store.disconnected",
        {"connection": int, "reason": str},
        on_timeline=False,
        audit="settings",
        told="Store disconnected: {reason}",
    )
    NOTE_SYNC_SWITCHED = EventType(
        "store.note_sync_switched",
        {"connection": int, "on": bool},
        on_timeline=False,
        is_silent=False,
        audit="settings",
        told="Note sync {on}",
    )
    # One batch of long work over a store's customers is due: each batch plans the next one.
    BATCH_PLANNED = EventType(
        "store.batch_planned", {"connection": int, "job": int}, on_timeline=False, is_silent=False
    )
    CUSTOMER_LINKED = EventType(
        "store.customer_linked", {"connection": int, "link": int}, audit="links", told="Customer linked"
    )
    CUSTOMER_UNLINKED = EventType(
        "store.customer_unlinked",
        {"connection": int, "link": int},
        audit="links",
        told="Customer unlinked",
        is_silent=False,
    )
    NOTE_PUSHED = EventType("store.note_pushed", {"connection": int, "link": int, "version": int}, on_timeline=False)
    NOTE_PULLED = EventType("store.note_pulled", {"connection": int, "link": int}, on_timeline=False)
    NOTE_FAILED = EventType("store.note_failed", {"connection": int, "link": int, "reason": str})
    # An admin decided between two notes that differed when synchronizing began (D1).
    NOTE_CHOSEN = EventType(
        "store.note_chosen",
        {"connection": int, "link": int, "choice": str},
        is_silent=False,
        audit="notes",
        told="Of two notes chosen: {choice}",
    )
    WEBHOOK_RECEIVED = EventType("webhook.received", {"webhook": int}, on_timeline=False, is_silent=False)


class OrderEvent:
    """Of orders of customers we know. `said` is the news in words: "paid, fulfilled"; `changed` the statuses as codes.

    What a customer ordered before we knew them is no news.
    """

    PLACED = EventType("order.placed", {"order": int, "name": str})
    # `names` are what the custom fields were called then; the values stand in the history table.
    FIELDS_SET = EventType(
        "order.fields_set",
        {"order": int, "name": str, "names": list},
        audit="data",
        told="Order {name} edited: {names}",
    )
    CHANGED = EventType("order.changed", {"order": int, "name": str, "changed": dict, "said": str})
    # Orders of the customer were placed with addresses that nobody had told us of, or no longer are.
    CONTACTS_CHANGED = EventType("order.contacts_changed", on_timeline=False, is_silent=False)


class JobKind(models.TextChoices):
    LINK_CUSTOMERS = "link_customers", "Finding customers in the store"
    ALIGN_NOTES = "align_notes", "Comparing notes"


class NoteChoice(models.TextChoices):
    """How to settle two notes that were both filled and different when synchronizing began (D1)."""

    OURS = "ours", "Keep ours"
    STORES = "stores", "Use the store's"
    BOTH = "both", "Join both"
