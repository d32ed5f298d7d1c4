"""The channel of e-mail: reads with our parser, sends by SMTP or by a provider."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from channels.base import Call, Channel, GiveUp, HandedMail, ProviderFacts
from channels.email import api_checking, api_sending, sending
from channels.email.composing import BadAddress, bare_address, compose_mail
from channels.email.handed import confirmation_of, read_handed
from channels.email.imap import Mailbox, open_mailbox
from channels.email.parsing import PARSER_VERSION, parse_mail
from channels.email.providers import PROVIDERS
from channels.email.reports import read_reports
from channels.email.threading import (
    make_message_id,
    make_reply_token,
    read_message_id,
    read_reply_address,
    reply_address,
)
from channels.types import (
    DeliveryReceipt,
    InboundMessage,
    MailboxLogin,
    OutboundMessage,
    Proof,
    ProviderLogin,
    Report,
    Transport,
    Wire,
)

_MOST_PROOFS = 60


class EmailChannel(Channel):
    """E-mail. Holds no state; one object serves all."""

    parser_version = PARSER_VERSION

    def parse(self, raw: bytes) -> InboundMessage:
        return parse_mail(raw)

    def deliver(self, message: OutboundMessage, transport: Transport) -> DeliveryReceipt:
        try:
            if isinstance(transport, ProviderLogin):
                return api_sending.send(message, transport)
            return _by_smtp(message, transport)
        except BadAddress as error:
            raise GiveUp(str(error)) from error

    def check_transport(self, transport: Transport, *, sender: str) -> str:
        if isinstance(transport, ProviderLogin):
            return api_checking.check(transport, sender=sender)
        return sending.check(transport, sender=bare_address(sender))

    def providers(self) -> Sequence[ProviderFacts]:
        return sorted((one.facts for one in PROVIDERS.values()), key=lambda facts: facts.label)

    def open_mailbox(self, login: MailboxLogin, *, allow_private: bool) -> AbstractContextManager[Mailbox]:
        return open_mailbox(login, allow_private=allow_private)

    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        domain = address.rpartition("@")[2]
        return make_message_id(tenant_id=tenant_id, ticket_id=ticket_id, message_id=message_id, domain=domain, key=key)

    def make_reply_address(self, *, tenant_id: int, ticket_id: int, address: str, key: bytes) -> str:
        made = reply_address(address, make_reply_token(tenant_id=tenant_id, ticket_id=ticket_id, key=key))
        return made if made != address else ""

    def read_id(self, message_id: str, *, keys: Sequence[bytes]) -> Proof | None:
        ids = read_message_id(message_id, keys)
        return Proof(ids.tenant_id, ids.ticket_id, ids.message_id) if ids else None

    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        ids = dict.fromkeys([message.in_reply_to, *reversed(message.references)])
        addresses = dict.fromkeys([*message.delivered_to, *(one.email for one in (*message.to, *message.cc))])
        found = [read_reply_address(address, keys) for address in list(addresses)[:_MOST_PROOFS]]
        found += [read_message_id(one, keys) for one in list(ids)[:_MOST_PROOFS]]
        return [Proof(ids.tenant_id, ids.ticket_id, ids.message_id) for ids in found if ids]

    def read_handed(self, call: Call) -> Sequence[HandedMail]:
        return read_handed(call)

    def read_reports(self, call: Call) -> Sequence[Report]:
        return read_reports(call)

    def confirmation_of(self, call: Call) -> str:
        return confirmation_of(call)


def _by_smtp(message: OutboundMessage, wire: Wire) -> DeliveryReceipt:
    mail = compose_mail(message, at=datetime.now(UTC))
    sender = bare_address(message.sender.email)
    everybody = (*message.to, *message.cc, *message.bcc)
    recipients = [bare_address(address.email) for address in everybody]
    return sending.send(mail, sender=sender, recipients=recipients, wire=wire)
