"""The pages, the JSON, and writing as a customer."""

import asyncio
import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from demo.mailbox.answering import NotWritten, deliver, split_command, write_new
from demo.mailbox.http import Request, Response
from demo.mailbox.serving import Handle, start
from demo.mailbox.storage import Storage
from demo.mailbox.web import Web
from tests.demo_mailbox.conftest import Browse

Send = Callable[..., str]


def read(path: Path) -> EmailMessage:
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_list_shows_mails_newest_first(send: Send, browse: Browse) -> None:
    assert "No mail yet" in browse("/").text
    send(to="mira@vale.example", text="first")
    send(to="odo@hill.example", text="second")

    page = browse("/").text

    assert "nothing leaves this machine" in page
    assert page.index("odo@hill.example") < page.index("mira@vale.example")
    filtered = browse("/?address=Mira%40vale.example").text
    assert "first" in filtered and "second" not in filtered


def test_json_lists_what_tests_need(send: Send, browse: Browse) -> None:
    letter_id = send()

    (message,) = browse("/messages.json?address=mira@vale.example").json

    wanted = {
        "id": letter_id,
        "from": "support@acme.example",
        "from_name": "Acme",
        "to": ["mira@vale.example"],
        "reply_to": "support+t1@acme.example",
        "subject": "Your parcel",
        "message_id": "<2@acme.example>",
        "in_reply_to": "",
        "references": ["<1@vale.example>"],
        "text": "Hello Mira\n",
    }
    assert {key: message[key] for key in wanted} == wanted
    assert browse("/messages.json?address=nobody@vale.example").json == []


def test_raw_mail_is_what_was_sent(send: Send, browse: Browse) -> None:
    letter_id = send(text="Grüße")

    page = browse(f"/messages/{letter_id}.eml")

    assert page.headers["Content-Type"] == "message/rfc822"
    assert b"Message-ID: <2@acme.example>" in page.body


def test_letters_stand_in_a_frame_that_can_do_nothing(send: Send, browse: Browse) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "support@acme.example", "mira@vale.example", "<script>alert(1)</script>"
    mail.set_content("<b>plain</b>")
    mail.add_alternative("<p>Hello</p><script>alert(2)</script>", subtype="html")
    letter_id = send(mail)

    page, letter = browse(f"/messages/{letter_id}"), browse(f"/messages/{letter_id}.html")

    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)" in page.text
    assert "&lt;b&gt;plain" in page.text
    assert f'src="/messages/{letter_id}.html" sandbox ' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert letter.headers["Content-Security-Policy"].endswith("sandbox")
    assert "script-src" not in letter.headers["Content-Security-Policy"]


def test_broken_mails_are_shown_all_the_same(send: Send, browse: Browse, mailbox: Handle, tmp_path: Path) -> None:
    broken = (
        b"From: =?utf-8?b?!!!?= <support@acme.example>\r\nTo: ,;<\r\nSubject: =?nonsense?q?=ff?=\r\nMessage-ID:\r\n"
        b"Content-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xfe!!!\r\n"
    )
    (tmp_path / "mailbox" / "20260101T000000000000-abcdef.eml").write_bytes(broken)
    mailbox.stop()
    again = start(0, tmp_path / "mailbox")

    (message,) = again.messages()

    assert message["from"] == "support@acme.example"
    again.stop()


@pytest.mark.parametrize(
    "path", ["/messages/nope", "/messages/..%2f..%2fetc", "/messages/x.eml", "/outcomes/0", "/x/y"]
)
def test_unknown_pages_are_not_found(path: str, browse: Browse) -> None:
    assert browse(path).status == 404


def test_answer_is_a_true_reply(send: Send, browse: Browse, delivered: Path) -> None:
    letter_id = send(text="Hello Mira,\n\nis it there?")

    page = browse(f"/messages/{letter_id}/answer", form={"text": "Yes, thank you\r\nMira"})

    mail = read(delivered)
    assert "The helpdesk took the mail" in page.text and "for support@acme.example" in page.text
    assert (str(mail["From"]), str(mail["To"])) == ("Mira Vale <mira@vale.example>", "support+t1@acme.example")
    assert mail["Subject"] == "Re: Your parcel"
    assert mail["In-Reply-To"] == "<2@acme.example>"
    assert mail["References"] == "<1@vale.example> <2@acme.example>"
    assert mail["Message-ID"].endswith("@vale.example>") and mail["Date"]
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("Yes, thank you\nMira\n\nOn ")
    assert text.endswith(" Acme wrote:\n> Hello Mira,\n>\n> is it there?\n")


def test_answer_without_words_keeps_the_page(send: Send, browse: Browse, delivered: Path) -> None:
    page = browse(f"/messages/{send()}/answer", form={"text": "  "})

    assert page.status == 422
    assert "Write something first." in page.text
    assert not delivered.exists()


def test_a_first_mail_can_be_written(browse: Browse, delivered: Path) -> None:
    fields = {
        "name": "Zoë",
        "sender": "zoe@böhm.example",
        "to": "support@globex.example",
        "subject": "Größe\r\nBcc: x@y.example",
    }

    assert "Write to the helpdesk" in browse("/write").text
    page = browse("/write", form=fields | {"text": "Is 42 left? 👟"})

    mail = read(delivered)
    assert "for support@globex.example" in page.text
    assert mail["Subject"] == "Größe Bcc: x@y.example" and mail["Bcc"] is None
    assert "zoe@böhm.example" in str(mail["From"])
    assert mail.get_content() == "Is 42 left? 👟\r\n"


@pytest.mark.parametrize(
    "address",
    ["", "mira", "--help@vale.example", "a@b", "a b@vale.example", "a@vale.example,b@vale.example", "a@v\n.example"],
)
def test_only_plain_addresses_are_written_to(address: str) -> None:
    with pytest.raises(NotWritten):
        write_new("", "mira@vale.example", address, "", "text")
    with pytest.raises(NotWritten):
        write_new("", address, "support@acme.example", "", "text")


def test_what_was_typed_survives_a_mistake(browse: Browse) -> None:
    fields = {"name": "Mira", "sender": "mira", "to": "support@acme.example", "subject": "Help", "text": "Long <text>"}

    page = browse("/write", form=fields)

    assert page.status == 422
    assert "mira is not a plain address" in page.text and "Long &lt;text&gt;" in page.text


def test_a_failing_command_says_why() -> None:
    draft = write_new("", "mira@vale.example", "support@acme.example", "Help", "text")

    failed = deliver(split_command("python3 -c 'import sys; print(\"no such inbox\"); sys.exit(3)'"), draft)
    missing = deliver(("./no-such-command", "{inbox}"), draft)

    assert (failed.exit_code, failed.printed) == (3, "no such inbox")
    assert missing.exit_code is None and "no-such-command" in missing.printed


def test_nothing_can_be_written_without_a_command(tmp_path: Path, send: Send, browse: Browse) -> None:
    letter_id = send()
    assert "Answer as the customer" in browse(f"/messages/{letter_id}").text

    silent = Web(Storage(tmp_path / "mailbox"), ())
    pages = [ask(silent, "GET", path) for path in ("/", f"/messages/{letter_id}", "/write")]

    assert [page.status for page in pages] == [200, 200, 404]
    assert b"Answer as the customer" not in pages[1].body and b"Write a mail" not in pages[0].body
    assert ask(silent, "POST", f"/messages/{letter_id}/answer").status == 404


def ask(web: Web, method: str, path: str) -> Response:
    async def answer() -> Response:
        return await web(Request(method, path, {}, {"host": "127.0.0.1"}, {"text": "x"}))

    return asyncio.run(answer())


def test_strangers_pages_are_turned_away(send: Send, browse: Browse, delivered: Path) -> None:
    letter_id = send()
    foreign = {"Origin": "https://evil.example"}

    assert browse("/", headers={"Host": "evil.example"}).status == 421
    assert browse(f"/messages/{letter_id}/answer", form={"text": "x"}, headers=foreign).status == 403
    assert not delivered.exists()
