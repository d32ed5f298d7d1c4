"""What a channel can do, and how it says that it cannot."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from channels.types import (
    DeliveryReceipt,
    FetchedMail,
    InboundMessage,
    MailboxLogin,
    OutboundMessage,
    Proof,
    ProviderLogin,
    Report,
    Transport,
)
from core.retry import Permanent, Retryable


class Unparseable(Exception):
    """Nothing can be had of the raw message; the text says why."""


class TryAgain(Retryable):
    """The next system is away or busy."""


class GiveUp(Permanent):
    """The next system refuses the message for good."""


class OutOfOrder(TryAgain):
    """The way out itself does not work, whatever the message; an admin should know."""


class SignInRefused(OutOfOrder):
    """The next system does not know us: until an admin mends it, asking again only makes it angry."""


class SenderRefused(GiveUp):
    """The next system does not let us send from this address; an admin should know."""


@dataclass(frozen=True)
class Call:
    """A webhook call of a mail provider, as it came. Header names are in lower case.

    `login` is how the inbox sends by this provider, for those that hand over a mail only when asked again.
    """

    provider: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    login: ProviderLogin | None = None


@dataclass(frozen=True)
class HandedMail:
    """A mail that a provider took for us, and where it was sent to, as far as the provider says."""

    raw: bytes = field(repr=False)
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProviderOption:
    """One thing a provider wants to know. With `choices` (value, label) it is one of them, else it fits `pattern`."""

    name: str
    label: str
    help_text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = r"[\x21-\x7e]{1,200}"


@dataclass(frozen=True)
class ProviderFacts:
    """A mail provider that can send for us, as a form asks for it."""

    name: str
    label: str
    secret_label: str
    options: tuple[ProviderOption, ...] = ()


class OpenMailbox(Protocol):
    """A folder of a mailbox, open for reading. UIDs grow as long as `uid_validity` stays."""

    uid_validity: int
    next_uid: int

    def uids_after(self, uid: int) -> list[int]:
        """Those greater than `uid`, ascending."""

    def fetch(self, uid: int, *, most_bytes: int) -> FetchedMail | None:
        """One mail, only its headers when it is larger; None when it is gone meanwhile."""


class Channel(ABC):
    """One way messages travel. Knows no database and no settings."""

    # Grows when `parse` understands more; what an older one read may be read again.
    parser_version: ClassVar[int]

    @abstractmethod
    def parse(self, raw: bytes) -> InboundMessage:
        """Understand a raw message. Raises Unparseable."""

    @abstractmethod
    def deliver(self, message: OutboundMessage, transport: Transport) -> DeliveryReceipt:
        """Hand a message over. Raises TryAgain, GiveUp."""

    @abstractmethod
    def check_transport(self, transport: Transport, *, sender: str) -> str:
        """Try how far one comes without sending, and say it in a sentence. Raises TryAgain, GiveUp."""

    @abstractmethod
    def providers(self) -> Sequence[ProviderFacts]:
        """The mail providers that can send, by label."""

    @abstractmethod
    def open_mailbox(self, login: MailboxLogin, *, allow_private: bool) -> AbstractContextManager[OpenMailbox]:
        """Open a mailbox to fetch from. Raises GiveUp for what an admin must mend, TryAgain for what may pass."""

    @abstractmethod
    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        """The signed id of an outgoing message: the same each time it is made."""

    @abstractmethod
    def make_reply_address(self, *, tenant_id: int, ticket_id: int, address: str, key: bytes) -> str:
        """The signed address of a ticket below an inbox's own; "" where there is no room for it."""

    @abstractmethod
    def read_id(self, message_id: str, *, keys: Sequence[bytes]) -> Proof | None:
        """What an id of ours stands for; None for those of others."""

    @abstractmethod
    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        """Our own signed references in a message, those with a wrong signature left out."""

    @abstractmethod
    def read_handed(self, call: Call) -> Sequence[HandedMail]:
        """The mails that a provider's call hands over. Raises Unparseable, TryAgain."""

    @abstractmethod
    def read_reports(self, call: Call) -> Sequence[Report]:
        """What a provider's call says became of our mails. Raises Unparseable."""

    @abstractmethod
    def confirmation_of(self, call: Call) -> str:
        """The URL to ask for, so that the provider begins to call; "" for a call that wants nothing of that kind."""
