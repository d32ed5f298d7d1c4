"""Create inboxes."""

from django.db import transaction

from accounts.kinds import SYSTEM, Actor, RouteKind
from accounts.services.numbering import next_number
from accounts.services.routing import claim_route
from events.services.recording import record
from tickets.kinds import InboxEvent
from tickets.models import Inbox


def create_inbox(
    *,
    name: str,
    address: str,
    kind: str = "email",
    sender_name: str = "",
    signature: str = "",
    takes_plus_addresses: bool = False,
    acknowledgement: str = "",
    actor: Actor = SYSTEM,
) -> Inbox:
    """An inbox that answers at an address of its own. Raises accounts.services.routing.RouteTaken."""
    with transaction.atomic():
        inbox = Inbox.objects.create(
            number=next_number("inbox"),
            name=name,
            kind=kind,
            address=address.strip().lower(),
            sender_name=sender_name,
            signature=signature,
            takes_plus_addresses=takes_plus_addresses,
            acknowledgement=acknowledgement,
        )
        claim_route(kind=RouteKind.INBOX_ADDRESS, key=inbox.address, object_id=inbox.pk)
        data = {"name": inbox.name, "address": inbox.address}
        record(InboxEvent.CREATED, subject=inbox, actor=actor, data=data, live=("inbox",))
    return inbox
