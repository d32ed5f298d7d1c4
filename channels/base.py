"""What a channel can do, and how it says that it cannot."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from channels.types import (
    DeliveryReceipt,
    FetchedMail,
    InboundMessage,
    MailboxLogin,
    OutboundMessage,
    Proof,
    Wire,
)
from core.retry import Permanent, Retryable


class Unparseable(Exception):
    """Nothing can be had of the raw message; the text says why."""


class TryAgain(Retryable):
    """The next system is away or busy."""


class GiveUp(Permanent):
    """The next system refuses the message for good."""


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

    @abstractmethod
    def parse(self, raw: bytes) -> InboundMessage:
        """Understand a raw message. Raises Unparseable."""

    @abstractmethod
    def deliver(self, message: OutboundMessage, wire: Wire) -> DeliveryReceipt:
        """Hand a message over. Raises TryAgain, GiveUp."""

    @abstractmethod
    def open_mailbox(self, login: MailboxLogin, *, allow_private: bool) -> AbstractContextManager[OpenMailbox]:
        """Open a mailbox to fetch from. Raises GiveUp for what an admin must mend, TryAgain for what may pass."""

    @abstractmethod
    def make_id(self, *, tenant_id: int, ticket_id: int, message_id: int, address: str, key: bytes) -> str:
        """The signed id of an outgoing message: the same each time it is made."""

    @abstractmethod
    def read_proofs(self, message: InboundMessage, *, keys: Sequence[bytes]) -> list[Proof]:
        """Our own signed references in a message, those with a wrong signature left out."""
