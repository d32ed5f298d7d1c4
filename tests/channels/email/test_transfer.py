"""Transfer encodings are undone, also when they are damaged or only claimed."""

import base64
import binascii

import pytest

from channels.email.flowed import unflow
from channels.email.transfer import decode_transfer, take_uuencoded


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aGVs\r\nbG8=\r\n", b"hello"),
        (b"a*G-V s!bG8=", b"hello"),
        (b"aGVsbG8=aGVsbG8=", b"hellohello"),
        (b"aGVsbG8=\naGk=\n", b"hellohi"),
        (b"aGVsbG8=A", b"hello"),
        (b"", b""),
        (b"This was never base64 at all.", b"This was never base64 at all."),
        (b"aGVsbG8= ignored\n", b"hello"),
        (b"aGVsbG8=\n_____\nThe mailing list of us\n", b"hello"),
    ],
)
def test_base64_is_decoded(body: bytes, content: bytes) -> None:
    assert decode_transfer(body, "base64") == content


def test_what_a_mailing_list_wrote_behind_a_text_is_kept_where_asked() -> None:
    body = b"aGVsbG8=\n_____\nThe mailing list of us\n"

    assert decode_transfer(body, "base64", keeps_tail=True) == b"hello\n_____\nThe mailing list of us\n"


def test_base64_of_every_length_arrives_whole() -> None:
    for length in range(100):
        content = bytes(range(156, 156 + length))
        assert decode_transfer(base64.encodebytes(content), " Base64 ") == content


@pytest.mark.parametrize("name", ["quoted-printable", "Quoted Printable", "QUOTED-PRINTABLE;"])
def test_quoted_printable_is_decoded_under_its_names(name: str) -> None:
    assert decode_transfer(b"caf=c3=A9 =\n=ZZ", name) == b"caf\xc3\xa9 =ZZ"


@pytest.mark.parametrize("name", ["", "7bit", "8bit;", "binary", "nonsense"])
def test_other_encodings_change_nothing(name: str) -> None:
    assert decode_transfer(b"a=20b", name) == b"a=20b"


def test_uuencoded_file_is_taken_out_of_the_text() -> None:
    content = bytes(range(200))
    lines = b"".join(binascii.b2a_uu(content[start : start + 45]) for start in range(0, 200, 45))

    files, text = take_uuencoded(b"before\nbegin 644 a b.bin\n" + lines + b"`\nend\nafter\n")

    assert files == [(b"a b.bin", content)]
    assert text == b"before\nafter\n"


def test_a_sentence_about_beginnings_is_no_file() -> None:
    text = b"begin 644 times\nand never end\nend\n"

    assert take_uuencoded(text) == ([], text)


def test_flowed_lines_are_joined() -> None:
    flowed = "one \ntwo\n\n From\n> a \n> b\n>> c \n> d\n-- \nAna \nL"

    assert unflow(flowed, delete_space=False) == "one two\n\nFrom\n> a b\n> > c \n> d\n-- \nAna L"
    assert unflow("on \ne", delete_space=True) == "one"
