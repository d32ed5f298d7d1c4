"""winmail.dat is taken apart: its files and, where there is no other, its letter."""

import base64
import struct

import pytest

from channels.email.parsing import parse_mail
from channels.email.rtf import decompress, read_rtf
from channels.email.tnef import NotTnef, unpack
from tests.channels.email.building import mail, multipart

_CODE_PAGE, _SUBJECT, _PROPERTIES = 0x00069007, 0x00018004, 0x00069003
_BEGINS, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_BODY, _RTF, _HTML, _FILE_OBJECT, _LONG_NAME, _MIME, _CONTENT_ID = (
    0x1000,
    0x1009,
    0x1013,
    0x3701,
    0x3707,
    0x370E,
    0x3712,
)


def attribute(tag: int, value: bytes, *, level: int = 2) -> bytes:
    return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*values: tuple[int, int, bytes], named: bytes = b"") -> bytes:
    block = struct.pack("<I", len(values) + bool(named)) + named
    for kind, name, value in values:
        block += struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return block


def tnef(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def uncompressed(rtf: bytes) -> bytes:
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def winmail(raw: bytes, *, text: str = "Hello there.") -> bytes:
    encoded = base64.encodebytes(raw).decode()
    head = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    return multipart(f"Content-Type: text/plain\n\n{text}", f"{head}\n\n{encoded}")


def test_files_of_a_winmail_stand_beside_the_letter() -> None:
    raw = tnef(
        attribute(_CODE_PAGE, struct.pack("<II", 1251, 0), level=1),
        attribute(_BEGINS, b"\1\0"),
        attribute(_TITLE, "счёт.pdf".encode("cp1251") + b"\0"),
        attribute(_DATA, b"PDF"),
        attribute(_BEGINS, b"\1\0"),
        attribute(_TITLE, b"SHORT~1.TXT\0"),
        attribute(_DATA, b""),
        attribute(_FILE_PROPERTIES, properties((_UNICODE, _LONG_NAME, "Größe.txt".encode("utf-16-le")))),
    )

    message = parse_mail(winmail(raw))

    found = [(one.name, one.content, one.content_type) for one in message.attachments]
    assert found == [("счёт.pdf", b"PDF", "application/pdf"), ("Größe.txt", b"", "text/plain")]
    assert message.text == "Hello there."


def test_picture_of_a_winmail_letter_is_inline() -> None:
    html = b'<p>Torn: <img src="cid:box@shopper"></p>'
    raw = tnef(
        attribute(_PROPERTIES, properties((_BINARY, _HTML, html)), level=1),
        attribute(_BEGINS, b"\1\0"),
        attribute(
            _FILE_PROPERTIES,
            properties(
                (_STRING, _LONG_NAME, b"box.png\0"),
                (_STRING, _MIME, b"image/png\0"),
                (_STRING, _CONTENT_ID, b"<box@shopper>\0"),
                (_BINARY, _FILE_OBJECT, b"PNG"),
            ),
        ),
    )

    message = parse_mail(winmail(raw, text=""))

    assert message.text == "Torn:"
    assert [(one.name, one.inline, one.content) for one in message.attachments] == [("box.png", True, b"PNG")]


def test_letter_of_a_winmail_is_read_only_when_there_is_no_other() -> None:
    raw = tnef(attribute(_PROPERTIES, properties((_UNICODE, _BODY, "Wo ist es?".encode("utf-16-le"))), level=1))

    assert parse_mail(winmail(raw)).full_text == "Hello there."
    assert parse_mail(winmail(raw, text="")).full_text == "Wo ist es?"


def test_message_inside_a_winmail_becomes_a_file_with_its_own_files_beside() -> None:
    inner = tnef(
        attribute(_SUBJECT, b"The torn box\0", level=1),
        attribute(_PROPERTIES, properties((_STRING, _BODY, b"It came torn.\0")), level=1),
        attribute(_BEGINS, b"\1\0"),
        attribute(_TITLE, b"box.png\0"),
        attribute(_DATA, b"PNG"),
    )
    raw = tnef(
        attribute(_BEGINS, b"\1\0"),
        attribute(_FILE_PROPERTIES, properties((_OBJECT, _FILE_OBJECT, b"\0" * 16 + inner))),
    )

    files = [(one.name, one.content) for one in parse_mail(winmail(raw)).attachments]

    assert files == [("The torn box.txt", b"It came torn."), ("box.png", b"PNG")]


def test_named_and_multiple_properties_are_passed_over() -> None:
    named = struct.pack("<HH", 0x1003, 0x8001) + b"\0" * 16 + struct.pack("<II", 1, 6) + "abc".encode("utf-16-le")
    named += b"\0\0" + struct.pack("<I", 2) + b"\1\0\0\0\2\0\0\0"
    raw = tnef(attribute(_PROPERTIES, properties((_STRING, _BODY, b"Found.\0"), named=named), level=1))

    assert unpack(raw).plain == "Found."


def test_what_is_no_winmail_stays_a_file() -> None:
    (kept,) = parse_mail(winmail(b"something else")).attachments

    assert (kept.name, kept.content) == ("winmail.dat", b"something else")
    with pytest.raises(NotTnef):
        unpack(b"something else")


def test_damaged_winmail_gives_what_is_whole() -> None:
    whole = tnef(attribute(_BEGINS, b"\1\0"), attribute(_TITLE, b"a.txt\0"), attribute(_DATA, b"all of it"))

    for end in range(4, len(whole)):
        assert len(unpack(whole[:end]).files) <= 1
    assert [one.content for one in unpack(whole + b"\7garbage").files] == [b"all of it"]


def test_html_inside_rich_text_is_taken_out() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Gr\'fc\'dfe "
        rb"\u1046?{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 now\htmlrtf }\htmlrtf0{\*\htmltag92 </b>}"
        rb"{\*\htmltag72 </p>}\htmlrtf \par }\htmlrtf0}"
    )

    assert read_rtf(rtf).html == "<p>Grüße Ж<b>now</b></p>"


def test_rich_text_is_read_as_text() -> None:
    rtf = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title t}}\pard Where is\line it\'3f\par \{B\}\par}"

    assert read_rtf(rtf).plain == "Where is\nit?\n{B}"
    assert read_rtf(b"no rich text").plain == ""


def test_compressed_rich_text_is_expanded() -> None:
    # The example of MS-OXRTFCP, 3.1: it refers to words that every text may refer to, and into itself.
    packed = "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    packed += "0af32068656c090020627705b06c647d0a800fa0"

    assert decompress(bytes.fromhex(packed)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress(uncompressed(b"{\\rtf1 hello}")) == b"{\\rtf1 hello}"
    assert decompress(b"short") == b""


def test_winmail_as_the_whole_mail() -> None:
    raw = tnef(attribute(_PROPERTIES, properties((_BINARY, _RTF, uncompressed(rb"{\rtf1 Hello.}"))), level=1))
    body = base64.encodebytes(raw)

    message = parse_mail(mail(body, Content_Type="application/ms-tnef", Content_Transfer_Encoding="base64"))

    assert (message.text, message.attachments) == ("Hello.", ())
