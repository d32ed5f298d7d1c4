"""The channel of e-mail: reads with our parser, sends by SMTP."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from channels.base import Channel, GiveUp
from channels.email.composing import BadAddress, bare_address, compose_mail
from channels.email.imap import Mailbox, open_mailbox
from channels.email.parsing import parse_mail
from channels.email.sending import send
from channels.email.threading import make_message_id, read_message_id, read_reply_address
from channels.types import DeliveryReceipt, InboundMessage, MailboxLogin, OutboundMessage, Proof, Wire

_MOST_PROOFS = 60


class EmailChannel(Channel):
    """E-mail. Holds no state; one object serves all."""

    def parse(self, raw: bytes) -> InboundMessage:
        return parse_mail(raw)

    def deliver(self, message: OutboundMessage, wire: Wire) -> DeliveryReceipt:
        try:
            mail = compose_mail(message, at=datetime.now(UTC))
            sender = bare_address(message.sender.email)
            everybody = (*message.to, *message.cc, *message.bcc)
            recipients = [bare_address(address.email) for address in everybody]
        except BadAddress as error:
            raise GiveUp(str(error)) from error
        return send(mail, sender=sender, recipients=recipients, wire=wire)

    def open_mailbox(self, login: MailboxLogin, *, allow_private: bool) -> AbstractContextManager[Mailbox]:
        return open_mailbox(login, allow_private=allow_private)

    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        domain = address.rpartition("@")[2]
        return make_message_id(tenant_id=tenant_id, ticket_id=ticket_id, message_id=message_id, domain=domain, key=key)

    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        ids = dict.fromkeys([message.in_reply_to, *reversed(message.references)])
        addresses = dict.fromkeys([*message.delivered_to, *(one.email for one in (*message.to, *message.cc))])
        found = [read_reply_address(address, keys) for address in list(addresses)[:_MOST_PROOFS]]
        found += [read_message_id(one, keys) for one in list(ids)[:_MOST_PROOFS]]
        return [Proof(ids.tenant_id, ids.ticket_id, ids.message_id) for ids in found if ids]
