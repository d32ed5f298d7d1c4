"""Create inboxes."""

from django.db import transaction

from accounts.kinds import RouteKind
from accounts.services.numbering import next_number
from accounts.services.routing import claim_route
from tickets.models import Inbox


def create_inbox(*, name: str, address: str, kind: str = "email", sender_name: str = "") -> Inbox:
    """An inbox that answers at an address of its own. Raises accounts.services.routing.RouteTaken."""
    with transaction.atomic():
        inbox = Inbox.objects.create(
            number=next_number("inbox"),
            name=name,
            kind=kind,
            address=address.strip().lower(),
            sender_name=sender_name,
        )
        claim_route(kind=RouteKind.INBOX_ADDRESS, key=inbox.address, object_id=inbox.pk)
    return inbox
