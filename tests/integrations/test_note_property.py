"""Whatever agents, merchants, webhooks and workers do, in whatever order: both sides end equal, or the note says why
not, and no text is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from core.retry import Retryable
from customers.kinds import NoteSync
from customers.models import Customer, NoteDraft, NoteVersion
from customers.services import noting
from integrations.base import TryAgain
from integrations.models import StoreCustomer
from integrations.services import hearing, syncing
from integrations.services.comparing import is_blank, is_same
from integrations.types import CustomerChanged
from tests.factories.customers import make_customer
from tests.factories.integrations import make_cause, make_connection, make_link
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import FakeAdapter, FakeShop

texts = st.sampled_from(["", "a", "b", "c", "d ", "e\r\nf", "x" * 101])

# What may happen at any moment, also while a worker waits for the store's answer.
sudden = st.one_of(
    st.tuples(st.just("merchant"), texts),
    st.tuples(st.just("agent"), texts),
    st.tuples(st.just("push"), st.just("")),
    st.tuples(st.just("deliver"), st.integers(0, 9)),
    st.tuples(st.just("stale_agent"), texts),
    st.tuples(st.just("tick"), st.just("")),
)
# What people do, and what mostly follows at once.
mostly = st.one_of(
    st.tuples(st.just("agent_and_push"), texts), st.tuples(st.just("merchant_and_deliver"), texts), sudden
)
trouble = st.sampled_from(["", "down", "answer lost"])
during = st.lists(sudden, max_size=2)
steps = st.lists(st.tuples(mostly, during, during, trouble), min_size=1, max_size=8)


class World:
    """One customer with a store, and everything that still has to be worked."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        shop.__dict__.update(dataclasses.asdict(FakeShop()))
        shop.add("1001")
        connection = make_connection("fake.example", kind="fake", name="Fake shop", sync_notes=True)
        self.customer: Customer = make_customer()
        make_link(connection, self.customer, base_text="", note_state=NoteSync.IN_SYNC)
        self.cause = make_cause(connection)
        self.told: list[CustomerChanged] = []
        self.unheard: list[CustomerChanged] = []
        self.is_push_due = True  # linking asks for a first look
        self.agents: list[str] = []
        self.owed: set[str] = set()  # texts of merchants that one of our writings has replaced
        self.merchants = ""
        self.is_ours = True  # who wrote what the store holds

    def run(self, step: Any) -> None:
        action, before_read, before_write, fault = step
        self.shop.before = {
            "fetch_note": [lambda: self.all(before_read)],
            "write_note": [lambda: self.all(before_write, fault)],
        }
        self.act(action)
        self.shop.before, self.shop.faults, self.shop.loses_answers = {}, [], False

    def all(self, actions: list[Any], fault: str = "") -> None:
        for action in actions:
            self.act(action)
        if fault:
            self.shop.faults = [TryAgain(fault)]
            self.shop.loses_answers = fault == "answer lost"

    def act(self, action: Any) -> None:
        name, detail = action
        actions: dict[str, Callable[[], None]] = {
            "agent": lambda: self.save(detail, stale=False),
            "stale_agent": lambda: self.save(detail, stale=True),
            "merchant": lambda: self.edit(detail),
            "agent_and_push": lambda: self.all([("agent", detail), ("push", "")]),
            "merchant_and_deliver": lambda: self.all([("merchant", detail), ("deliver", -1)]),
            "tick": lambda: self.shop.tick(),
            "deliver": lambda: self.deliver(detail),
            "push": self.push,
        }
        actions[name]()

    def save(self, text: str, *, stale: bool) -> None:
        note = noting.read_note(customer=self.customer)
        basis = max(note.version - 1, 0) if stale else note.version
        noting.save_note(customer=self.customer, text=text, based_on=basis, actor=AGENT, at=clock.now())
        self.agents.append(text)
        self.is_push_due = True

    def edit(self, text: str) -> None:
        if fact := self.shop.edit("1001", text):
            self.tell(fact)
            self.merchants, self.is_ours = text, False

    def written(self, edit: Callable[[str, str], CustomerChanged | None], remote_id: str, text: str) -> None:
        """Our own writing arrives in the store."""
        if fact := edit(remote_id, text):
            if not self.is_ours:
                self.owed.add(self.merchants)
            self.tell(fact)
            self.is_ours = True

    def tell(self, fact: CustomerChanged) -> None:
        self.told.append(fact)
        self.unheard.append(fact)

    def deliver(self, number: int) -> None:
        """Any webhook ever sent, in any order, as often as it likes."""
        if self.told:
            self.hear(self.told[number % len(self.told)])

    def hear(self, fact: CustomerChanged) -> None:
        link = StoreCustomer.objects.select_related("connection").get()
        try:
            hearing.hear_note(link=link, text=fact.note or "", stamp=fact.updated_at, at=clock.now(), cause=self.cause)
        except Retryable:
            return  # it stays unheard, and comes again
        self.unheard = [one for one in self.unheard if one is not fact]
        self.is_push_due = True  # a text that was taken is a save like any other

    def push(self) -> None:
        if self.is_push_due:
            self.is_push_due = False
            try:
                syncing.push_note(customer_id=self.customer.pk, at=clock.now(), cause=self.cause)
            except Retryable:
                self.is_push_due = True

    def settle(self) -> None:
        """Nobody saves any more; whatever is due is worked."""
        for _ in range(20):
            if not self.unheard and not self.is_push_due:
                return
            self.shop.tick()
            for fact in list(self.unheard):
                self.hear(fact)
            self.push()
        raise AssertionError("it never comes to rest")

    def check(self) -> None:
        note = noting.read_note(customer=self.customer)
        versions = list(NoteVersion.objects.values_list("text", flat=True))
        kept = versions + list(NoteDraft.objects.values_list("text", flat=True))
        if note.sync_state == NoteSync.FAILED:
            assert len(note.text) > FakeAdapter.note_limit
        else:
            assert note.sync_state == NoteSync.IN_SYNC
            assert is_same(note.text, self.shop.notes["1001"])
        for text in [*self.agents, *self.owed]:
            assert is_blank(text) or any(is_same(text, one) for one in kept), f"{text!r} is lost"
        drafts = NoteDraft.objects.unsettled().values_list("text", "author_kind")
        assert len(set(drafts)) == len(drafts)


def explore(shop: FakeShop, acme: Tenant, script: Any) -> None:
    with transaction.atomic(), tenant_scope(acme):
        FakeAdapter.depth = len(database.savepoint_ids)
        world = World(shop)
        edit = shop.edit
        shop.write = lambda remote_id, text: world.written(edit, remote_id, text)
        for step in script:
            world.run(step)
        world.settle()
        world.check()
        transaction.set_rollback(True)


shape = {
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


# The merchant saves between our reading and our writing; the store takes a text and we never hear so; a worker finds
# another one at the note; a long note and a merchant's.
COVERED: Any = [(("agent_and_push", "a"), [], [("merchant", "b")], "")]
UNHEARD: Any = [
    (("agent_and_push", "a"), [], [], "answer lost"),
    (("agent_and_push", "b"), [], [("merchant", "c")], ""),
]
CROWDED: Any = [(("agent_and_push", "a"), [("deliver", 0)], [("agent", "b"), ("push", ""), ("merchant", "c")], "down")]
TOO_LONG: Any = [(("agent_and_push", "x" * 101), [], [], ""), (("merchant_and_deliver", "a"), [("agent", "b")], [], "")]


@settings(max_examples=8, derandomize=True, database=None, **shape)  # type: ignore[arg-type]
@given(script=steps)
@example(script=COVERED)
@example(script=UNHEARD)
@example(script=CROWDED)
@example(script=TOO_LONG)
def test_notes_end_equal_or_say_why_and_lose_no_text(fake_shop: FakeShop, acme: Tenant, script: Any) -> None:
    explore(fake_shop, acme, script)


@pytest.mark.soak
@settings(max_examples=600, **shape)  # type: ignore[arg-type]
@given(script=steps)
def test_notes_end_equal_in_the_long_run(fake_shop: FakeShop, acme: Tenant, script: Any) -> None:
    explore(fake_shop, acme, script)
