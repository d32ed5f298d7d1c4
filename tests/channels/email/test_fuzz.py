"""Whatever the bytes are: a message that PostgreSQL can store, or one clear refusal."""

import contextlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Unparseable
from channels.email.parsing import parse_mail
from core.html import sanitize_html

MAILS = [path.read_bytes() for path in sorted((Path(__file__).parent / "mails").glob("*.eml"))]
TROUBLE = [
    *(b"\n", b"\r\n", b"\r", b"\0", b"--", b"--b", b"\xff", b"\xed\xa0\x80", b"=?", b"?=", b"=?utf-8?b?", b"<", b">"),
    *(b'"', b"\\", b";", b"*0*=", b"''", b"%", b"charset=", b"utf-16", b"utf-7", b"iso-2022-jp", b"hz", b"idna"),
    *(
        b"unicode_escape",
        b"base64",
        b"begin 644 a\n",
        b"end\n",
        b"&#x",
        b"&#99999999999999;",
        b"multipart/x; boundary=",
    ),
    *(b"message/rfc822", b"Date: ", b"+9999", b"Content-Type: ", b"\x1b$B", b"<blockquote>", b"wrote:\n", b"-- \n"),
]
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@given(st.binary(max_size=400))
@QUICK
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    _parse(raw)


@given(st.lists(st.sampled_from([*TROUBLE, b"From: a@b.example\n", b"text/html\n\n", b"\n\n"]), max_size=30))
@QUICK
def test_any_row_of_trouble_is_a_message_or_refused(pieces: list[bytes]) -> None:
    _parse(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n" + b"".join(pieces))


@given(
    st.sampled_from(MAILS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(TROUBLE)), min_size=1, max_size=8),
)
@QUICK
def test_any_damaged_mail_is_a_message_or_refused(raw: bytes, damages: list[tuple[float, int, bytes]]) -> None:
    for place, removed, added in damages:
        start = int(place * len(raw))
        raw = raw[:start] + added + raw[start + removed :]

    _parse(raw)


def _parse(raw: bytes) -> None:
    message = None
    with contextlib.suppress(Unparseable):
        message = parse_mail(raw)
    if message is not None:
        _assert_storable(message)
        _assert_storable(sanitize_html(message.html))


def _assert_storable(value: Any) -> None:
    if isinstance(value, str):
        assert "\0" not in value
        value.encode()
    elif isinstance(value, tuple):
        for one in value:
            _assert_storable(one)
    elif is_dataclass(value):
        for one in fields(value):
            _assert_storable(getattr(value, one.name))
