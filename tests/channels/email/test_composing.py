"""What we send can be read by the standard library and by ourselves, and no text of a stranger becomes a header."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.composing import MOST_REFERENCES, BadAddress, compose_mail
from channels.email.parsing import parse_mail
from channels.types import Address, OutboundAttachment, OutboundMessage

AT = datetime(2026, 11, 2, 10, 15, tzinfo=UTC)
MESSAGE = OutboundMessage(
    sender=Address("support@acme.example", "Acme"),
    to=(Address("ana@shopper.example", "Ana Lopes"),),
    subject="Re: My order",
    text="It is on its way.\n",
    message_id="<7@acme.example>",
)


def read(message: OutboundMessage) -> EmailMessage:
    raw = compose_mail(message, at=AT)
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_mail_has_what_threads_it() -> None:
    mail = read(
        replace(MESSAGE, in_reply_to="<2@x>", references=("<1@x>", "2@x"), reply_to=Address("s+r1@acme.example"))
    )

    assert mail["Message-ID"] == "<7@acme.example>"
    assert mail["In-Reply-To"] == "<2@x>"
    assert mail["References"] == "<1@x> <2@x>"
    assert mail["Reply-To"] == "s+r1@acme.example"
    assert mail["Date"].datetime == AT
    assert "Auto-Submitted" not in mail
    assert "X-Helpdesk-Loop" not in mail


def test_long_address_in_a_header_stays_readable_to_machines() -> None:
    address = f"<https://help.example/{'x' * 200}/>"

    extra = (("List-Unsubscribe", address), ("X-Evil", "a\r\nBcc: x@y.example"))
    message = replace(MESSAGE, extra_headers=extra)

    assert compose_mail(message, at=AT).count(f"List-Unsubscribe: {address}\r\n".encode()) == 1
    assert "Bcc" not in read(message)


def test_references_keep_the_first_and_the_last() -> None:
    mail = read(replace(MESSAGE, references=tuple(f"<{number}@x>" for number in range(100))))

    ids = mail["References"].split()
    assert (len(ids), ids[0], ids[1], ids[-1]) == (MOST_REFERENCES, "<0@x>", "<81@x>", "<99@x>")


def test_automatic_answer_says_so() -> None:
    mail = read(replace(MESSAGE, auto_submitted=True, loop_mark="acme-3"))

    assert (mail["Auto-Submitted"], mail["X-Helpdesk-Loop"]) == ("auto-replied", "acme-3")


def test_text_html_and_files_arrive() -> None:
    files = (
        OutboundAttachment("Счёт «май» 3/2026.pdf", "application/pdf", bytes(range(256))),
        OutboundAttachment("../evil.exe", "multipart/mixed", b""),
    )
    mail = read(replace(MESSAGE, text="Grüße 🚚\n.\n" + "x" * 3000, html="<p>Grüße</p>", attachments=files))

    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == "Grüße 🚚\n.\n" + "x" * 3000
    assert html.get_content().strip() == "<p>Grüße</p>"
    first, second = mail.iter_attachments()
    assert (first.get_filename(), first.get_content()) == ("Счёт «май» 3_2026.pdf", bytes(range(256)))
    assert (second.get_filename(), second.get_content_type()) == ("evil.exe", "application/octet-stream")


def test_line_ends_in_values_make_no_headers() -> None:
    evil = "x\r\nBcc: victim@x.example\r\n\r\nbody"
    mail = read(
        replace(
            MESSAGE,
            sender=Address("support@acme.example", evil),
            to=(Address("ana@shopper.example", evil),),
            subject=evil,
            message_id="<7\r\nBcc: a@x>",
            loop_mark=evil,
            extra_headers=(("X-A", evil), ("Bcc", "victim@x.example"), ("X-B\r\nBcc", "y"), ("Subject", "second")),
            attachments=(OutboundAttachment(evil, "text/plain", b"x"),),
        )
    )

    assert "Bcc" not in mail
    assert mail.get_all("Subject") == ["x Bcc: victim@x.example body"]
    assert [address.addr_spec for address in mail["To"].addresses] == ["ana@shopper.example"]


@pytest.mark.parametrize(
    "address", ["", "ana", "a@b@c.example", "a b@c.example", "a@c.example\r\nBcc: x@y", "a@c,d", "<a@c>", "a@"]
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        compose_mail(replace(MESSAGE, to=(Address(address),)), at=AT)


def test_international_domain_is_written_in_ascii() -> None:
    assert b"<ana@xn--e1afmkfd.example>" in compose_mail(
        replace(MESSAGE, to=(Address("ana@пример.example", "Ana"),)), at=AT
    )


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=300), st.text(min_size=1, max_size=60))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_text_comes_back(name: str, subject: str, text: str, file_name: str) -> None:
    message = replace(
        MESSAGE,
        to=(Address("ana@shopper.example", name),),
        subject=subject,
        text=text,
        attachments=(OutboundAttachment(file_name, "application/pdf", b"x"),),
    )

    raw = compose_mail(message, at=AT)

    parsed = parse_mail(raw)
    assert parsed.to[0].email == "ana@shopper.example"
    assert len(parsed.attachments) == 1
    assert raw.partition(b"\r\n\r\n")[0].isascii()
