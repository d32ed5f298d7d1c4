"""Letters wrapped in their signature are read; the wrapping stays a file."""

from pathlib import Path

import pytest

from channels.email.parsing import parse_mail
from channels.email.smime import signed_content
from tests.channels.email.building import mail

WRAPPED = Path(__file__).parent / "mails" / "smime_wrapped.eml"
SIGNED_DATA, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")


def open_ended(tag: int, *children: bytes) -> bytes:
    return bytes((tag, 0x80)) + b"".join(children) + b"\0\0"


def octets(content: bytes) -> bytes:
    return b"\x04\x82" + len(content).to_bytes(2, "big") + content


def cms(*pieces: bytes) -> bytes:
    content = open_ended(0xA0, open_ended(0x24, *pieces))
    signed = open_ended(0x30, b"\2\1\1", b"\x31\0", open_ended(0x30, DATA, content))
    return open_ended(0x30, SIGNED_DATA, open_ended(0xA0, signed))


def test_content_written_in_pieces_of_unknown_number_is_joined() -> None:
    assert signed_content(cms(octets(b"Subject: x\n"), octets(b"\nHello."))) == b"Subject: x\n\nHello."


def test_every_beginning_of_a_signed_letter_is_harmless() -> None:
    content = cms(octets(b"Hello."))

    assert {signed_content(content[:end]) for end in range(len(content))} <= {b"", b"Hello."}


@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x80" * 50_000, b"\x30\x84\xff\xff\xff\xff", b"text"])
def test_what_signs_nothing_has_no_content(content: bytes) -> None:
    assert signed_content(content) == b""


def test_encrypted_letter_stays_a_file() -> None:
    (kept,) = parse_mail(mail(b"\x30\x03\x02\x01\x01", Content_Type="application/pkcs7-mime")).attachments

    assert kept.name == "smime.p7m"


def test_signed_letter_shows_its_text_and_files() -> None:
    message = parse_mail(WRAPPED.read_bytes())

    assert message.text == "Grüße, signed inside."
    assert [one.name for one in message.attachments] == ["a.txt", "smime.p7m"]
