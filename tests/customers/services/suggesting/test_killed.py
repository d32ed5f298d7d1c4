"""The command and a worker in processes of their own, killed in the middle of comparing as a power cut would."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import ComparedFacts, Suggestion
from customers.services.suggesting import working
from events.services import reacting
from jobs.models import Job
from tests.customers.services.suggesting.alike import person
from tests.workers import ROOT, database_url, running_worker

PAIRS = 1_200
PATIENCE = 60.0  # seconds: a killed worker's lease must run out
pytestmark = pytest.mark.django_db(transaction=True)


def add_people(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        for n in range(PAIRS):
            for _ in range(2):
                person(email=f"c{n}@a.example")


def read(acme: Tenant) -> int:
    with tenant_scope(acme), transaction.atomic():
        return ComparedFacts.objects.count()


def found(acme: Tenant) -> int:
    with tenant_scope(acme), transaction.atomic():
        return Suggestion.objects.count()


def wait_until(is_so: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not go on"
        meanwhile()
        time.sleep(0.02)


def test_killed_command_is_called_again(acme: Tenant) -> None:
    add_people(acme)
    order = [sys.executable, "manage.py", "suggest_merges", "--workspace", "acme", "--json"]
    environ = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "WARNING"}
    command = subprocess.Popen(order, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: read(acme) > 0 or command.poll() is not None)
    finally:
        command.kill()
        command.wait()
    assert found(acme) < PAIRS

    ended = subprocess.run(order, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)

    assert (ended.returncode, len(ended.stdout.splitlines())) == (0, PAIRS)
    with tenant_scope(acme), transaction.atomic():
        assert not Job.objects.unfinished().exists()


def test_comparison_of_a_killed_worker_is_gone_on_with_by_the_next(acme: Tenant) -> None:
    add_people(acme)
    with tenant_scope(acme):
        job = working.start(member=None)

    with running_worker() as worker:
        wait_until(lambda: read(acme) > 0, lambda: reacting.wake_due(at=clock.now()))
        worker.kill()
    assert found(acme) < PAIRS
    with running_worker():
        wait_until(lambda: is_finished(acme, job), lambda: reacting.wake_due(at=clock.now()))

    assert found(acme) == PAIRS


def is_finished(acme: Tenant, job: Job) -> bool:
    with tenant_scope(acme), transaction.atomic():
        return Job.objects.get(pk=job.pk).is_finished
