"""What every kind of store must be able to do, and the two ways in which it may fail."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from core.http import HttpClient
from core.retry import Permanent, Retryable
from integrations.types import (
    Capability,
    Credentials,
    NoteFacts,
    OrderFacts,
    StoreCustomerFacts,
    WebhookEnvelope,
    WebhookHead,
)


class AdapterError(Exception):
    """The store did not do what we asked; `reason` may be shown to an admin and holds no secret and no note."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryAgain(AdapterError, Retryable):
    """The same call may succeed later, after at least `after` seconds when the store gave a time.

    After a time-out the store may have done what we asked: only calls that may run twice are worth another try.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class GiveUp(AdapterError, Permanent):
    """The same call will never succeed; `disables` when no other call to this store will either (a revoked token)."""

    def __init__(self, reason: str, disables: bool = False) -> None:
        super().__init__(reason)
        self.disables = disables


class BadWebhook(Exception):
    """The webhook cannot be read; the text says why without quoting it."""


class StoreAdapter(ABC):
    """One connected store. Makes no call until asked, keeps nothing between calls, never touches our database.

    Any call may raise TryAgain or GiveUp and nothing else. `note_limit` is the longest note the store takes, counted
    by `note_length`.
    """

    label: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]]
    note_limit: ClassVar[int]

    def __init__(self, credentials: Credentials, http: HttpClient) -> None:
        """Raise GiveUp when the credentials cannot belong to a store of this kind."""
        self.credentials = credentials
        self.http = http

    @staticmethod
    @abstractmethod
    def clean_shop(text: str) -> str:
        """The one spelling of a store's name, as its webhooks and our routes use it; raise GiveUp if it is none."""

    @abstractmethod
    def check(self) -> str:
        """Prove that the credentials work and suffice; answer the store's name for people."""

    @abstractmethod
    def find_customers(self, *, email: str | None, phone: str | None) -> tuple[StoreCustomerFacts, ...]:
        """Customers whose e-mail or phone (in E.164) is truly equal, not merely similar; none without either."""

    @abstractmethod
    def fetch_customer(self, remote_id: str) -> StoreCustomerFacts | None:
        """The customer as the store has them now; None when the store says there is no such customer."""

    @abstractmethod
    def fetch_note(self, remote_id: str) -> NoteFacts | None:
        """The note as it is now; None when the store says there is no such customer."""

    @abstractmethod
    def write_note(self, remote_id: str, text: str) -> NoteFacts:
        """Replace the note ("" clears it) and answer what the store then holds. Safe to repeat; the last write wins."""

    @abstractmethod
    def fetch_orders(self, remote_id: str, limit: int = 10) -> tuple[OrderFacts, ...]:
        """The customer's newest orders first, 1 to 10 of them; none for an unknown customer."""

    @abstractmethod
    def subscribe(self, callback_url: str) -> None:
        """Ask the store to send its webhooks here; may be repeated. Asks for all before it raises for some."""

    @staticmethod
    @abstractmethod
    def verify_webhook(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
        """Whether one of the secrets signed exactly these bytes, compared in constant time."""

    @staticmethod
    @abstractmethod
    def read_webhook_head(headers: Mapping[str, str]) -> WebhookHead:
        """Read the headers alone, to find whose secret to verify with; raise BadWebhook."""

    @staticmethod
    @abstractmethod
    def read_webhook(headers: Mapping[str, str], body: bytes) -> WebhookEnvelope:
        """Read a verified webhook to the end; raise BadWebhook when it is not what its topic promises."""


def note_length(text: str) -> int:
    """Length in UTF-16 code units: no store is known to count more strictly (an emoji is two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def normalize_note(text: str | None) -> str:
    """The note for comparing only: stores change line ends, blanks at line ends and accents without anyone's wish."""
    unified = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"[^\S\n]+$", "", unified, flags=re.MULTILINE).rstrip()
