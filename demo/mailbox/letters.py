"""What is in a mail, read so that no broken header or charset can stop the page."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses
from typing import Any


@dataclass(frozen=True)
class Envelope:
    """Who handed the mail over for whom, and when; `recipients` also holds blind copies."""

    sender: str
    recipients: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True)
class Attachment:
    """A file in a mail; `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Letter:
    """A mail taken apart. Addresses are bare (`to` is the first), message ids keep their angle brackets."""

    id: str
    envelope: Envelope
    sender: str
    sender_name: str
    to: str
    to_name: str
    reply_to: str
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]

    def is_about(self, address: str) -> bool:
        """Whether it was sent to or from an address."""
        return address.lower() in {one.lower() for one in (self.sender, *self.envelope.recipients)}

    @property
    def reader(self) -> tuple[str, str]:
        """Name, if the mail tells one, and address of the customer it was handed over for."""
        address = self.envelope.recipients[0] if self.envelope.recipients else self.to
        return (self.to_name if address.lower() == self.to.lower() else "", address)

    def as_json(self) -> dict[str, Any]:
        """The form of `/messages.json`: `to` lists those it was really handed over for."""
        fields = asdict(self)
        envelope = fields.pop("envelope")
        del fields["headers"]
        return fields | {
            "from": fields.pop("sender"),
            "from_name": fields.pop("sender_name"),
            "to": envelope["recipients"],
            "envelope_from": envelope["sender"],
            "received_at": envelope["received_at"].isoformat(),
        }


class Utf8Headers(Compat32):
    """The most forgiving of Python's mail policies, taught that headers may be UTF-8 as they stand (SMTPUTF8)."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Text instead of question marks."""
        return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_letter(letter_id: str, envelope: Envelope, raw: bytes) -> Letter:
    """Take a mail apart; anything it lacks is empty."""
    mail = message_from_bytes(raw, policy=Utf8Headers())
    name, sender = _address(mail, "From")
    to_name, to = _address(mail, "To")
    return Letter(
        id=letter_id,
        envelope=envelope,
        sender=sender or envelope.sender,
        sender_name=name,
        to=to,
        to_name=to_name,
        reply_to=_address(mail, "Reply-To")[1],
        subject=_header(mail, "Subject"),
        message_id=_header(mail, "Message-ID"),
        in_reply_to=_header(mail, "In-Reply-To"),
        references=tuple(_header(mail, "References").split()),
        text=_body(mail, "text/plain"),
        html=_body(mail, "text/html"),
        attachments=tuple(_attachments(mail)),
        headers=tuple((name, _decoded(value)) for name, value in mail.items()),
    )


def _header(mail: Message, name: str) -> str:
    return _decoded(str(mail.get(name, "")))


def _decoded(value: str) -> str:
    # A broken encoded word is shown as it is.
    with contextlib.suppress(HeaderParseError, LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return _whole(" ".join(value.split()))


def _address(mail: Message, name: str) -> tuple[str, str]:
    """Name and address of the first of a header's people."""
    people = getaddresses([str(mail.get(name, ""))])
    return (_decoded(people[0][0]), people[0][1]) if people else ("", "")


def _body(mail: Message, content_type: str) -> str:
    for part in mail.walk():
        if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            text = _text(payload if isinstance(payload, bytes) else b"", part.get_content_charset("utf-8"))
            return text.replace("\r\n", "\n")
    return ""


def _text(payload: bytes, charset: str) -> str:
    try:
        return _whole(payload.decode(charset))
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _whole(text: str) -> str:
    """Without the halves of characters that some charsets yield and none can write."""
    return text.encode("utf-8", "replace").decode()


def _attachments(mail: Message) -> Iterator[Attachment]:
    for part in mail.walk():
        if part.get_content_disposition() == "attachment" or part.get_filename():
            payload = part.get_payload(decode=True)
            yield Attachment(_decoded(part.get_filename() or "unnamed"), len(payload or b""))
