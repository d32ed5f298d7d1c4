"""One bounce may tell of several recipients, and of warnings that are no end yet."""

import pytest

from channels.email.parsing import parse_mail
from channels.types import Kind
from tests.channels.email.building import mail

FROM = "Mail Delivery System <mailer-daemon@mx.acme.example>"


def report(*groups: str) -> bytes:
    status = "\n\n".join(("Reporting-MTA: dns; mx.acme.example", *groups))
    body = f"--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    return mail(body, From=FROM, Content_Type="multipart/report; report-type=delivery-status; boundary=b")


def group(name: str, action: str, status: str) -> str:
    return f"Final-Recipient: rfc822; {name}@shopper.example\nAction: {action}\nStatus: {status}"


def test_each_recipient_of_a_report_is_told() -> None:
    raw = report(group("rui", "delayed", "4.4.1"), group("ana", "failed", "5.1.1"), group("eva", "failed", "4.2.2"))

    message = parse_mail(raw)

    found = [(one.recipient.partition("@")[0], one.permanent, one.is_final) for one in message.failures]
    assert found == [("ana", True, True), ("eva", False, True), ("rui", False, False)]
    assert message.failed == message.failures[0]


def test_recipients_who_have_it_are_no_failures() -> None:
    message = parse_mail(report(group("ana", "delivered", "2.0.0"), group("rui", "failed", "5.1.1")))

    assert [one.recipient for one in message.failures] == ["rui@shopper.example"]


def test_report_that_everybody_has_it_is_no_bounce() -> None:
    message = parse_mail(report(group("ana", "relayed", "2.0.0"), group("rui", "deliverable", "2.1.5")))

    assert (message.kind, message.failures) == (Kind.AUTO_REPLY, ())


def test_each_recipient_named_on_a_line_of_its_own_is_told() -> None:
    text = (
        "I wasn't able to deliver your message.\n\n<ana@shopper.example>:\n550 no such user\n\n<rui@shopper.example>:\n"
    )
    text += "550 no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <eva@acme.example>\n"

    message = parse_mail(mail(text, From=FROM, Subject="failure notice"))

    assert [one.recipient for one in message.failures] == ["ana@shopper.example", "rui@shopper.example"]


@pytest.mark.parametrize(
    ("text", "is_final"),
    [
        ("Delivery to ana@shopper.example has been delayed. It will be retried.", False),
        ("Could not deliver to ana@shopper.example. Its mailbox is full.", True),
    ],
)
def test_warning_is_not_the_end(text: str, is_final: bool) -> None:
    (failed,) = parse_mail(mail(text, From=FROM, Subject="Mail delivery problem")).failures

    assert (failed.recipient, failed.is_final, failed.permanent) == ("ana@shopper.example", is_final, False)


def test_only_recipient_of_the_enclosed_letter_is_taken_when_nobody_is_named() -> None:
    enclosed = "Message-ID: <sent-7@acme.example>\nTo: Ana <ana@shopper.example>\nSubject: x\n\nHello"
    body = f"--b\nContent-Type: text/plain\n\nIt came back.\n--b\nContent-Type: message/rfc822\n\n{enclosed}\n--b--\n"

    message = parse_mail(mail(body, From=FROM, Subject="Returned mail", Content_Type="multipart/mixed; boundary=b"))

    assert message.failed is not None
    assert (message.failed.recipient, message.failed.message_id) == ("ana@shopper.example", "<sent-7@acme.example>")
