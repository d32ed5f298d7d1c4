"""Agents, a merchant, workers and repeated webhooks at one note at the same time, on real rows and a real store."""

import random
from collections.abc import Callable
from itertools import pairwise
from threading import Thread

import pytest
from celery.exceptions import Ignore
from django.db import connections, transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import NoteSync
from customers.models import Customer, NoteDraft, NoteVersion
from customers.services import noting
from demo.store.serving import StoreHandle
from events.models import Reaction
from events.services.recording import record
from integrations import tasks
from integrations.kinds import StoreEvent
from integrations.models import Connection, InboundWebhook
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.integrations.conftest import AGENT, ANA, SHOP

ROUNDS = 40


class Storm:
    """Everybody at once; what failed in a thread is kept."""

    def __init__(self, tenant: Tenant, connection: Connection, customer: Customer, store: StoreHandle) -> None:
        self.tenant, self.connection, self.customer, self.store = tenant, connection, customer, store
        self.failures: list[Exception] = []
        self.is_over = False

    def agent(self) -> None:
        for number in range(ROUNDS):
            with transaction.atomic(), tenant_scope(self.tenant):
                basis = max(noting.read_note(customer=self.customer).version - random.choice((0, 0, 1)), 0)
                text = f"agent {number}"
                noting.save_note(customer=self.customer, text=text, based_on=basis, actor=AGENT, at=clock.now())

    def merchant(self) -> None:
        for number in range(ROUNDS // 2):
            self.store.control(SHOP, {"edit_customer": {"customer": ANA, "note": f"merchant {number}"}})
            self.deliver()

    def deliver(self) -> None:
        """Any two webhooks so far, as new deliveries."""
        hooks = [one for one in self.store.report(SHOP)["webhooks"] if one["topic"] == "customers/update"]
        for hook in random.sample(hooks, min(2, len(hooks))):
            self.receive(hook["headers"], hook["body"])

    def receive(self, headers: dict[str, str], body: str) -> None:
        named = {name.lower(): value for name, value in headers.items()}
        with transaction.atomic(), tenant_scope(self.tenant):
            webhook = make_webhook(self.connection, named, body.encode(), webhook_id=str(random.random()))
            actor, data = self.connection.as_actor(), {"webhook": webhook.pk}
            record(StoreEvent.WEBHOOK_RECEIVED, subject=webhook, actor=actor, data=data)

    def worker(self) -> None:
        while work := self.due():
            random.shuffle(work)
            for reaction in work[:5]:
                name = reaction.task.rpartition(".")[2]
                try:
                    getattr(tasks, name)(tenant_id=reaction.tenant_id, reaction_id=reaction.pk)
                except Ignore:
                    continue

    def due(self) -> list[Reaction]:
        """Waits are not waited for: a storm has no patience."""
        waiting = Reaction.objects.waiting().filter(leased_until=None)
        waiting.update(due_at=clock.now())
        return list(waiting) or ([] if self.is_over else [Reaction(task="tasks.push_note", tenant=self.tenant, pk=0)])

    def run(self, work: Callable[[], None]) -> Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001  kept for the test's own thread to fail with
                self.failures.append(error)
            finally:
                connections.close_all()

        thread = Thread(target=guarded)
        thread.start()
        return thread


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_storm_ends_in_agreement_and_loses_no_text(acme: Tenant, store: StoreHandle) -> None:
    store.control(SHOP, {"subscribe": {"uri": "http://127.0.0.1:9/"}, "retry_waits": []})
    store.control(SHOP, {"edit_customer": {"customer": ANA, "note": ""}})
    with transaction.atomic(), tenant_scope(acme):
        connection = make_connection(SHOP, sync_notes=True)
        customer = make_customer("Ana", "Lopes")
        make_contact(customer, "ana.lopes@shopper.example")
        make_link(connection, customer, ANA, base_text="", note_state=NoteSync.IN_SYNC)
    storm = Storm(acme, connection, customer, store)

    people = [storm.run(storm.agent), storm.run(storm.agent), storm.run(storm.merchant)]
    workers = [storm.run(storm.worker) for _ in range(3)]
    for thread in people:
        thread.join()
    for hook in store.report(SHOP)["webhooks"]:
        if hook["topic"] == "customers/update":
            storm.receive(hook["headers"], hook["body"])
    storm.is_over = True
    for thread in workers:
        thread.join()
    storm.worker()

    assert storm.failures == []
    writes = store.report(SHOP)["note_writes"][ANA]
    covered = [one["text"] for one, after in pairwise(writes) if after["by"] == "api"]
    with transaction.atomic(), tenant_scope(acme):
        note = noting.read_note(customer=customer)
        kept = {*NoteVersion.objects.values_list("text", flat=True), *NoteDraft.objects.values_list("text", flat=True)}
        assert InboundWebhook.objects.filter(worked_at=None).count() == 0
    assert (note.sync_state, note.text) == (NoteSync.IN_SYNC, writes[-1]["text"])
    assert {text for text in covered if text} <= kept
    assert {f"agent {number}" for number in range(ROUNDS)} <= kept
    assert Reaction.objects.exclude(failed_at=None).count() == 0
    errors = Reaction.objects.exclude(last_error="").values_list("last_error", flat=True)
    assert not [error for error in errors if "eadlock" in error]
