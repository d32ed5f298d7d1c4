"""Try again to send what could not be sent."""

from datetime import datetime

from django.db import transaction

from accounts.tenancy import active_tenant_id
from events.models import Event
from events.services.announcing import announce
from events.services.reacting import try_now
from tickets.kinds import DeliveryState, MessageEvent
from tickets.models import Message


class NothingToRetry(Exception):
    """The message is on its way or went out: a colleague was quicker."""


def retry_message(*, message: Message, at: datetime) -> Message:
    """Put a message that was given up back in the queue; it keeps its Message-ID. Raises NothingToRetry."""
    with transaction.atomic():
        message = Message.objects.select_related("ticket").locked(message)
        if not message.can_retry:
            raise NothingToRetry
        places = [pk for pk in (message.ticket_id, message.origin_id) if pk]
        sent = Event.objects.filter(ticket_id__in=places, type=MessageEvent.SENT.name, subject_id=message.pk).last()
        if sent is None:
            raise NothingToRetry
        message.mark_delivery(state=DeliveryState.QUEUED)
        try_now(event_id=sent.pk, tenant_id=active_tenant_id(), at=at)
        announce(message.ticket.live_name)
    return message
