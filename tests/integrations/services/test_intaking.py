"""Webhooks of the pretend store, worked in whatever state and order they come."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Tenant
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer
from customers.services import noting
from demo.store.serving import StoreHandle
from events.models import Event
from integrations.base import TryAgain
from integrations.models import Connection, InboundWebhook, Order, StoreCustomer
from integrations.services import connecting, intaking
from tests.factories.customers import make_customer
from tests.factories.integrations import make_cause, make_connection, make_link, make_webhook
from tests.integrations.conftest import AGENT, ANA, SHOP

BORIS, CARD_9 = "7301000000002", "7301000000009"


@pytest.fixture
def connection(in_acme: Tenant, store: StoreHandle) -> Connection:
    """Connected, and subscribed at an address where nobody listens: the journal keeps what would have come."""
    store.control(SHOP, {"retry_waits": [], "subscribe": {"uri": "http://127.0.0.1:9/hooks/shopify/"}})
    long_ago = clock.now() - timedelta(days=1)
    return make_connection(SHOP, name="Acme", sync_notes=True, connected_at=long_ago)


@pytest.fixture
def ana_link(connection: Connection, ana: Customer) -> StoreCustomer:
    return make_link(connection, ana, ANA, base_text="", note_state=NoteSync.IN_SYNC, display_name="Ana")


def sent(store: StoreHandle, topic: str) -> list[dict[str, Any]]:
    return [hook for hook in store.report(SHOP)["webhooks"] if hook["topic"] == topic]


def receive(connection: Connection, hook: dict[str, Any], **fields: Any) -> InboundWebhook:
    """Store a webhook of the journal as the door does."""
    headers = {name.lower(): value for name, value in hook["headers"].items()}
    return make_webhook(connection, headers, hook["body"].encode(), topic=hook["topic"], **fields)


def work(webhook: InboundWebhook) -> str:
    cause = make_cause(webhook.connection)
    outcome = intaking.work_webhook(webhook_id=webhook.pk, at=clock.now(), cause=cause)
    webhook.refresh_from_db()
    assert webhook.outcome == outcome[:200] and webhook.worked_at is not None
    return outcome


def work_last(connection: Connection, store: StoreHandle, topic: str) -> str:
    return work(receive(connection, sent(store, topic)[-1]))


def note_text(customer: Customer) -> str:
    return str(noting.read_note(customer=customer).text)


def test_merchants_note_arrives(
    connection: Connection, ana_link: StoreCustomer, ana: Customer, store: StoreHandle
) -> None:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "Ring twice."}})

    outcome = work_last(connection, store, "customers/update")

    assert (outcome, note_text(ana)) == ("the note is in sync", "Ring twice.")
    [write] = store.report(SHOP)["note_writes"][ANA]
    assert write["by"] == "merchant"


def test_echo_of_our_own_writing_ends_the_loop(
    connection: Connection, ana_link: StoreCustomer, ana: Customer, store: StoreHandle
) -> None:
    from integrations.services import syncing

    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": ""}})
    noting.save_note(customer=ana, text="Ours", based_on=0, actor=AGENT, at=clock.now())
    syncing.push_note(customer_id=ana.pk, at=clock.now(), cause=None)
    before = store.report(SHOP)["requests"]

    outcome = work_last(connection, store, "customers/update")

    assert outcome == "the note is unchanged"
    assert store.report(SHOP)["requests"] == before
    assert [write["text"] for write in store.report(SHOP)["note_writes"][ANA]] == ["", "Ours"]


def test_order_that_touches_the_customer_changes_no_note(
    connection: Connection, ana_link: StoreCustomer, ana: Customer, store: StoreHandle
) -> None:
    StoreCustomer.objects.update(base_text="Prefers evening delivery.")
    store.control(SHOP, {"place_order": {"customer": ANA}})

    outcomes = [work_last(connection, store, topic) for topic in ("customers/update", "orders/create")]

    ana_link.refresh_from_db()
    assert outcomes == ["the note is unchanged", "the orders are refreshed"]
    assert (ana_link.orders_count, Order.objects.count()) == (4, 4)


def test_order_webhooks_that_were_overtaken_ask_nobody(
    connection: Connection, ana_link: StoreCustomer, store: StoreHandle
) -> None:
    store.control(SHOP, {"place_order": {"customer": ANA}})
    hook = sent(store, "orders/create")[-1]
    received_at = clock.now()
    work(receive(connection, hook, received_at=received_at))

    outcome = work(receive(connection, hook, received_at=received_at - timedelta(seconds=1)))

    assert outcome == "the orders are newer than this"


def test_strangers_are_left_alone(connection: Connection, store: StoreHandle) -> None:
    store.control(SHOP, {"edit_customer": {"customer": BORIS, "note": "x"}, "place_order": {"customer": BORIS}})
    before = store.report(SHOP)["requests"]

    outcomes = [work_last(connection, store, topic) for topic in ("customers/update", "orders/create")]

    assert outcomes == ["not a customer we know"] * 2
    assert store.report(SHOP)["requests"] == before


def test_deleted_customer_is_unlinked(connection: Connection, ana: Customer, store: StoreHandle) -> None:
    make_link(connection, ana, CARD_9)
    store.control(SHOP, {"delete_customer": CARD_9})

    outcome = work_last(connection, store, "customers/delete")

    assert (outcome, StoreCustomer.objects.count()) == ("the customer is unlinked", 0)
    assert noting.read_note(customer=ana).sync_state == NoteSync.OFF


def test_replayed_body_under_another_topic_deletes_nobody(
    connection: Connection, ana_link: StoreCustomer, store: StoreHandle
) -> None:
    """The signature covers the body alone: a customer's update can be dressed up as a deletion, or as the end."""
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "x"}})
    hook = sent(store, "customers/update")[-1]
    outcomes = []
    for topic in ("customers/delete", "app/uninstalled"):
        outcomes.append(work(receive(connection, hook | {"headers": hook["headers"] | {"X-Shopify-Topic": topic}})))

    connection.refresh_from_db()
    assert outcomes == ["the store still has this customer", "the store still accepts us"]
    assert (StoreCustomer.objects.count(), connection.is_disabled) == (1, False)


def merge(store: StoreHandle, one: str, two: str) -> str:
    """Merge in the store; answers the id that stays."""
    store.control(SHOP, {"merge_seconds": 0.01, "merge_customers": {"one": one, "two": two}})
    for _ in range(100):
        if hooks := sent(store, "customers/merge"):
            return ANA if ANA in hooks[-1]["body"].split("kept_id")[1].split(",")[0] else CARD_9
    raise AssertionError("the store never merged")


@pytest.mark.parametrize("linked", [[ANA], [CARD_9], [ANA, CARD_9]])
def test_link_follows_a_merge(connection: Connection, ana: Customer, store: StoreHandle, linked: list[str]) -> None:
    store.control(SHOP, {"edit_customer": {"customer": CARD_9, "note": "Of the other"}})
    for remote_id in linked:
        base = "Prefers evening delivery." if remote_id == ANA else "Of the other"
        make_link(connection, ana, remote_id, base_text=base, note_state=NoteSync.IN_SYNC)
    noting.save_note(customer=ana, text=base, based_on=0, actor=AGENT, at=clock.now())

    kept = merge(store, ANA, CARD_9)
    outcome = work_last(connection, store, "customers/merge")

    assert (outcome, [link.remote_id for link in StoreCustomer.objects.all()]) == ("the link follows the merge", [kept])
    note = noting.read_note(customer=ana)
    assert (note.text, note.sync_state) == ("Prefers evening delivery.\nOf the other", NoteSync.IN_SYNC)
    assert [write["by"] for write in store.report(SHOP)["note_writes"][ANA]] == ["merge"]


def test_merge_of_two_of_our_customers_keeps_the_survivors_link(
    connection: Connection, ana: Customer, store: StoreHandle
) -> None:
    other = make_customer("Tariq", "")
    make_link(connection, ana, ANA, base_text="Prefers evening delivery.")
    make_link(connection, other, CARD_9, base_text="")

    kept = merge(store, ANA, CARD_9)
    work_last(connection, store, "customers/merge")

    assert kept == ANA
    assert StoreCustomer.objects.get().customer_id == ana.pk
    assert noting.read_note(customer=other).sync_state == NoteSync.OFF
    assert work_last(connection, store, "customers/merge") == "the link follows the merge"


def test_uninstalled_store_is_disconnected(connection: Connection, store: StoreHandle) -> None:
    store.control(SHOP, {"uninstall": True})

    outcome = work_last(connection, store, "app/uninstalled")

    connection.refresh_from_db()
    assert (outcome, connection.is_disabled) == ("the store is disconnected", True)


def test_uninstalling_before_the_last_connecting_is_history(connection: Connection, store: StoreHandle) -> None:
    store.control(SHOP, {"uninstall": True})
    hook = sent(store, "app/uninstalled")[-1]
    store.control(SHOP, {"install": True})
    again = connecting.connect_store(
        kind="shopify", shop=SHOP, token="demo-token-acme", secret="s", sync_notes=None, actor=AGENT, at=clock.now()
    )

    outcome = work(receive(again, hook))

    again.refresh_from_db()
    assert (outcome, again.is_disabled) == ("the store has been connected again since", False)


@pytest.mark.parametrize("body", ["{}", "[]", '{"id": "x"}', '{"id": 1, "note": 7}'])
def test_unreadable_webhook_says_so_and_blocks_nothing(
    connection: Connection, ana_link: StoreCustomer, store: StoreHandle, body: str
) -> None:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "x"}})
    hook = sent(store, "customers/update")[-1]

    assert work(receive(connection, hook | {"body": body})).startswith("cannot be read: ")


def test_topic_nobody_follows_is_noted(connection: Connection, store: StoreHandle) -> None:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "x"}})
    hook = sent(store, "customers/update")[-1]
    headers = hook["headers"] | {"X-Shopify-Topic": "carts/update"}

    assert work(receive(connection, hook | {"headers": headers})) == "carts/update is not followed"


def test_store_in_trouble_leaves_the_webhook_for_later(
    connection: Connection, ana_link: StoreCustomer, ana: Customer, store: StoreHandle
) -> None:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "Ring twice."}, "refuse": {"status": 503}})
    webhook = receive(connection, sent(store, "customers/update")[-1])
    with pytest.raises(TryAgain):
        work(webhook)
    webhook.refresh_from_db()
    assert webhook.worked_at is None

    assert work(webhook) == "the note is in sync"
    assert work(webhook) == "the note is in sync"  # of a reaction that ran twice
    assert Event.objects.filter(type="store.note_pulled").count() == 1


def test_refusal_closes_the_webhook(connection: Connection, ana_link: StoreCustomer, store: StoreHandle) -> None:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "Ring twice."}, "expire_token": True})

    assert work_last(connection, store, "customers/update").startswith("refused: ")


def test_old_webhooks_are_forgotten(connection: Connection) -> None:
    now = clock.now()
    old, new = (make_webhook(connection, {}, b"", received_at=now - timedelta(days=days)) for days in (31, 29))

    assert intaking.forget_webhooks(before=now - timedelta(days=30)) == 1
    assert InboundWebhook.objects.get().pk == new.pk != old.pk
