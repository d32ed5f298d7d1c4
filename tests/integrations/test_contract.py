"""What every adapter in the registry must do alike (a new vendor brings only tests/integrations/<kind>/contract.py)."""

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from core.http import TimedOut, Unreachable
from core.retry import Permanent, Retryable
from integrations.base import AdapterError, BadWebhook, GiveUp, StoreAdapter, TryAgain
from integrations.registry import KINDS, adapter_class
from integrations.types import Capability, CustomerChanged, NoteFacts, OrderFacts, StoreCustomerFacts
from tests.integrations.fake_http import FakeHttp, answered

CALLS: dict[str, Callable[[StoreAdapter, str], Any]] = {
    "check": lambda adapter, remote_id: adapter.check(),
    "find_customers": lambda adapter, remote_id: adapter.find_customers(email="mira@vale.example", phone=None),
    "fetch_customer": lambda adapter, remote_id: adapter.fetch_customer(remote_id),
    "fetch_note": lambda adapter, remote_id: adapter.fetch_note(remote_id),
    "write_note": lambda adapter, remote_id: adapter.write_note(remote_id, "Prefers e-mail."),
    "fetch_orders": lambda adapter, remote_id: adapter.fetch_orders(remote_id, limit=3),
}

each_kind = pytest.mark.parametrize("kind", sorted(KINDS))
each_call = pytest.mark.parametrize("call", sorted(CALLS))


def contract(kind: str) -> Any:
    return import_module(f"tests.integrations.{kind}.contract")


def connect(kind: str, *answers: Any) -> tuple[StoreAdapter, FakeHttp]:
    http = FakeHttp(*answers)
    return adapter_class(kind)(contract(kind).CREDENTIALS, http), http


@each_kind
def test_adapter_says_what_it_is(kind: str) -> None:
    adapter = adapter_class(kind)

    assert issubclass(adapter, StoreAdapter)
    assert adapter.label and adapter.label == adapter.label.strip()
    assert adapter.capabilities and all(isinstance(one, Capability) for one in adapter.capabilities)
    assert adapter.note_limit > 0
    assert adapter.clean_shop(contract(kind).CREDENTIALS.shop) == contract(kind).CREDENTIALS.shop


@each_kind
def test_vendor_is_blind_to_the_rest_of_the_product(kind: str) -> None:
    allowed = ("core.", "integrations.base", "integrations.types", f"integrations.{kind}")
    products = ("django", "accounts", "customers", "events", "files", "helpdesk", "integrations", "jobs", "tickets")

    for source in (Path(__file__).resolve().parents[2] / "integrations" / kind).rglob("*.py"):
        tree = ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        names = [node.module or "" for node in tree if isinstance(node, ast.ImportFrom)]
        assert [name for name in names if name.startswith(products) and not name.startswith(allowed)] == []


@each_kind
def test_making_an_adapter_calls_nobody(kind: str) -> None:
    adapter, http = connect(kind)

    assert http.calls == []
    assert contract(kind).CREDENTIALS.token not in repr(adapter)


@each_kind
def test_calls_answer_neutral_facts(kind: str) -> None:
    sample = contract(kind)
    answers = {name: call(connect(kind, sample.recorded(name))[0], sample.REMOTE_ID) for name, call in CALLS.items()}

    assert isinstance(answers["check"], str) and answers["check"]
    assert [type(one) for one in answers["find_customers"]] == [StoreCustomerFacts]
    assert isinstance(answers["fetch_customer"], StoreCustomerFacts)
    assert isinstance(answers["fetch_note"], NoteFacts) and isinstance(answers["write_note"], NoteFacts)
    assert answers["fetch_orders"] and all(isinstance(one, OrderFacts) for one in answers["fetch_orders"])


@each_kind
def test_an_unknown_customer_is_none(kind: str) -> None:
    sample = contract(kind)
    adapter, _ = connect(kind, sample.GONE, sample.GONE, sample.GONE)

    assert adapter.fetch_customer(sample.REMOTE_ID) is None
    assert adapter.fetch_note(sample.REMOTE_ID) is None
    assert adapter.fetch_orders(sample.REMOTE_ID) == ()


@each_kind
@each_call
def test_silence_and_storms_are_tried_again(kind: str, call: str) -> None:
    sample = contract(kind)
    for trouble in (TimedOut("late"), Unreachable("away"), answered(b"Oops", status=502), sample.SLOW_DOWN):
        adapter, _ = connect(kind, trouble)
        with pytest.raises(TryAgain) as caught:
            CALLS[call](adapter, sample.REMOTE_ID)
        assert isinstance(caught.value, Retryable)
        assert trouble is not sample.SLOW_DOWN or (caught.value.after or 0) >= 2


@each_kind
@each_call
def test_a_revoked_token_disables(kind: str, call: str) -> None:
    sample = contract(kind)
    adapter, _ = connect(kind, sample.UNAUTHORIZED)

    with pytest.raises(GiveUp) as caught:
        CALLS[call](adapter, sample.REMOTE_ID)
    assert caught.value.disables and isinstance(caught.value, Permanent)


@each_kind
@each_call
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"data": {}}', b'{"data": []}', b"\xff", b"[" * 50_000])
def test_a_strange_answer_is_an_adapter_error(kind: str, call: str, body: bytes) -> None:
    sample = contract(kind)
    adapter, _ = connect(kind, answered(body))

    with pytest.raises(AdapterError) as caught:
        CALLS[call](adapter, sample.REMOTE_ID)
    assert caught.value.reason
    assert sample.CREDENTIALS.token not in caught.value.reason


@each_kind
def test_a_note_too_long_is_refused_before_it_is_sent(kind: str) -> None:
    adapter, http = connect(kind)

    with pytest.raises(GiveUp):
        adapter.write_note(contract(kind).REMOTE_ID, "x" * (adapter.note_limit + 1))
    assert http.calls == []


@each_kind
def test_finding_without_anything_asks_nobody(kind: str) -> None:
    adapter, http = connect(kind)

    assert adapter.find_customers(email=None, phone=None) == ()
    assert http.calls == []


@each_kind
def test_webhooks_are_verified_with_any_secret_and_no_other(kind: str) -> None:
    sample = contract(kind)
    adapter = adapter_class(kind)
    for secret in sample.CREDENTIALS.secrets:
        headers, body = sample.webhook(secret)
        assert adapter.verify_webhook(headers, body, sample.CREDENTIALS.secrets)
        assert not adapter.verify_webhook(headers, body + b" ", sample.CREDENTIALS.secrets)
        assert not adapter.verify_webhook(headers, body, ("other-secret",))
        assert not adapter.verify_webhook(headers, body, ())
    headers, body = sample.webhook("")
    assert not adapter.verify_webhook(headers, body, ("",))


@each_kind
def test_webhooks_are_read_into_facts(kind: str) -> None:
    sample = contract(kind)
    headers, body = sample.webhook(sample.CREDENTIALS.secrets[0])

    envelope = adapter_class(kind).read_webhook(headers, body)

    (fact,) = envelope.facts
    assert isinstance(fact, CustomerChanged) and fact.remote_id == sample.REMOTE_ID
    assert envelope.shop == sample.CREDENTIALS.shop and envelope.webhook_id and envelope.topic
    assert adapter_class(kind).read_webhook_head(headers).webhook_id == envelope.webhook_id


@each_kind
@pytest.mark.parametrize("body", [b"", b"null", b"[", b"[]", b"\xff\xfe", b"{}", b"[" * 50_000])
def test_unreadable_webhooks_are_bad(kind: str, body: bytes) -> None:
    headers, _ = contract(kind).webhook("secret")

    with pytest.raises(BadWebhook):
        adapter_class(kind).read_webhook(headers, body)
    with pytest.raises(BadWebhook):
        adapter_class(kind).read_webhook({}, b"{}")
