"""Change what an inbox is called, where it answers and what stands under its letters."""

from typing import Any

from django.db import transaction

from accounts.kinds import Actor, RouteKind
from accounts.services.routing import claim_route, release_route
from events.services.recording import record
from tickets.kinds import InboxEvent
from tickets.models import Inbox


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
        changed = [field for field, value in wanted.items() if getattr(inbox, field) != value]
        if not changed:
            return inbox
        if "address" in changed:
            # Claimed first: an address that is taken leaves the inbox where it was.
            claim_route(kind=RouteKind.INBOX_ADDRESS, key=wanted["address"], object_id=inbox.pk)
            release_route(kind=RouteKind.INBOX_ADDRESS, key=inbox.address)
        inbox.mark_edited(**wanted)
        record(InboxEvent.EDITED, subject=inbox, actor=actor, data={"fields": changed}, live=("inbox",))
    return inbox
