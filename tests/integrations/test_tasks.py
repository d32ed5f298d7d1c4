"""Tasks: claimed once, retried, given up, taken over from a dead worker; against the pretend store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from celery.exceptions import Ignore
from django.db import connections, transaction
from django.utils.module_loading import import_string

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer, CustomerNote
from customers.services import noting
from demo.store.serving import StoreHandle
from events.models import Event, Reaction
from events.services import reacting
from events.services.recording import record
from integrations import tasks
from integrations.kinds import StoreEvent
from integrations.models import Connection, InboundWebhook, StoreCustomer
from integrations.registry import adapter_class
from integrations.services import connecting
from jobs.models import Job
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.integrations.conftest import AGENT, ANA, SHOP
from tickets.kinds import MessageEvent


@contextmanager
def inside(tenant: Tenant) -> Iterator[None]:
    with transaction.atomic(), tenant_scope(tenant):
        yield


@pytest.fixture
def connection(acme: Tenant, store: StoreHandle) -> Connection:
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": ""}})
    with inside(acme):
        return make_connection(SHOP, name="Acme", sync_notes=True)


@pytest.fixture
def linked(acme: Tenant, connection: Connection) -> Customer:
    with inside(acme):
        customer = make_customer("Ana", "Lopes")
        make_contact(customer, "ana.lopes@shopper.example")
        make_link(connection, customer, ANA, base_text="", note_state=NoteSync.IN_SYNC)
    return customer


def save(tenant: Tenant, customer: Customer, text: str) -> Reaction:
    """A note saved by an agent; the reaction that is to push it."""
    with inside(tenant):
        version = noting.read_note(customer=customer).version
        noting.save_note(customer=customer, text=text, based_on=version, actor=AGENT, at=clock.now())
    return Reaction.objects.latest("pk")


def run(reaction: Reaction) -> None:
    """As a worker does that was woken for it."""
    task: Callable[..., None] = import_string(reaction.task)
    task(tenant_id=reaction.tenant_id, reaction_id=reaction.pk)
    reaction.refresh_from_db()


def run_all() -> None:
    """Until nothing is due."""
    for _ in range(50):
        due = Reaction.objects.due(clock.now()).order_by("pk").first()
        if due is None:
            return
        run(due)
    raise AssertionError("it never ends")


def note_of(tenant: Tenant, customer: Customer) -> CustomerNote:
    with inside(tenant):
        return noting.read_note(customer=customer)


def written(store: StoreHandle) -> list[str]:
    writes = store.report(SHOP)["note_writes"].get(ANA, ())
    return [write["text"] for write in writes if write["by"] == "api"]


def make_due(reaction: Reaction) -> None:
    Reaction.objects.filter(pk=reaction.pk).update(due_at=clock.now())


def test_saved_note_is_pushed_once_however_often_it_is_woken(
    acme: Tenant, linked: Customer, store: StoreHandle
) -> None:
    reaction = save(acme, linked, "Ours")

    run(reaction)
    with pytest.raises(Ignore):
        run(reaction)

    assert written(store) == ["Ours"]
    assert reaction.done_at is not None
    assert note_of(acme, linked).sync_state == NoteSync.IN_SYNC


@pytest.mark.django_db(transaction=True)
def test_workers_at_one_time_push_once(acme: Tenant, linked: Customer, store: StoreHandle) -> None:
    """Four workers, two reactions: each reaction is claimed by one, and one of these two finds nothing left to do."""
    reactions = [save(acme, linked, "First"), save(acme, linked, "Second")] * 2
    barrier, failures = Barrier(len(reactions)), list[Exception]()

    def work(reaction: Reaction) -> None:
        barrier.wait()
        try:
            run(Reaction.objects.get(pk=reaction.pk))
        except Ignore as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(reaction,)) for reaction in reactions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for reaction in reactions:
        make_due(reaction)
    run_all()

    assert (written(store), len(failures)) == (["Second"], 2)
    assert note_of(acme, linked).sync_state == NoteSync.IN_SYNC


@pytest.mark.parametrize("sent_already", [False, True])
def test_dead_workers_reaction_is_taken_up_and_pushes_once(
    acme: Tenant, linked: Customer, store: StoreHandle, monkeypatch: pytest.MonkeyPatch, sent_already: bool
) -> None:
    """Killed with -9 before or after the store took the text: leases stay behind, and nothing else."""

    class Killed(BaseException):
        """Nothing catches it, as nothing survives a kill."""

    reaction = save(acme, linked, "Ours")
    with monkeypatch.context() as patch:
        adapter = adapter_class("shopify")
        real = adapter.write_note

        def die(self: Any, remote_id: str, text: str) -> None:
            if sent_already:
                real(self, remote_id, text)
            raise Killed

        patch.setattr(adapter, "write_note", die)
        patch.setattr("integrations.services.leasing._release", lambda rows, lease: None)
        with pytest.raises(Killed):
            run(reaction)
    assert note_of(acme, linked).sync_state == NoteSync.PENDING
    # Its lease on the reaction runs out; the one on the link, which is longer, must not stand in the way.
    Reaction.objects.filter(pk=reaction.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    with inside(acme):
        assert StoreCustomer.objects.filter(leased_until__gt=clock.now()).count() == 1

    assert reacting.wake_due(at=clock.now() + timedelta(minutes=1)) == 1
    run(reaction)

    assert written(store) == ["Ours"]
    assert note_of(acme, linked).sync_state == NoteSync.IN_SYNC


@pytest.mark.parametrize(
    ("mischief", "reason"),
    [
        ({"throttle": 1}, "slow down"),
        ({"refuse": {"status": 429}}, "slow down"),
        ({"refuse": {"status": 500}}, "HTTP 500"),
        ({"refuse": {"status": 503}}, "HTTP 503"),
        ({"hang": {"operation": "Note", "seconds": 1.5}}, "in time"),
        ({"hang": {"operation": "SetNote", "seconds": 1.5, "when": "after"}}, "in time"),
    ],
)
def test_store_in_trouble_is_asked_again(
    acme: Tenant,
    linked: Customer,
    store: StoreHandle,
    monkeypatch: pytest.MonkeyPatch,
    mischief: dict[str, Any],
    reason: str,
) -> None:
    monkeypatch.setattr(connecting, "CALL_SECONDS", 0.7)
    connecting._http.cache_clear()
    store.control(SHOP, mischief)
    reaction = save(acme, linked, "Ours")

    run(reaction)
    first = note_of(acme, linked)
    make_due(reaction)
    run(reaction)
    connecting._http.cache_clear()

    assert (first.sync_state, reason in first.sync_detail) == (NoteSync.PENDING, True)
    assert (note_of(acme, linked).sync_state, written(store)) == (NoteSync.IN_SYNC, ["Ours"])
    with inside(acme):
        assert Connection.objects.get().last_error == ""


def test_last_attempts_failure_is_said_on_the_note(acme: Tenant, linked: Customer, store: StoreHandle) -> None:
    store.control(SHOP, {"refuse": {"status": 503, "count": 5}})
    reaction = save(acme, linked, "Ours")
    Reaction.objects.filter(pk=reaction.pk).update(attempts=len(reacting.WAITS))

    run(reaction)

    note = note_of(acme, linked)
    assert (note.sync_state, "HTTP 503" in note.sync_detail, reaction.failed_at is not None) == ("failed", True, True)
    with inside(acme):
        assert Event.objects.filter(type="store.note_failed").count() == 1


def test_webhook_is_worked_and_closed(
    acme: Tenant, connection: Connection, linked: Customer, store: StoreHandle
) -> None:
    store.control(SHOP, {"subscribe": {"uri": "http://127.0.0.1:9/"}, "retry_waits": []})
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": "Ring twice."}})
    hook = store.report(SHOP)["webhooks"][-1]
    with inside(acme):
        webhook = make_webhook(connection, {k.lower(): v for k, v in hook["headers"].items()}, hook["body"].encode())
        record(StoreEvent.WEBHOOK_RECEIVED, subject=webhook, actor=connection.as_actor(), data={"webhook": webhook.pk})

    run_all()

    with inside(acme):
        assert InboundWebhook.objects.get().outcome == "the note is in sync"
    assert note_of(acme, linked).text == "Ring twice."
    assert written(store) == []


def test_webhook_that_was_given_up_says_so(
    acme: Tenant, connection: Connection, linked: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.services.intaking._work", lambda *_: 1 / 0)
    with inside(acme):
        headers = {
            "x-shopify-topic": "carts/update",
            "x-shopify-shop-domain": SHOP,
            "x-shopify-webhook-id": "1",
        }
        webhook = make_webhook(connection, headers, b"{}")
        data = {"webhook": webhook.pk}
        record(StoreEvent.WEBHOOK_RECEIVED, subject=webhook, actor=connection.as_actor(), data=data)
    Reaction.objects.update(attempts=len(reacting.WAITS))

    run(Reaction.objects.get())

    with inside(acme):
        assert InboundWebhook.objects.get().outcome.startswith("given up: ZeroDivisionError")


def test_connecting_subscribes_links_and_aligns(acme: Tenant, ada: Membership, store: StoreHandle) -> None:
    with inside(acme):
        customers = [make_customer(name, "") for name in ("Ana", "Boris", "Stranger")]
        emails = ("ana.lopes@shopper.example", "boris.petrov@mail.example", "stranger@mail.example")
        for customer, email in zip(customers, emails, strict=True):
            make_contact(customer, email)
        noting.save_note(customer=customers[1], text="Ours differs", based_on=0, actor=AGENT, at=clock.now())
        connecting.connect_store(
            kind="shopify",
            shop=SHOP,
            token="demo-token-acme",
            secret="demo-secret-acme",
            sync_notes=True,
            actor=ada.as_actor(),
            at=clock.now(),
        )

    run_all()

    topics = {one["topic"] for one in store.report(SHOP)["subscriptions"]}
    assert {"CUSTOMERS_UPDATE", "APP_UNINSTALLED"} <= topics
    with inside(acme):
        job = Job.objects.get()
        states = [noting.read_note(customer=customer).sync_state for customer in customers]
        assert Connection.objects.get().name == "Acme Home & Garden"
    assert (job.state, job.done, job.total, job.started_by_id) == ("done", 3, 3, ada.pk)
    assert job.report == {"linked": 2, "no match": 1}
    assert states == [NoteSync.IN_SYNC, NoteSync.DIFFERS, NoteSync.OFF]


def test_message_refreshes_its_customer(acme: Tenant, connection: Connection) -> None:
    with inside(acme):
        customer = make_customer("Ana", "")
        make_contact(customer, "ana.lopes@shopper.example")
        record(MessageEvent.RECEIVED, subject=customer, actor=AGENT, data={"message": 1}, customer_id=customer.pk)
        record(MessageEvent.RECEIVED, subject=customer, actor=AGENT, data={"message": 2})

    run_all()

    with inside(acme):
        assert StoreCustomer.objects.get().customer_id == customer.pk


def test_old_webhooks_go_in_every_workspace(acme: Tenant, globex: Tenant) -> None:
    for tenant, shop in ((acme, SHOP), (globex, "globex-demo.myshopify.com")):
        with inside(tenant):
            make_webhook(make_connection(shop), {}, b"", received_at=clock.now() - timedelta(days=40))

    tasks.forget_old_webhooks()

    for tenant in (acme, globex):
        with inside(tenant):
            assert InboundWebhook.objects.count() == 0
