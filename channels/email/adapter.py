"""The e-mail channel: what the neutral port means for mails."""

from collections.abc import Sequence

from channels.base import Channel
from channels.email import composing, parsing, sending, threading
from channels.types import DeliveryReceipt, InboundMessage, OutboundMessage, Proof, Wire


class EmailChannel(Channel):
    """RFC 5322 mails, over SMTP."""

    def parse(self, raw: bytes) -> InboundMessage:
        return parsing.parse_mail(raw)

    def deliver(self, message: OutboundMessage, wire: Wire) -> DeliveryReceipt:
        recipients = [one.email for one in (*message.to, *message.cc)]
        return sending.send(composing.compose(message), sender=message.sender.email, recipients=recipients, wire=wire)

    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        return threading.make_message_id(
            tenant_id=tenant_id,
            ticket_id=ticket_id,
            message_id=message_id,
            domain=address.rpartition("@")[2],
            key=key,
        )

    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        """From the ids the mail answers, and from the addresses it was sent to."""
        named = (message.in_reply_to, *message.references)
        found = [threading.read_message_id(one, keys) for one in named]
        reached = [one.email for one in (*message.to, *message.cc)] + list(message.delivered_to)
        found += [threading.read_reply_address(one, keys) for one in reached]
        return [Proof(*ids) for ids in found if ids is not None]
