"""Replies go out by real SMTP, with what makes the answer thread back."""

import email
import email.policy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Membership
from channels.base import GiveUp, TryAgain
from channels.models import Delivery
from channels.services import delivering, tracking
from channels.services.receiving import Received
from demo.mailbox import serving
from events.models import Notification
from files.services.storing import store
from tests.factories.channels import raw_bounce, raw_mail
from tickets.addresses import Person, Recipients
from tickets.bodies import body_from_html, body_from_text
from tickets.models import Inbox, Message, Recipient
from tickets.services import carrying, replying, signing, starting, withdrawing

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
    return replying.reply(
        ticket=received.message.ticket, body=body_from_text("Уже в пути 🚚"), agent=bela, at=timezone.now()
    )


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


def deliver(message: Message) -> None:
    delivering.deliver_message(message_id=message.pk, at=timezone.now())


def written(receive: Receive, agent: Membership, **fields: Any) -> Message:
    """A reply on a ticket of Ana's."""
    received = receive(raw_mail())
    assert received.message is not None
    fields = {"body": body_from_text("On its way"), "at": timezone.now(), **fields}
    return replying.reply(ticket=received.message.ticket, agent=agent, **fields)


def people(*addresses: str) -> list[Person]:
    return [Person(address) for address in addresses]


def test_everybody_gets_the_mail_and_nobody_sees_who_is_hidden(
    mailbox: Any, receive: Receive, bela: Membership, tmp_path: Path
) -> None:
    recipients = Recipients.of(
        to=[Person("ana@shopper.example", 'Ana "A" Lopes,\r\nBcc: eve@evil.example')],
        cc=people("rui@shopper.example"),
        bcc=people("boss@acme-hq.example"),
    )

    deliver(written(receive, bela, recipients=recipients))

    (mail,) = sent(tmp_path)
    raw = next(tmp_path.rglob("*.eml")).read_bytes()
    assert b"boss@acme-hq" not in raw
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["ana@shopper.example"]
    assert [one.addr_spec for one in mail["Cc"].addresses] == ["rui@shopper.example"]
    (letter,) = mailbox.messages()
    assert sorted(letter["to"]) == ["ana@shopper.example", "boss@acme-hq.example", "rui@shopper.example"]


def test_mail_has_text_and_html_with_the_signature_below(
    mailbox: Any, receive: Receive, bela: Membership, tmp_path: Path
) -> None:
    signing.write_signature(member=bela, words="Kind regards\nBela")
    picture = store(name="box.png", content_type="image/png", content=b"\x89PNG")
    letter = store(name="Rechnung №7.pdf", content_type="application/pdf", content=b"%PDF")
    files = [carrying.OutgoingFile(picture, True, "box"), carrying.OutgoingFile(letter)]
    html = '<div>It is <b>on its way</b> <img src="cid:box"></div><blockquote>Where?</blockquote>'
    body = body_from_html(html, image=carrying.own_images(files))

    deliver(written(receive, bela, body=body, files=files))

    (mail,) = sent(tmp_path)
    assert mail.get_content_type() == "multipart/mixed"
    text, shown = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert text.replace("\r\n", "\n").strip() == "It is on its way\n\n> Where?\n\n-- \nKind regards\nBela"
    assert "<strong>on its way</strong>" in shown and 'src="cid:box"' in shown
    assert shown.index("Where?") < shown.index("Kind regards<br>Bela")
    parts = {part.get_filename(): part for part in mail.walk() if part.get_filename()}
    assert parts["box.png"]["Content-ID"] == "<box>" and parts["box.png"].get_content_disposition() == "inline"
    assert parts["Rechnung №7.pdf"].get_content_disposition() == "attachment"
    assert parts["Rechnung №7.pdf"].get_content() == b"%PDF"


def test_first_letter_of_an_agent_is_no_answer(
    mailbox: Any, inbox: Inbox, receive: Receive, bela: Membership, tmp_path: Path
) -> None:
    first = starting.start_ticket(
        inbox=inbox,
        subject="Your order\r\nBcc: eve@evil.example",
        body=body_from_text("Hello"),
        recipients=Recipients.of(to=people("ana@shopper.example")),
        agent=bela,
        at=timezone.now(),
    )
    deliver(first)
    (mail,) = sent(tmp_path)

    answer = receive(raw_mail("Hi!", headers={"In-Reply-To": str(mail["Message-ID"])}))

    assert (mail["Subject"], mail["In-Reply-To"], mail["Bcc"]) == ("Your order Bcc: eve@evil.example", None, None)
    assert answer.message is not None
    assert answer.message.ticket_id == first.ticket_id


def test_recipient_who_is_refused_is_named_and_the_others_have_it(
    mailbox: Any, receive: Receive, bela: Membership, tmp_path: Path
) -> None:
    cc = [Person("refused@shopper.example", "Rui"), Person("later@shopper.example")]
    message = written(receive, bela, recipients=Recipients.of(to=people("ana@shopper.example"), cc=cc))

    deliver(message)
    deliver(message)

    assert len(sent(tmp_path)) == 1
    message.refresh_from_db()
    assert message.delivery_state == "sent"
    assert message.delivery_detail.startswith("Not taken for Rui (550")
    assert "later@shopper.example (451" in message.delivery_detail


def test_mail_that_all_refuse_is_given_up_or_put_off(mailbox: Any, receive: Receive, bela: Membership) -> None:
    message = written(receive, bela, recipients=Recipients.of(to=people("refused@shopper.example")))
    with pytest.raises(GiveUp, match="550"):
        deliver(message)

    Recipient.objects.filter(message=message).update(address="later@shopper.example")
    with pytest.raises(TryAgain, match="451"):
        deliver(message)

    message.refresh_from_db()
    assert message.delivery_state == "queued"
    assert message.delivery_detail.endswith("It is tried again.")


def test_worker_killed_while_sending_sends_again_under_the_same_id(
    mailbox: Any, reply: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no handler catches."""

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(tracking, "note_sent", die)
        deliver(reply)
    reply.refresh_from_db()
    assert reply.delivery_state == "sending"

    deliver(reply)

    ids = {str(mail["Message-ID"]) for mail in sent(tmp_path)}
    assert (len(sent(tmp_path)), len(ids)) == (2, 1)
    reply.refresh_from_db()
    assert reply.delivery_state == "sent"


def test_message_that_was_taken_back_is_not_sent(
    mailbox: Any, reply: Message, bela: Membership, tmp_path: Path
) -> None:
    withdrawing.withdraw_message(message=reply, agent=bela, at=timezone.now())

    deliver(reply)
    delivering.fail_message(message_id=reply.pk, reason="late")

    assert sent(tmp_path) == []


def test_author_is_told_that_a_message_cannot_be_sent(reply: Message, bela: Membership) -> None:
    delivering.fail_message(message_id=reply.pk, reason="550 no such user")

    notice = Notification.objects.get(kind="not_sent")
    assert (notice.member_id, notice.event.type) == (bela.pk, "message.failed")
    reply.refresh_from_db()
    assert reply.can_retry


def test_lost_file_is_said_and_not_left_out(mailbox: Any, receive: Receive, bela: Membership) -> None:
    lost = store(name="a.pdf", content_type="application/pdf", content=b"x")
    default_storage.delete(lost.path)
    message = written(receive, bela, files=[carrying.OutgoingFile(lost)])

    with pytest.raises(GiveUp, match=r"a\.pdf is lost"):
        deliver(message)


@pytest.mark.parametrize(("cc", "state"), [((), "bounced"), (("rui@shopper.example",), "sent")])
def test_bounce_of_one_of_several_leaves_the_message_sent(
    mailbox: Any, receive: Receive, bela: Membership, tmp_path: Path, cc: tuple[str, ...], state: str
) -> None:
    recipients = Recipients.of(to=people("ana@shopper.example"), cc=people(*cc))
    message = written(receive, bela, recipients=recipients)
    deliver(message)
    (mail,) = sent(tmp_path)

    receive(raw_bounce(recipient="Ana@Shopper.example", of=str(mail["Message-ID"])))

    message.refresh_from_db()
    assert message.delivery_state == state
    assert not message.can_retry
