"""Carry a reply to the customer by the channel of its inbox."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.tenancy import active_tenant_id
from channels.base import TryAgain
from channels.models import Delivery
from channels.registry import channel
from channels.services import joining, tracking, transporting, writing
from channels.services.transporting import Way
from channels.services.writing import Outgoing
from core.crypto import derived_key
from events.models.notification import NotificationKind
from events.services.announcing import announce
from events.services.notifying import notify
from events.services.recording import record
from tickets.kinds import DeliveryState, MessageEvent
from tickets.models import Message, Recipient


def deliver_message(*, message_id: int, at: datetime) -> None:
    """Send one message, unless it went out already or was taken back.

    May run twice, also after a worker was killed between taking the message and saying that it went: the Message-ID is
    the same each time, so mail systems drop the second copy. The sending itself happens outside any transaction.
    Raises channels.base.TryAgain and GiveUp.
    """
    taken = _take(message_id)
    if taken is None:
        return
    outbound, way = taken
    try:
        with transporting.watched(way, at=at) as transport:
            receipt = channel(outbound.kind).deliver(outbound.mail(), transport)
    except TryAgain as error:
        _put_off(message_id, str(error))
        raise
    with transaction.atomic():
        message = Message.objects.select_related("ticket").locked(Message(pk=message_id))
        tracking.note_sent(message=message, receipt=receipt, at=at)
        for mail_id in receipt.other_ids:
            joining.remember(message=message, mail_id=mail_id)


def fail_message(*, message_id: int, reason: str) -> None:
    """Say on the ticket, and to its author, that a message did not go out. Call inside a transaction."""
    message = Message.objects.select_related("ticket", "author_member__user").filter(pk=message_id).first()
    if message is None:  # taken back
        return
    Delivery.objects.filter(message=message).update(state=DeliveryState.FAILED, error=reason[:500])
    message.mark_delivery(state=DeliveryState.FAILED, detail=reason)
    event = record(
        MessageEvent.FAILED,
        subject=message,
        actor=SYSTEM,
        data={"message": message.pk, "reason": reason[:500]},
        ticket_id=message.ticket_id,
        customer_id=message.ticket.customer_id,
        live=(message.ticket.live_name,),
    )
    if message.author_member is not None and message.author_member.is_active:
        notify(event=event, kind=NotificationKind.NOT_SENT, members=[message.author_member])


def _take(message_id: int) -> tuple[Outgoing, Way] | None:
    """Mark the message as being sent, which nobody takes back any more; None when there is nothing to send.

    The lock on its row decides between us and its author's undoing.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True, of=("self",)).filter(pk=message_id).first()
        if message is None or DeliveryState(message.delivery_state).has_left:
            return None
        message.mark_delivery(state=DeliveryState.SENDING)
        message = Message.objects.select_related("ticket__inbox", "author_member__user").get(pk=message_id)
        outgoing = writing.write(message=message, delivery=_prepare(message))
        return outgoing, transporting.find_way(inbox=message.ticket.inbox)


def _put_off(message_id: int, reason: str) -> None:
    with transaction.atomic():
        message = Message.objects.select_related("ticket").locked(Message(pk=message_id))
        message.mark_delivery(state=DeliveryState.QUEUED, detail=f"{reason} It is tried again.")
        announce(message.ticket.live_name)


def _prepare(message: Message) -> Delivery:
    """The delivery row of the message, with the Message-ID it will keep for good."""
    inbox = message.ticket.inbox
    mail_id = channel(inbox.kind).make_id(
        tenant_id=active_tenant_id(),
        ticket_id=message.ticket_id,
        message_id=message.pk,
        address=inbox.address,
        key=derived_key(joining.KEY_PURPOSE),
    )
    first = Recipient.objects.filter(message=message).order_by("pk").first()
    defaults = {"recipient": first.address if first else "", "mail_id": mail_id}
    delivery, _ = Delivery.objects.get_or_create(message=message, defaults=defaults)
    joining.remember(message=message, mail_id=delivery.mail_id)
    return delivery
