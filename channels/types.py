"""Neutral types: what a channel understood of a message, and what it is asked to carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of mail it is; only `normal` was written by a person to us."""

    NORMAL = "normal"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LIST = "list"
    OWN = "own"

    @property
    def label(self) -> str:
        """For people."""
        return _KINDS[self]


_KINDS = {
    Kind.NORMAL: "A letter",
    Kind.AUTO_REPLY: "An automatic answer",
    Kind.BOUNCE: "News of a mail that did not arrive",
    Kind.COMPLAINT: "A complaint about a mail",
    Kind.LIST: "Mail sent to many",
    Kind.OWN: "A mail of our own that came back",
}


@dataclass(frozen=True)
class Address:
    """An e-mail address, lower case, and the name that stood beside it ("" for none)."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class InboundAttachment:
    """A file that came with a message. `name` is safe to show; it is never a path."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str = ""


@dataclass(frozen=True)
class FailedDelivery:
    """What a bounce says: who did not get which mail. `permanent` when trying again is useless (RFC 3463, class 5).

    Not `is_final`: only a warning, the mail system goes on trying.
    """

    recipient: str
    message_id: str
    permanent: bool
    detail: str
    is_final: bool = True


@dataclass(frozen=True)
class InboundMessage:
    """A mail, understood. `text` is the new text only, `quoted` what was folded away, `full_text` everything.

    `html` is the letter as it was sent, not sanitized; `delivered_to` the addresses it was really sent to, where mail
    systems noted them; `headers` a few fields worth keeping (name, decoded value); `defects` what was wrong with it;
    `disowned` what the host that received it found against its sender ("" for nothing); `sent_by` who sent it in the
    sender's name, where it says so.
    """

    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    quoted: str
    full_text: str
    html: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sent_at: datetime | None
    attachments: tuple[InboundAttachment, ...]
    kind: Kind
    kind_reason: str
    failed: FailedDelivery | None = None
    # All of them; `failed` is the first. One bounce may tell of several recipients.
    failures: tuple[FailedDelivery, ...] = ()
    delivered_to: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    defects: tuple[str, ...] = ()
    # Which version of its channel's parser said all this.
    parser: int = 0
    disowned: str = ""
    sent_by: Address | None = None

    def header(self, name: str) -> str:
        """The value of a field that was kept; "" when it was not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class OutboundAttachment:
    """A file to send along; with a content id it is a picture that the HTML shows."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class OutboundMessage:
    """A mail to send. Ids are given with their angle brackets, or without: the channel writes them right.

    `bcc` get it too, and no copy says so.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: Address | None = None
    attachments: tuple[OutboundAttachment, ...] = ()
    auto_submitted: bool = False
    # Written into the header by which our own mail is known when it comes back.
    loop_mark: str = ""
    extra_headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refusal:
    """One recipient whom the next mail system does not take, and what it said."""

    address: str
    answer: str


@dataclass(frozen=True)
class DeliveryReceipt:
    """The next mail system has taken the mail, for everybody but those in `refused`.

    `provider_id` is by which name a provider reports on it later ("" for SMTP); `other_ids` are Message-IDs which the
    provider wrote instead of ours, so that answers name them.
    """

    detail: str
    refused: tuple[Refusal, ...] = ()
    provider_id: str = ""
    other_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wire:
    """The SMTP server to hand a mail to. `timeout` in seconds, for each step.

    `password` is an OAuth 2 access token when `by_token`. A host on a private address is refused when
    `public_only`: it was named by somebody who does not run our servers.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False
    timeout: float = 10.0
    by_token: bool = False
    public_only: bool = False


@dataclass(frozen=True)
class ProviderLogin:
    """How to send by a mail provider's API: its name, its secret, and what else it wants to know (`ProviderFacts`).

    A host on a private address is refused when `public_only`.
    """

    provider: str
    secret: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    public_only: bool = True


Transport = Wire | ProviderLogin


class Security(StrEnum):
    """How the connection to a mail server is kept secret."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"

    @property
    def label(self) -> str:
        return {"tls": "TLS from the start", "starttls": "STARTTLS", "none": "None (only in a private network)"}[self]


@dataclass(frozen=True)
class MailboxLogin:
    """How to open a mailbox. `secret` is a password, or an OAuth 2 access token when `by_token`."""

    host: str
    port: int
    security: Security
    user: str
    secret: str = field(repr=False)
    by_token: bool = False
    folder: str = "INBOX"


@dataclass(frozen=True)
class FetchedMail:
    """A mail as the mailbox had it. `raw` is None when it is larger than was asked for; then `head` has its headers."""

    uid: int
    raw: bytes | None = field(repr=False)
    head: bytes = field(repr=False, default=b"")
    size: int = 0


@dataclass(frozen=True)
class Proof:
    """A signed reference of ours that came back: ids inside our database."""

    tenant_id: int
    ticket_id: int
    message_id: int


class Reported(StrEnum):
    """What a report of delivery says."""

    DELIVERED = "delivered"
    OPENED = "opened"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Report:
    """What became of a mail with one of its recipients; `recipient` is "" where that is not said.

    `mail_ids` is what the mail is called: by the provider, or by its Message-ID. `permanent`: the address is of no use.
    """

    what: Reported
    recipient: str
    mail_ids: tuple[str, ...]
    detail: str = ""
    permanent: bool = False
    at: datetime | None = None
