"""Carry a reply to the customer by the channel of its inbox."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.kinds import SYSTEM
from accounts.tenancy import active_tenant_id
from channels.models import Delivery, MailReference
from channels.registry import channel
from channels.services import joining
from channels.types import Address, OutboundMessage, Wire
from core.crypto import derived_key
from events.services.announcing import announce
from events.services.recording import record
from tickets.kinds import DeliveryState, MessageEvent
from tickets.models import Message
from tickets.services.replying import recipient_of

REFERENCES_SENT = 20


def deliver_message(*, message_id: int, at: datetime) -> None:
    """Send one message, unless it went out already.

    May run twice: the Message-ID is the same both times, so mail systems drop the second copy. The sending itself
    happens outside any transaction. Raises channels.base.TryAgain and GiveUp.
    """
    with transaction.atomic():
        message = Message.objects.select_related("ticket__inbox", "ticket__customer").get(pk=message_id)
        delivery = _prepare(message)
        if delivery.state == DeliveryState.SENT:
            return
        outbound = _outbound(message, delivery)
    channel(message.ticket.inbox.kind).deliver(outbound, wire())
    with transaction.atomic():
        delivery.mark_sent(at=at)
        message.mark_delivery(state=DeliveryState.SENT)
        announce(message.ticket.live_name)


def fail_message(*, message_id: int, reason: str) -> None:
    """Say on the ticket that a message did not go out. Call inside a transaction."""
    message = Message.objects.select_related("ticket").get(pk=message_id)
    Delivery.objects.filter(message=message).update(state=DeliveryState.FAILED, error=reason[:500])
    message.mark_delivery(state=DeliveryState.FAILED, detail=reason)
    record(
        MessageEvent.FAILED,
        subject=message,
        actor=SYSTEM,
        data={"message": message.pk, "reason": reason[:500]},
        ticket_id=message.ticket_id,
        customer_id=message.ticket.customer_id,
        live=(message.ticket.live_name,),
    )


def wire() -> Wire:
    """The SMTP server that settings name."""
    return Wire(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        starttls=settings.EMAIL_USE_TLS,
        tls=settings.EMAIL_USE_SSL,
        timeout=settings.EMAIL_TIMEOUT,
    )


def _prepare(message: Message) -> Delivery:
    """The delivery row of the message, with the recipient and the Message-ID it will keep for good."""
    recipient = recipient_of(message.ticket)
    inbox = message.ticket.inbox
    mail_id = channel(inbox.kind).make_id(
        tenant_id=active_tenant_id(),
        ticket_id=message.ticket_id,
        message_id=message.pk,
        address=inbox.address,
        key=derived_key(joining.KEY_PURPOSE),
    )
    delivery, _ = Delivery.objects.get_or_create(
        message=message, defaults={"recipient": recipient.address if recipient else "", "mail_id": mail_id}
    )
    joining.remember(message=message, mail_id=delivery.mail_id)
    return delivery


def _outbound(message: Message, delivery: Delivery) -> OutboundMessage:
    ticket = message.ticket
    known = MailReference.objects.filter(of_message__ticket=ticket).exclude(of_message=message).order_by("pk")
    references = tuple(known.values_list("message_id", flat=True))
    recipient = recipient_of(ticket)
    subject = ticket.subject or "Your message"
    return OutboundMessage(
        sender=Address(email=ticket.inbox.address, name=ticket.inbox.sender_name or ticket.inbox.name),
        to=(Address(email=delivery.recipient, name=recipient.name if recipient else ""),),
        subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
        text=message.text,
        message_id=delivery.mail_id,
        in_reply_to=references[-1] if references else "",
        references=references[-REFERENCES_SENT:],
    )
