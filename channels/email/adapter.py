"""The channel of e-mail: reads with our parser, sends by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime

from channels.base import Channel, GiveUp, TryAgain
from channels.email.composing import BadAddress, bare_address, compose_mail
from channels.email.parsing import parse_mail
from channels.email.threading import make_message_id, read_message_id, read_reply_address
from channels.types import DeliveryReceipt, InboundMessage, OutboundMessage, Proof, Wire

_MOST_PROOFS = 60
_PERMANENT = 500


class EmailChannel(Channel):
    """E-mail. Holds no state; one object serves all."""

    def parse(self, raw: bytes) -> InboundMessage:
        return parse_mail(raw)

    def deliver(self, message: OutboundMessage, wire: Wire) -> DeliveryReceipt:
        try:
            mail = compose_mail(message, at=datetime.now(UTC))
            sender = bare_address(message.sender.email)
            recipients = [bare_address(address.email) for address in (*message.to, *message.cc)]
        except BadAddress as error:
            raise GiveUp(str(error)) from error
        try:
            with _connect(wire) as server:
                options = [] if all(one.isascii() for one in (sender, *recipients)) else ["SMTPUTF8"]
                server.sendmail(sender, recipients, mail, mail_options=options)
        except smtplib.SMTPException as error:
            raise _answer(error) from error
        except OSError as error:
            raise TryAgain(f"{wire.host}:{wire.port} cannot be reached: {error}") from error
        return DeliveryReceipt(f"taken by {wire.host}:{wire.port}")

    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        domain = address.rpartition("@")[2]
        return make_message_id(tenant_id=tenant_id, ticket_id=ticket_id, message_id=message_id, domain=domain, key=key)

    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        ids = dict.fromkeys([message.in_reply_to, *reversed(message.references)])
        addresses = dict.fromkeys([*message.delivered_to, *(one.email for one in (*message.to, *message.cc))])
        found = [read_reply_address(address, keys) for address in list(addresses)[:_MOST_PROOFS]]
        found += [read_message_id(one, keys) for one in list(ids)[:_MOST_PROOFS]]
        return [Proof(ids.tenant_id, ids.ticket_id, ids.message_id) for ids in found if ids]


def _connect(wire: Wire) -> smtplib.SMTP:
    server: smtplib.SMTP
    if wire.tls:
        server = smtplib.SMTP_SSL(wire.host, wire.port, timeout=wire.timeout, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(wire.host, wire.port, timeout=wire.timeout)
    try:
        if wire.starttls:
            server.starttls(context=ssl.create_default_context())
        if wire.user:
            server.login(wire.user, wire.password)
    except BaseException:
        server.close()
        raise
    return server


def _answer(error: smtplib.SMTPException) -> TryAgain | GiveUp:
    """Turn what a mail system said into "later" or "never": codes from 500 are for good (RFC 5321, 4.2.1)."""
    code, text = 0, str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, raw = max(error.recipients.values(), default=(0, b""))
        text = f"recipient refused: {code} {raw.decode('utf-8', 'replace')}"
    elif isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        code, text = error.smtp_code, f"{error.smtp_code} {raw.decode('utf-8', 'replace')}"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        code = _PERMANENT
    # A password that was refused may be put right by an admin.
    is_final = code >= _PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError)
    return GiveUp(text[:500]) if is_final else TryAgain(text[:500])
