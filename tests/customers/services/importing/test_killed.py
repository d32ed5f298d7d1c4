"""The command and a worker in processes of their own, killed in the middle of an import as a power cut would."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.customer_import import ImportMatch, ImportState
from customers.services.importing import uploading, working
from customers.services.importing.mapping import read_mapping
from events.services import reacting
from tests.workers import ROOT, database_url, running_worker

ROWS = 4_000
PATIENCE = 60.0  # seconds: a killed worker's lease must run out
TABLE = "reference,email\n" + "".join(f"C-{number},c{number}@a.example\n" for number in range(ROWS))
pytestmark = pytest.mark.django_db(transaction=True)


def created(acme: Tenant) -> int:
    with tenant_scope(acme), transaction.atomic():
        return Customer.objects.count()


def wait_until(is_so: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not go on"
        meanwhile()
        time.sleep(0.02)


def everybody_is_there_once(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        taken = CustomerImport.objects.get()
        assert (taken.state, taken.created, taken.refused) == (ImportState.DONE, ROWS, 0)
        assert (Customer.objects.count(), Customer.history.count(), ImportRow.objects.count()) == (ROWS,) * 3
        assert set(Customer.objects.values_list("reference", flat=True)) == {f"C-{number}" for number in range(ROWS)}


def test_killed_command_is_called_again_and_goes_on(acme: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    order = [sys.executable, "manage.py", "import_customers", str(path), "--workspace", "acme"]
    environ = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "WARNING"}
    command = subprocess.Popen(order, cwd=ROOT, env=environ)
    try:
        wait_until(lambda: created(acme) > 0 or command.poll() is not None)
    finally:
        command.kill()
        command.wait()
    half = created(acme)
    assert 0 < half < ROWS

    ended = subprocess.run(order, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)

    assert (ended.returncode, ended.stdout) == (0, f"Going on with import 1.\nImport 1: {ROWS:,} created.\n")
    everybody_is_there_once(acme)


def test_import_of_a_killed_worker_is_gone_on_with_by_the_next(acme: Tenant, ada: Membership) -> None:
    with tenant_scope(acme), transaction.atomic():
        taken = uploading.take_file(agent=ada, name="people.csv", file=BytesIO(TABLE.encode()))
        mapping = read_mapping(taken.mapping)
        taken = uploading.choose(taken=taken, mapping=mapping, match=ImportMatch.REFERENCE, agent=ada)
        working.plan_import(taken=taken, agent=ada)

    with running_worker() as worker:
        wait_until(lambda: created(acme) > 0, lambda: reacting.wake_due(at=clock.now()))
        worker.kill()
    assert 0 < created(acme) < ROWS
    with running_worker():
        wait_until(lambda: created(acme) == ROWS, lambda: reacting.wake_due(at=clock.now()))
        wait_until(lambda: state(acme) == ImportState.DONE)

    everybody_is_there_once(acme)


def state(acme: Tenant) -> str:
    with tenant_scope(acme), transaction.atomic():
        return str(CustomerImport.objects.get().state)
