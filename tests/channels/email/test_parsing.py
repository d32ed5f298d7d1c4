"""Real mail is ugly: every file in `mails` is one way of it, and says what must be read from it."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.base import Unparseable
from channels.email.mime import MOST_PARTS
from channels.email.parsing import parse_mail
from channels.types import Address
from tests.channels.email.building import mail, multipart

MAILS = Path(__file__).parent / "mails"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((MAILS / "expected.toml").read_text(encoding="utf-8"))


def test_every_mail_has_its_expectation() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_mail_is_read_as_expected(name: str) -> None:
    message = parse_mail((MAILS / f"{name}.eml").read_bytes())

    expected = EXPECTED[name]
    assert (message.sender.email if message.sender else "") == expected["sender"]
    assert (message.sender.name if message.sender else "") == expected["name"]
    assert message.subject == expected["subject"]
    assert message.text == expected.get("text", message.text)
    attachments = [[one.name, one.size, one.inline] for one in message.attachments]
    assert attachments == expected.get("attachments", [])
    assert message.kind == expected.get("kind", "normal")
    assert bool(message.kind_reason) == (message.kind != "normal")
    assert list(message.defects) == expected.get("defects", [])
    if "references" in expected:
        assert (message.message_id, message.in_reply_to) == (expected["message_id"], expected["in_reply_to"])
        assert list(message.references) == expected["references"]
    failed = message.failed
    found = [failed.recipient, failed.message_id, failed.permanent] if failed else None
    assert found == expected.get("failed")


def test_attachment_bytes_arrive_whole() -> None:
    content = bytes(range(256)) * 40
    encoded = "\n".join(content[start : start + 45].hex() for start in range(0, 90, 45))
    raw = multipart("\nhi", f"Content-Type: application/octet-stream; name=a.bin\n\n{encoded}")

    (attachment,) = parse_mail(raw).attachments

    assert attachment.content == encoded.encode()
    assert (attachment.size, attachment.name) == (len(encoded), "a.bin")


@pytest.mark.parametrize("raw", [b"", b"\n\r\n \t", b"\0\0\0", b"no header at all\n\nbody", b"\xff\xfe\xfd"])
def test_nothing_readable_is_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(Unparseable, match=r"empty|headers"):
        parse_mail(raw)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 2 Nov 2026 10:15:00 +0100", datetime(2026, 11, 2, 9, 15, tzinfo=UTC)),
        ("2 Nov 2026 10:15 GMT", datetime(2026, 11, 2, 10, 15, tzinfo=UTC)),
        ("Mon, 02-Nov-26 10:15:00 -0500 (EST)", datetime(2026, 11, 2, 15, 15, tzinfo=UTC)),
        ("Mon, 2 Nov 2026 10:15:00 GMT+01:00", datetime(2026, 11, 2, 9, 15, tzinfo=UTC)),
        ("2026-11-02T10:15:00+01:00", datetime(2026, 11, 2, 9, 15, tzinfo=UTC)),
        ("Mon, 2 Nov 2026 10:15:60 +9999", datetime(2026, 11, 2, 10, 15, 59, tzinfo=UTC)),
        ("Mon, 31 Feb 2026 10:15:00 +0000", None),
        ("Mon, 2 Nov 99999 10:15:00 +0000", None),
        ("Mon, 1 Jan 1850 00:00:00 +1400", None),
        ("", None),
    ],
)
def test_date_is_read_or_left_out(value: str, expected: datetime | None) -> None:
    assert parse_mail(mail(Date=value)).sent_at == expected


def test_recipients_are_split_grouped_and_counted_once() -> None:
    message = parse_mail((MAILS / "comma_without_quotes.eml").read_bytes())

    assert message.to == (
        Address("john@acme.example", "Doe, John"),
        Address("a@acme.example"),
        Address("b@acme.example"),
        Address("support@acme.example"),
    )


def test_address_it_was_delivered_to_is_kept() -> None:
    raw = mail(Delivered_To="support+rabc@acme.example", X_Original_To="<Support+rabc@acme.example>")

    assert parse_mail(raw).delivered_to == ("support+rabc@acme.example",)


def test_references_fall_back_to_in_reply_to() -> None:
    message = parse_mail(mail(In_Reply_To="Your mail of Monday <a@x.example>"))

    assert (message.in_reply_to, message.references) == ("<a@x.example>", ("<a@x.example>",))


def test_message_id_without_brackets_or_with_spaces_is_one() -> None:
    assert parse_mail(mail(Message_ID="abc@x.example")).message_id == "<abc@x.example>"
    assert parse_mail(mail(Message_ID="<abc\n def@x.example>")).message_id == "<abcdef@x.example>"


def test_endless_message_ids_stay_short_and_different() -> None:
    first, second = (parse_mail(mail(Message_ID=f"<{'a' * 3000}{end}@x.example>")).message_id for end in "bc")

    assert first != second
    assert max(len(first), len(second)) < 500


def test_more_parts_than_the_limit_are_left_out_with_a_note() -> None:
    message = parse_mail(multipart(*["Content-Type: text/csv; name=a.csv\n\n1"] * 10_000))

    assert len(message.attachments) == MOST_PARTS
    assert "the rest was left out" in " ".join(message.defects)


def test_text_under_a_thousand_levels_is_found() -> None:
    levels = "".join(f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n" for level in range(1000))
    raw = mail(f"{levels}--b1000\n\nDeep down.\n", Content_Type="multipart/mixed; boundary=b0")

    assert parse_mail(raw).text == "Deep down."


def test_line_end_in_an_encoded_word_makes_no_second_line() -> None:
    message = parse_mail(mail(Subject="=?utf-8?Q?Hi=0D=0ABcc:_x=40y.example?="))

    assert message.subject == "Hi Bcc: x@y.example"


def test_inline_picture_is_marked_only_when_the_letter_shows_it() -> None:
    picture = "Content-Type: image/png\nContent-ID: <{}>\n\nx"
    raw = multipart(
        'Content-Type: text/html\n\n<img src="CID:one@x">', picture.format("one@x"), picture.format("two@x")
    )

    first, second = parse_mail(raw).attachments

    assert (first.inline, first.content_id) == (True, "one@x")
    assert (second.inline, second.content_id) == (False, "two@x")


def test_headers_worth_keeping_are_kept_decoded() -> None:
    message = parse_mail(mail(X_Mailer="=?utf-8?Q?Pr=C3=B6gram?=", X_Else="no"))

    assert message.headers == (("X-Mailer", "Prögram"),)
