"""The channel of e-mail: proofs from ids and addresses, and what an SMTP server's answers mean."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from channels.base import GiveUp, TryAgain
from channels.email.adapter import EmailChannel
from channels.email.submission import verdict
from channels.email.threading import make_reply_token, reply_address
from channels.registry import channel
from channels.types import Address, Proof, Wire
from tests.channels.email.building import mail
from tests.channels.email.test_composing import MESSAGE

KEY = b"k" * 32
CHANNEL = EmailChannel()
NOWHERE = Wire(host="127.0.0.1", port=1, timeout=1.0)


def test_registry_finds_the_channel() -> None:
    assert isinstance(channel("email"), EmailChannel)


def test_answer_to_our_id_proves_its_ticket() -> None:
    ours = CHANNEL.make_id(tenant_id=1, ticket_id=2, message_id=3, address="support@acme.example", key=KEY)
    message = CHANNEL.parse(mail(References=f"<a@x.example> {ours}", In_Reply_To=ours))

    assert CHANNEL.read_proofs(message, keys=[KEY]) == [Proof(1, 2, 3)]
    assert CHANNEL.read_proofs(message, keys=[b"other" * 8]) == []


def test_mail_to_a_signed_address_proves_its_ticket() -> None:
    token = make_reply_token(tenant_id=1, ticket_id=2, key=KEY)
    message = CHANNEL.parse(mail(To=reply_address("support@acme.example", token)))

    assert CHANNEL.read_proofs(message, keys=[KEY]) == [Proof(1, 2, 0)]


def test_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(TryAgain, match="cannot be reached"):
        CHANNEL.deliver(MESSAGE, NOWHERE)


def test_address_that_is_none_is_given_up_before_connecting() -> None:
    with pytest.raises(GiveUp, match="not an address"):
        CHANNEL.deliver(replace(MESSAGE, to=(Address("nobody"),)), NOWHERE)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@x": (550, b"no such user")}), GiveUp),
        (smtplib.SMTPRecipientsRefused({"a@x": (450, b"later")}), TryAgain),
        (smtplib.SMTPSenderRefused(553, b"not yours", "a@x"), GiveUp),
        (smtplib.SMTPDataError(554, b"spam"), GiveUp),
        (smtplib.SMTPDataError(451, b"try later"), TryAgain),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), GiveUp),
        (smtplib.SMTPServerDisconnected("gone"), TryAgain),
        (TimeoutError("slow"), TryAgain),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_answer_of_the_server_means_later_or_never(
    monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]
) -> None:
    @contextmanager
    def connected(*args: Any, **options: Any) -> Iterator[None]:
        raise verdict(error)
        yield

    monkeypatch.setattr("channels.email.sending.connected", connected)

    with pytest.raises(expected):
        CHANNEL.deliver(MESSAGE, NOWHERE)
