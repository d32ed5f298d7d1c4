"""Mails read again by a better parser: what is shown follows, what was decided stays."""

import dataclasses
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from accounts.models import Tenant
from channels.base import Unparseable
from channels.email import adapter
from channels.email.adapter import EmailChannel
from channels.email.parsing import parse_mail
from channels.models import RawMail
from channels.services import reparsing
from channels.services.receiving import Received
from channels.types import InboundAttachment, InboundMessage
from tests.factories.channels import raw_bounce, raw_mail
from tickets.models import Attachment, Message, Ticket

Receive = Callable[[bytes], Received]
Improve = Callable[[InboundMessage], InboundMessage]


def mail_with_files() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "Ana <ana@shopper.example>", "Files", "<files@shopper.example>"
    mail["To"] = "support@acme.example"
    mail.set_content("See the files")
    for name in ("one.txt", "two.txt"):
        mail.add_attachment(f"in {name}".encode(), maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Improve], None]:
    """The parser of tomorrow: today's, and what `improve` makes of it."""

    def install(improve: Improve) -> None:
        version = EmailChannel.parser_version + 1
        monkeypatch.setattr(EmailChannel, "parser_version", version)
        monkeypatch.setattr(
            adapter, "parse_mail", lambda raw: dataclasses.replace(improve(parse_mail(raw)), parser=version)
        )

    return install


def reparse_all(*, older_only: bool = True) -> list[bool]:
    return [reparsing.reparse_mail(mail_id=one) for one in reparsing.find_mails(older_only=older_only)]


def everything() -> dict[str, Any]:
    """All rows a mail leaves, but for the parser that read it."""
    rows: dict[str, Any] = {"ticket": list(Ticket.objects.values()), "message": list(Message.objects.values())}
    rows["attachment"] = list(Attachment.objects.order_by("pk").values())
    rows["mail"] = list(RawMail.objects.order_by("pk").values())
    for row in rows["mail"]:
        del row["parser"]
    return rows


def test_same_parser_changes_nothing(receive: Receive) -> None:
    receive(mail_with_files())
    receive(raw_mail("Thanks", mail_id="<two@shopper.example>", headers={"In-Reply-To": "<files@shopper.example>"}))
    before = everything()

    assert reparse_all() == []
    assert reparse_all(older_only=False) == [False, False]
    assert everything() == before


def test_newer_parser_changes_the_words_and_nothing_else(receive: Receive, newer: Callable[[Improve], None]) -> None:
    receive(raw_mail("Where is my order?\n\nSent from a phone"))
    before = everything()
    newer(lambda parsed: dataclasses.replace(parsed, text="Where is it?", quoted="Sent from a phone", html="<p>x"))

    assert reparse_all() == [True]

    (message,), after = Message.objects.values(), everything()
    assert (message["text"], message["quoted"], message["html"]) == ("Where is it?", "Sent from a phone", "<p>x")
    after["message"][0] |= {name: before["message"][0][name] for name in ("text", "quoted", "html")}
    assert after == before
    assert reparse_all() == []


def test_files_keep_their_places(receive: Receive, newer: Callable[[Improve], None]) -> None:
    receive(mail_with_files())
    one, two = Attachment.objects.order_by("position")

    def improve(parsed: InboundMessage) -> InboundMessage:
        _, second = parsed.attachments
        found = InboundAttachment("three.txt", "text/plain", 5, "0" * 64, b"three")
        renamed = dataclasses.replace(second, name="Two.txt", inline=True, content_id="two@mail")
        return dataclasses.replace(parsed, attachments=(found, renamed))

    newer(improve)
    assert reparse_all() == [True]

    rows = Attachment.objects.select_related("file").order_by("position")
    assert [(one.position, one.name, one.is_inline, one.content_id) for one in rows] == [
        (2, "Two.txt", True, "two@mail"),
        (3, "three.txt", False, ""),
    ]
    assert rows[0].pk == two.pk and rows[0].file_id == two.file_id
    assert not Attachment.objects.filter(pk=one.pk).exists()


def test_bounces_second_copies_and_quarantine_are_not_read_again(
    receive: Receive, newer: Callable[[Improve], None]
) -> None:
    receive(raw_mail())
    receive(raw_mail())
    receive(raw_mail(mail_id="<list@shopper.example>", subject="News", headers={"Precedence": "bulk"}))
    receive(raw_bounce(recipient="ana@shopper.example", of="<one@shopper.example>"))
    newer(lambda parsed: dataclasses.replace(parsed, text="read again"))

    assert reparse_all() == [True]
    assert [reparsing.reparse_mail(mail_id=one.pk) for one in RawMail.objects.order_by("pk")] == [False] * 4
    assert Message.objects.get().text == "read again"


def test_message_that_moved_is_found_where_it_stands(receive: Receive, newer: Callable[[Improve], None]) -> None:
    received = receive(raw_mail())
    other = receive(raw_mail(mail_id="<b@x.example>", subject="Another", sender="rui@other.example"))
    assert received.message and other.message
    Message.objects.filter(pk=received.message.pk).update(ticket=other.message.ticket, number=7)
    newer(lambda parsed: dataclasses.replace(parsed, text=parsed.text.upper()))

    assert reparse_all() == [True, True]
    assert Message.objects.get(number=7).text == "WHERE IS MY ORDER?"


@pytest.mark.parametrize("fault", [Unparseable("no longer"), RuntimeError("a fault of ours")])
def test_command_goes_on_after_a_bad_mail_and_keeps_what_was_read(
    in_acme: Tenant, receive: Receive, newer: Callable[[Improve], None], capsys: Any, fault: Exception
) -> None:
    for number in range(3):
        receive(raw_mail(f"text {number}", mail_id=f"<{number}@x.example>", subject=f"{number}"))

    def improve(parsed: InboundMessage) -> InboundMessage:
        if parsed.subject == "1":
            raise fault
        return dataclasses.replace(parsed, text=f"new {parsed.text}")

    newer(improve)
    call_command("reparse_mail", workspace="acme")

    assert capsys.readouterr().out == "acme: 2 read, 2 changed, 1 not readable\n"
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == ["new text 0", "text 1", "new text 2"]
    call_command("reparse_mail", workspace="acme", all=True)
    assert capsys.readouterr().out == "acme: 2 read, 0 changed, 1 not readable\n"


def test_lost_file_leaves_the_message_as_it_is(receive: Receive) -> None:
    mail = receive(raw_mail()).mail
    default_storage.delete(mail.file.path)

    with pytest.raises(reparsing.NotReadable):
        reparsing.reparse_mail(mail_id=mail.pk)
    assert Message.objects.get().text == "Where is my order?"


def test_search_for_mails_passes_batches_without_any(
    receive: Receive, newer: Callable[[Improve], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reparsing, "BATCH", 2)
    for number in range(7):
        receive(raw_mail(mail_id=f"<{number}@x.example>", subject=f"{number}"))
    RawMail.objects.filter(number=6).update(parser=0)

    assert list(reparsing.find_mails(older_only=True)) == [RawMail.objects.get(number=6).pk]
    assert len(list(reparsing.find_mails(older_only=False))) == 7


def test_received_mail_says_which_parser_read_it(receive: Receive) -> None:
    assert receive(raw_mail()).mail.parser == EmailChannel.parser_version
