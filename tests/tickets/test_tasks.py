"""Work of tickets on a real worker, killed in the middle."""

import time
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from events.models import Event
from events.services import reacting
from jobs.models import Job
from tests.factories.tickets import make_inbox, make_ticket
from tests.workers import running_worker
from tickets.models import Ticket
from tickets.services import batching

COUNT = 400
PATIENCE = 60.0  # seconds: a killed worker's lease must run out


@pytest.mark.django_db(transaction=True)
def test_batch_goes_on_after_its_worker_was_killed(acme: Tenant, bela: Membership) -> None:
    with tenant_scope(acme), transaction.atomic():
        inbox = make_inbox()
        ids = [make_ticket(inbox).pk for _ in range(COUNT)]
        job = batching.plan_batch(agent=bela, verb="close", values={}, ticket_ids=ids)

    with running_worker() as worker:
        wait_until(acme, job, lambda now: now.done >= 50)
        worker.kill()
    half = read(acme, job)
    assert not half.is_finished
    with running_worker():
        wait_until(acme, job, lambda now: now.is_finished)

    done = read(acme, job)
    assert (done.state, done.done, done.report["summary"]) == ("done", COUNT, f"{COUNT} closed")
    with tenant_scope(acme), transaction.atomic():
        assert Ticket.objects.closed().count() == COUNT
        assert Event.objects.filter(type="ticket.closed").count() == COUNT


def read(acme: Tenant, job: Job) -> Job:
    with tenant_scope(acme), transaction.atomic():
        found: Job = Job.objects.get(pk=job.pk)
        return found


def wait_until(acme: Tenant, job: Job, is_reached: Any) -> None:
    """The sweep that beat would do is done here: it wakes what is due and in nobody's hands."""
    deadline = time.monotonic() + PATIENCE
    while not is_reached(read(acme, job)):
        assert time.monotonic() < deadline, "the batch did not go on"
        reacting.wake_due(at=clock.now())
        time.sleep(0.05)
