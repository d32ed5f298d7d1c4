"""Letters of ours as they leave, without a server between."""

import email
import email.policy
from typing import Any

from django.utils import timezone

from channels.email.composing import compose_mail
from channels.services import delivering, writing
from tickets.models import Message


def raw_of(message: Message) -> bytes:
    """The mail that carries a message; it counts as sent."""
    written = writing.write(message=message, delivery=delivering._prepare(message))
    Message.objects.filter(pk=message.pk).update(delivery_state="sent")
    return compose_mail(written.mail(), at=timezone.now())


def mail_of(message: Message) -> Any:
    """The same, as the standard library reads it."""
    return email.message_from_bytes(raw_of(message), policy=email.policy.default)
