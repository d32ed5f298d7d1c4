"""However two agents and a store save over each other, no text is ever lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from customers.kinds import DraftChoice
from customers.models import Customer, NoteDraft, NoteVersion
from customers.services import noting, restoring, settling
from tests.customers.actors import ADA, BELA, NOON, STORE
from tests.factories.customers import make_customer

TEXTS = st.sampled_from(["", "a", "b", "a\r\nb", "c ", "\U0001f338"])
AGENTS = st.sampled_from([ADA, BELA])
STEPS = st.one_of(
    st.tuples(st.just("open"), AGENTS),
    st.tuples(st.just("save"), AGENTS, TEXTS),
    st.tuples(st.just("take"), TEXTS),
    st.tuples(st.just("keep"), TEXTS),
    st.tuples(st.just("settle"), st.sampled_from(DraftChoice)),
    st.tuples(st.just("restore"), st.integers(1, 4)),
)


class Office:
    """Two agents with the note open on their pages, and a store."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.opened = {ADA: 0, BELA: 0}
        self.sent: set[str] = set()

    def open(self, agent: Any) -> None:
        self.opened[agent] = noting.read_note(customer=self.customer).version

    def save(self, agent: Any, text: str) -> None:
        saved = noting.save_note(customer=self.customer, text=text, based_on=self.opened[agent], actor=agent, at=NOON)
        self.sent.add(text)
        if saved.draft is None:
            self.opened[agent] = saved.note.version

    def take(self, text: str) -> None:
        noting.take_store_text(customer=self.customer, text=text, actor=STORE, at=NOON)
        self.sent.add(text)

    def keep(self, text: str) -> None:
        noting.keep_losing_text(customer=self.customer, text=text, actor=STORE, at=NOON)
        self.sent.add(text)

    def settle(self, choice: DraftChoice) -> None:
        if draft := NoteDraft.objects.unsettled().filter(note__customer=self.customer).first():
            version = noting.read_note(customer=self.customer).version
            settling.settle_draft(draft=draft, choice=choice, based_on=version, actor=BELA, at=NOON)

    def restore(self, number: int) -> None:
        if number <= noting.read_note(customer=self.customer).version:
            restoring.restore_version(customer=self.customer, number=number, actor=ADA, at=NOON)

    def check(self) -> None:
        versions = list(NoteVersion.objects.filter(note__customer=self.customer).order_by("number"))
        drafts = set(NoteDraft.objects.filter(note__customer=self.customer).values_list("text", flat=True))
        note = noting.read_note(customer=self.customer)
        # The empty note that everybody begins with is version 0, which has no row.
        kept = {version.text for version in versions} | drafts | {""}
        assert {noting.clean_note(text) for text in self.sent} <= kept
        assert [version.number for version in versions] == list(range(1, note.version + 1))
        assert note.text == (versions[-1].text if versions else "")


@pytest.mark.usefixtures("in_acme")
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=10))
def test_no_text_is_lost_however_saves_interleave(in_acme: Tenant, steps: list[tuple[Any, ...]]) -> None:
    office = Office(make_customer())

    for verb, *arguments in steps:
        getattr(office, verb)(*arguments)

    office.check()
