"""Replies go out by real SMTP, with what makes the answer thread back."""

import email
import email.policy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from channels.base import TryAgain
from channels.models import Delivery
from channels.services import delivering
from channels.services.receiving import Received
from demo.mailbox import serving
from tests.factories.channels import raw_mail
from tickets.models import Message
from tickets.services import replying

Receive = Callable[[bytes], Received]


@pytest.fixture
def mailbox(tmp_path: Path, settings: Any) -> Iterator[Any]:
    handle = serving.start(port=0, directory=tmp_path)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handle.port
    yield handle
    handle.stop()


@pytest.fixture
def reply(receive: Receive, bela: Membership) -> Message:
    received = receive(raw_mail(subject="Мой заказ №7"))
    assert received.message is not None
    return replying.reply(ticket=received.message.ticket, text="Уже в пути 🚚", agent=bela, at=timezone.now())


def sent(directory: Path) -> list[Any]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(directory.rglob("*.eml"))
    ]


def test_reply_arrives_with_headers_that_thread_it(mailbox: Any, reply: Message, tmp_path: Path) -> None:
    delivering.deliver_message(message_id=reply.pk, at=timezone.now())

    (mail,) = sent(tmp_path)
    assert mail["To"].addresses[0].addr_spec == "ana@shopper.example"
    assert mail["From"].addresses[0].addr_spec == "support@acme.example"
    assert mail["Subject"] == "Re: Мой заказ №7"
    assert mail["In-Reply-To"] == "<one@shopper.example>"
    assert "<one@shopper.example>" in mail["References"]
    assert mail.get_body(("plain",)).get_content().strip() == "Уже в пути 🚚"
    reply.refresh_from_db()
    assert reply.delivery_state == "sent"


def test_answer_to_the_reply_joins_the_ticket(mailbox: Any, reply: Message, tmp_path: Path, receive: Receive) -> None:
    delivering.deliver_message(message_id=reply.pk, at=timezone.now())
    (mail,) = sent(tmp_path)

    answer = receive(
        raw_mail("Thanks!", mail_id="<thanks@shopper.example>", headers={"In-Reply-To": str(mail["Message-ID"])})
    )

    assert answer.mail.outcome == "message_added"
    assert answer.message is not None
    assert answer.message.ticket_id == reply.ticket_id


def test_delivering_twice_sends_once(mailbox: Any, reply: Message, tmp_path: Path) -> None:
    delivering.deliver_message(message_id=reply.pk, at=timezone.now())
    delivering.deliver_message(message_id=reply.pk, at=timezone.now())

    assert len(sent(tmp_path)) == 1


def test_mail_server_away_means_later(reply: Message, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(TryAgain):
        delivering.deliver_message(message_id=reply.pk, at=timezone.now())

    assert Delivery.objects.get().state == "queued"


def test_given_up_message_says_so_on_the_ticket(reply: Message) -> None:
    delivering.fail_message(message_id=reply.pk, reason="550 no such user")

    reply.refresh_from_db()
    assert reply.delivery is not None
    assert (reply.delivery.label, reply.delivery.detail) == ("Not sent", "550 no such user")
