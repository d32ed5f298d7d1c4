"""Long work in steps: goes on after a crash, never does a step twice, says how far it is."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from customers.models import Customer
from jobs.kinds import JobKind, title_of
from jobs.models import Job
from jobs.services.reading import outcome_of
from jobs.services.running import Overtaken, advance, fail, finish, start_job
from tests.factories.customers import make_customer

IMPORT = JobKind("tests_import", "Importing customers")


def test_job_starts_queued(in_acme: Tenant, ada: Membership) -> None:
    job = start_job(kind=IMPORT, started_by=ada, total=10)

    assert (job.state, job.cursor, job.done, job.total, job.started_by) == ("queued", {}, 0, 10, ada)


def test_advance_keeps_the_cursor(in_acme: Tenant) -> None:
    job = start_job(kind=IMPORT, started_by=None)

    job = advance(job=job, cursor={"row": 5}, done=5)
    advance(job=job, cursor={"row": 9}, done=9)

    stored = Job.objects.get()
    assert (stored.state, stored.cursor, stored.done) == ("running", {"row": 9}, 9)


def test_step_that_crashed_left_neither_rows_nor_cursor(in_acme: Tenant) -> None:
    job = start_job(kind=IMPORT, started_by=None)

    with pytest.raises(RuntimeError), transaction.atomic():
        make_customer()
        advance(job=job, cursor={"row": 1}, done=1)
        raise RuntimeError

    assert not Customer.objects.exists()
    assert Job.objects.get().cursor == {}


def test_second_worker_of_the_same_step_is_stopped(in_acme: Tenant) -> None:
    first = second = start_job(kind=IMPORT, started_by=None)
    advance(job=first, cursor={"row": 1}, done=1)

    with pytest.raises(Overtaken), transaction.atomic():
        make_customer()
        advance(job=second, cursor={"row": 1}, done=1)

    assert not Customer.objects.exists()
    assert Job.objects.get().done == 1


def test_finish_says_what_came_of_it(in_acme: Tenant) -> None:
    job = start_job(kind=IMPORT, started_by=None)
    at = timezone.now()

    finish(job=job, summary="3 customers came in.", at=at, report={"skipped": 1})

    stored = Job.objects.get()
    assert (stored.state, stored.finished_at) == ("done", at)
    assert outcome_of(stored) == "3 customers came in."


def test_ended_job_takes_no_more(in_acme: Tenant) -> None:
    job = start_job(kind=IMPORT, started_by=None)
    fail(job=job, reason="The file is empty.", at=timezone.now())

    with pytest.raises(Overtaken):
        advance(job=job, cursor={"row": 1}, done=1)
    with pytest.raises(Overtaken):
        finish(job=job, summary="Done.", at=timezone.now())

    assert outcome_of(Job.objects.get()) == "The file is empty."


def test_each_step_is_announced(in_acme: Tenant, run_on_commit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr("core.live.publish", lambda tenant_id, names: told.append(tuple(names)))

    with run_on_commit():
        job = advance(job=start_job(kind=IMPORT, started_by=None), cursor={"row": 1}, done=1)
        finish(job=job, summary="Done.", at=timezone.now())

    assert told == [(job.live_name,), (job.live_name,)]


def test_report_of_counts_is_put_in_words(in_acme: Tenant) -> None:
    job = Job.objects.create(kind="align_notes", report={"in_sync": 3, "failed": 1})

    assert title_of(job.kind) == "Align notes"
    assert outcome_of(job) == "3 in sync, 1 failed"


def test_two_kinds_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="tests_import"):
        JobKind("tests_import", "Something else")
