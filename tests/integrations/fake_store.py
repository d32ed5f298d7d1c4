"""A kind of store in this process, for what needs exact timing: anything can be made to happen between two calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db import connection as database

from core.http import HttpClient
from integrations.base import GiveUp, StoreAdapter
from integrations.types import (
    Capability,
    Credentials,
    CustomerChanged,
    NoteFacts,
    OrderFacts,
    StoreCustomerFacts,
    WebhookEnvelope,
    WebhookHead,
)

BEGIN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PATH = "tests.integrations.fake_store.FakeAdapter"


@dataclass
class FakeShop:
    """What a shop holds, what it was asked, and what it does at the next calls.

    `between` holds what happens just before the next calls are worked, in order; one that is an exception is raised
    instead of an answer, once the work is done when `loses_answers`.
    """

    notes: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, datetime] = field(default_factory=dict)
    facts: dict[str, StoreCustomerFacts] = field(default_factory=dict)
    orders: tuple[OrderFacts, ...] = ()
    calls: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    told: list[CustomerChanged] = field(default_factory=list)
    before: dict[str, list[Callable[[], object]]] = field(default_factory=dict)
    faults: list[Exception] = field(default_factory=list)
    loses_answers: bool = False
    now: datetime = BEGIN
    write: Callable[[str, str], object] | None = None

    def add(self, remote_id: str, note: str = "", **facts: object) -> StoreCustomerFacts:
        """A customer of the shop."""
        blank = StoreCustomerFacts(
            remote_id, note, self.now, "", "", "", (), (), "", "", 0, (), "https://shop.example/c"
        )
        self.notes[remote_id], self.stamps[remote_id] = note, self.now
        self.facts[remote_id] = replace(blank, **facts)  # type: ignore[arg-type]
        return self.facts[remote_id]

    def edit(self, remote_id: str, text: str) -> CustomerChanged | None:
        """A merchant saves the note; answers the webhook that follows, if the text is another one."""
        if self.notes[remote_id] == text:
            return None
        self.notes[remote_id], self.stamps[remote_id] = text, self.now
        self.told.append(CustomerChanged(remote_id, self.now, text))
        return self.told[-1]

    def tick(self, seconds: float = 1.0) -> None:
        self.now += timedelta(seconds=seconds)


SHOPS: dict[str, FakeShop] = {}


class FakeAdapter(StoreAdapter):
    """Speaks to `SHOPS`. Refuses to be called while a transaction of the caller is open."""

    label: ClassVar[str] = "Fake"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    note_limit: ClassVar[int] = 100
    depth: ClassVar[int] = 0

    def __init__(self, credentials: Credentials, http: HttpClient) -> None:
        super().__init__(credentials, http)
        self.shop = SHOPS[credentials.shop]

    @staticmethod
    def clean_shop(text: str) -> str:
        return text.strip().lower()

    def check(self) -> str:
        self._called("check")
        return "A fake shop"

    def find_customers(self, *, email: str | None, phone: str | None) -> tuple[StoreCustomerFacts, ...]:
        self._called(f"find {email or phone}")
        return tuple(one for one in self._all() if email in one.emails or phone in one.phones)

    def fetch_customer(self, remote_id: str) -> StoreCustomerFacts | None:
        self._called("fetch_customer")
        return next((one for one in self._all() if one.remote_id == remote_id), None)

    def fetch_note(self, remote_id: str) -> NoteFacts | None:
        self._called("fetch_note")
        return self._note(remote_id)

    def write_note(self, remote_id: str, text: str) -> NoteFacts:
        if not self.shop.loses_answers:
            self._called("write_note")
        self.shop.written.append(text)
        (self.shop.write or self.shop.edit)(remote_id, text)
        if self.shop.loses_answers:
            self._called("write_note")
        note = self._note(remote_id)
        if note is None:
            raise GiveUp("no such customer")
        return note

    def fetch_orders(self, remote_id: str, limit: int = 10) -> tuple[OrderFacts, ...]:
        self._called("fetch_orders")
        return self.shop.orders[:limit]

    def subscribe(self, callback_url: str) -> None:
        self._called(f"subscribe {callback_url}")

    @staticmethod
    def verify_webhook(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
        return headers.get("signed-with") in secrets

    @staticmethod
    def read_webhook_head(headers: Mapping[str, str]) -> WebhookHead:
        raise NotImplementedError

    @staticmethod
    def read_webhook(headers: Mapping[str, str], body: bytes) -> WebhookEnvelope:
        raise NotImplementedError

    def _called(self, name: str) -> None:
        assert len(database.savepoint_ids) <= self.depth, "the store was called inside a transaction"
        self.shop.calls.append(name)
        if steps := self.shop.before.get(name.split()[0]):
            steps.pop(0)()
        if self.shop.faults:
            raise self.shop.faults.pop(0)

    def _note(self, remote_id: str) -> NoteFacts | None:
        if remote_id not in self.shop.notes:
            return None
        return NoteFacts(self.shop.notes[remote_id], self.shop.stamps[remote_id])

    def _all(self) -> list[StoreCustomerFacts]:
        known = [one for one in self.shop.facts.values() if one.remote_id in self.shop.notes]
        return [
            replace(one, note=self.shop.notes[one.remote_id], updated_at=self.shop.stamps[one.remote_id])
            for one in known
        ]
