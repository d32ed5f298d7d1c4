"""Writes a mail as bytes that any SMTP server takes."""

from __future__ import annotations

import base64
import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from channels.email.filenames import safe_name
from channels.email.headers import one_line
from channels.types import Address, OutboundAttachment, OutboundMessage
from core.mail_marks import LOOP_HEADER

MOST_REFERENCES = 20

_LINE = 76
_LONGEST_ID = 900
_ENCODED_BYTES = 42
_SAMPLE = 10_000
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_BAD_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>(),;:\"\[\]\\]")
_PLAIN_FILE_NAME = re.compile(r"[A-Za-z0-9 ._()-]{1,60}")
_ONE_WORD = re.compile(r"[!-~]{1,800}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,60}")
_CONTAINER_TYPES = ("multipart", "message")
_OURS = frozenset(
    [
        *(
            "from",
            "to",
            "cc",
            "bcc",
            "sender",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "in-reply-to",
            "references",
        ),
        *("mime-version", "content-type", "content-transfer-encoding", "auto-submitted", LOOP_HEADER.lower()),
    ]
)


class BadAddress(ValueError):
    """An address that cannot be written into a header."""


def compose_mail(message: OutboundMessage, *, at: datetime) -> bytes:
    """Return `message` as a mail of ASCII lines ended by CR LF, dated `at`; raises BadAddress.

    Only an address with letters beyond ASCII before its "@" is written as UTF-8 and needs SMTPUTF8 (RFC 6531).
    """
    fields = [(name, value) for name, value in _fields(message, at) if value]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return head.encode() + _body(message)


def encode_address(address: Address) -> str:
    """Return an address with its name as a header holds it; raises BadAddress."""
    email = bare_address(address.email)
    name = one_line(address.name)
    if not name:
        return email
    if _PLAIN_NAME.fullmatch(name):
        return f"{name} <{email}>"
    if name.isascii():
        escaped = name.replace("\\", r"\\").replace('"', r"\"")
        return f'"{escaped}" <{email}>'
    return f"{_encoded(name)} <{email}>"


def bare_address(email: str) -> str:
    """Return an address as SMTP takes it, the domain in its ASCII form; raises BadAddress."""
    email = email.strip()
    local, at, domain = email.rpartition("@")
    if not at or not local or not domain or _BAD_IN_ADDRESS.search(email) or "@" in local or len(email) > 320:
        raise BadAddress(f"not an address: {email[:80]!r}")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise BadAddress(f"not a domain: {domain[:80]!r}") from error


def thread_fields(message: OutboundMessage) -> dict[str, str]:
    """The headers that tie the mail to others and say what sort of mail it is, unfolded and not encoded."""
    fields = {
        "In-Reply-To": _id(message.in_reply_to),
        "References": " ".join(_references(message)),
        "Auto-Submitted": "auto-replied" if message.auto_submitted else "",
        LOOP_HEADER: one_line(message.loop_mark),
        **{name: one_line(value) for name, value in _extra(message)},
    }
    return {name: value for name, value in fields.items() if value}


def bare_id(value: str) -> str:
    """A Message-ID in its angle brackets; "" for what is none."""
    return _id(value)


def file_type(attachment: OutboundAttachment) -> str:
    """The type under which a file may go along: never one that makes it a part of the mail itself."""
    kind = attachment.content_type.lower().strip()
    return kind if _TYPE.fullmatch(kind) and not kind.startswith(_CONTAINER_TYPES) else "application/octet-stream"


def _extra(message: OutboundMessage) -> Iterator[tuple[str, str]]:
    for name, value in message.extra_headers:
        if _HEADER_NAME.fullmatch(name) and name.lower() not in _OURS:
            yield name, value


def _fields(message: OutboundMessage, at: datetime) -> Iterator[tuple[str, str]]:
    yield "From", encode_address(message.sender)
    yield "To", _folded([encode_address(address) for address in message.to], ",")
    yield "Cc", _folded([encode_address(address) for address in message.cc], ",")
    yield "Reply-To", encode_address(message.reply_to) if message.reply_to else ""
    yield "Subject", _text(message.subject)
    yield "Date", format_datetime(at)
    yield "Message-ID", _id(message.message_id)
    yield "In-Reply-To", _id(message.in_reply_to)
    yield "References", _folded(_references(message), "")
    yield "Auto-Submitted", "auto-replied" if message.auto_submitted else ""
    yield LOOP_HEADER, _text(message.loop_mark)
    for name, value in _extra(message):
        # An address of a web page would be no address any more, encoded.
        yield name, value if _ONE_WORD.fullmatch(value) and "=?" not in value else _text(value)
    yield "MIME-Version", "1.0"


def _references(message: OutboundMessage) -> list[str]:
    """The first id names the thread, the last ones the place in it; what lies between may go."""
    ids = list(dict.fromkeys(filter(None, (_id(one) for one in (*message.references, message.in_reply_to)))))
    if len(ids) > MOST_REFERENCES:
        ids = [ids[0], *ids[-(MOST_REFERENCES - 1) :]]
    return ids


def _id(value: str) -> str:
    inner = re.sub(r"[\x00-\x20\x7f<>]", "", value)
    return f"<{inner}>" if inner and inner.isascii() and len(inner) <= _LONGEST_ID else ""


def _folded(items: list[str], separator: str) -> str:
    """Put each item on a line of its own as soon as they do not fit on one."""
    line = f"{separator} ".join(items)
    return line if len(line) <= _LINE - 12 else f"{separator}\r\n ".join(items)


def _text(value: str) -> str:
    """Return unstructured text for a header: no line end of the writer survives."""
    text = one_line(value)
    # Long ASCII is encoded too: folding it would need a space at the right place.
    return text if text.isascii() and len(text) <= _LINE - 12 and "=?" not in text else _encoded(text)


def _encoded(text: str) -> str:
    """Return words of RFC 2047, none longer than 75 signs and none with half a letter."""
    pieces: list[bytes] = [b""]
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(raw) > _ENCODED_BYTES:
            pieces.append(b"")
        pieces[-1] += raw
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode('ascii')}?=" for piece in pieces)


def _body(message: OutboundMessage) -> bytes:
    body = _text_part("plain", message.text)
    shown = [one for one in message.attachments if one.content_id and message.html]
    others = [one for one in message.attachments if one not in shown]
    if message.html:
        html = _text_part("html", message.html)
        if shown:
            html = _container("related", [html, *(_file_part(one) for one in shown)], message)
        body = _container("alternative", [body, html], message)
    if others:
        body = _container("mixed", [body, *(_file_part(one) for one in others)], message)
    return body


def _container(kind: str, parts: list[bytes], message: OutboundMessage) -> bytes:
    # "=_" stands in no body: neither base64 nor quoted-printable can produce it.
    digest = hashlib.sha256(f"{kind} {message.message_id}".encode("utf-8", "replace")).hexdigest()
    boundary = f"=_{digest[:30]}".encode()
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind.encode(), boundary)
    inner = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head + inner + b"--" + boundary + b"--\r\n"


def _text_part(subtype: str, text: str) -> bytes:
    lines = re.sub(r"\r\n|[\r\n]", "\r\n", text.replace("\0", "")).encode("utf-8", "replace") + b"\r\n"
    sample = lines[:_SAMPLE]
    is_dense = sum(byte > 0x7F for byte in sample) > len(sample) / 5
    encoding, body = ("base64", _base64(lines)) if is_dense else ("quoted-printable", b2a_qp(lines))
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _file_part(attachment: OutboundAttachment) -> bytes:
    kind = file_type(attachment)
    name = safe_name(attachment.name, fallback="file")
    if _PLAIN_FILE_NAME.fullmatch(name):
        named = f';\r\n name="{name}"'
        placed = f';\r\n filename="{name}"'
    else:
        # Old programs read encoded words here, which no standard allows; all others read RFC 2231 there.
        named = f';\r\n name="{_encoded(name)}"'
        placed = "".join(f";\r\n {piece}" for piece in _extended(name))
    head = f"Content-Type: {kind}{named}\r\nContent-Transfer-Encoding: base64\r\n"
    if content_id := _id(attachment.content_id):
        head += f"Content-ID: {content_id}\r\n"
    head += f"Content-Disposition: {'inline' if content_id else 'attachment'}{placed}\r\n\r\n"
    return head.encode() + _base64(attachment.content)


def _extended(name: str) -> list[str]:
    """Return the name as RFC 2231 parameters, continued over several lines when it is long."""
    encoded = quote(name, safe="")
    if len(encoded) <= _LINE - 24:
        return [f"filename*=utf-8''{encoded}"]
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,18}", f"utf-8''{encoded}")
    return [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")
