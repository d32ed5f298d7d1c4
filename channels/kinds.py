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


class CallState(models.TextChoices):
    """What became of a webhook call of a mail provider."""

    RECEIVED = "received", "Stored, not worked yet"
    DONE = "done", "Worked"
    IGNORED = "ignored", "Nothing in it for us"
    FAILED = "failed", "Not understood"


class CallPurpose(models.TextChoices):
    INBOUND = "inbound", "Mail that came in"
    REPORT = "report", "What became of mail that went out"


class MailEvent:
    CALL_STORED = EventType("mail.call_stored", {"call": int}, on_timeline=False, is_silent=False)
    STORED = EventType("mail.stored", {"mail": int}, on_timeline=False, is_silent=False)
    SENDER_BLOCKED = EventType(
        "sender.blocked",
        {"address": str},
        personal=frozenset({"address"}),
        on_timeline=False,
        audit="settings",
        told="Sender {address} blocked",
    )
    SENDER_UNBLOCKED = EventType(
        "sender.unblocked",
        {"address": str},
        personal=frozenset({"address"}),
        on_timeline=False,
        audit="settings",
        told="Sender {address} unblocked",
    )
    UNSUBSCRIBED = EventType(
        "address.unsubscribed",
        {"address": str},
        personal=frozenset({"address"}),
        on_timeline=False,
        audit="data",
        told="{address} wants no more automatic mail",
    )
    SUBSCRIBED = EventType(
        "address.subscribed",
        {"address": str},
        personal=frozenset({"address"}),
        on_timeline=False,
        audit="data",
        told="{address} wants automatic mail again",
    )
    # Somebody let in what had been held back.
    ACCEPTED = EventType(
        "mail.accepted",
        {"mail": int, "sender": str},
        personal=frozenset({"sender"}),
        on_timeline=False,
        audit="data",
        told="Mail of {sender} accepted from the quarantine",
    )


class WayEvent:
    """Ways in and out of an inbox, as an admin set them. Subject is the inbox; secrets are never named."""

    MAILBOX_CONNECTED = EventType(
        "mailbox.connected",
        {"host": str, "user": str, "changes": list},
        on_timeline=False,
        audit="settings",
        told="Mail is fetched from {user} at {host}",
    )
    MAILBOX_DISCONNECTED = EventType(
        "mailbox.disconnected",
        {"host": str, "user": str},
        on_timeline=False,
        audit="settings",
        told="Mail is no longer fetched from {user} at {host}",
    )
    # `by` is a provider's name, or the host of an SMTP server.
    TRANSPORT_SET = EventType(
        "transport.set",
        {"by": str, "changes": list},
        on_timeline=False,
        audit="settings",
        told="Mail goes out by {by}",
    )
    TRANSPORT_RESET = EventType(
        "transport.reset", on_timeline=False, audit="settings", told="Mail goes out by the helpdesk's own server"
    )
    HOOK_OPENED = EventType(
        "hook.opened", {"provider": str}, on_timeline=False, audit="settings", told="Calls of {provider} are taken"
    )
    HOOK_RENEWED = EventType(
        "hook.renewed", {"provider": str}, on_timeline=False, audit="settings", told="New password for {provider}"
    )
    HOOK_SHUT = EventType(
        "hook.shut", {"provider": str}, on_timeline=False, audit="settings", told="Calls of {provider} are refused"
    )
