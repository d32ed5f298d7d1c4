"""Change what an inbox is called, where it answers and what stands under its letters."""

from typing import Any

from django.db import transaction

from accounts.kinds import Actor, RouteKind
from accounts.services.routing import claim_route, release_route
from core.html import html_to_text
from events.services.recording import record
from events.wording import list_changes
from tickets.kinds import InboxEvent
from tickets.models import Inbox

LABELS = {
    "name": "Name",
    "address": "Address",
    "sender_name": "Sender's name",
    "signature": "Signature",
    "takes_plus_addresses": "Takes mail to plus addresses",
    "acknowledgement": "Automatic answer",
}


def edit_inbox(
    *,
    inbox: Inbox,
    name: str,
    sender_name: str,
    address: str,
    signature: str,
    actor: Actor,
    takes_plus_addresses: bool,
    acknowledgement: str,
) -> Inbox:
    """Mail to the former address finds no inbox any more. Raises accounts.services.routing.RouteTaken."""
    wanted: dict[str, Any] = {
        "name": name,
        "sender_name": sender_name,
        "address": address.strip().lower(),
        "signature": signature,
        "takes_plus_addresses": takes_plus_addresses,
        "acknowledgement": acknowledgement,
    }
    with transaction.atomic():
        inbox = Inbox.objects.locked(inbox)
        held = {field: getattr(inbox, field) for field in wanted}
        if held == wanted:
            return inbox
        if held["address"] != wanted["address"]:
            # Claimed first: an address that is taken leaves the inbox where it was.
            claim_route(kind=RouteKind.INBOX_ADDRESS, key=wanted["address"], object_id=inbox.pk)
            release_route(kind=RouteKind.INBOX_ADDRESS, key=inbox.address)
        inbox.mark_edited(**wanted)
        changes = list_changes(_in_words(held), _in_words(wanted), labels=LABELS)
        record(InboxEvent.EDITED, subject=inbox, actor=actor, data={"changes": changes}, live=("inbox",))
    return inbox


def _in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Of the signature only what it says."""
    return {**values, "signature": html_to_text(values["signature"])}
