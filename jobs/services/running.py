"""Run long work in steps: each step's rows and the cursor behind them are written together or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from core.live import announce
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.models.job import JobState


class Overtaken(Exception):
    """Another worker did this step, or ended the job: what was written since belongs rolled back."""


def start_job(*, kind: JobKind, started_by: Membership | None, total: int | None = None) -> Job:
    """A job that waits for a worker. `total` is how many things there are to do, None when nobody knows."""
    return Job.objects.create(kind=kind.name, started_by=started_by, total=total)


def advance(*, job: Job, cursor: Mapping[str, Any], done: int) -> Job:
    """Note how far the work is; returns the job to go on with. Raises Overtaken.

    Call it in the transaction that writes the step's own rows. A worker that died is followed by another, which
    reads the cursor and goes on; should both live, the lock and the comparison let only one of them through.
    """
    with transaction.atomic():
        current = _locked(job)
        if current.cursor != job.cursor:
            raise Overtaken(f"{job} is at {current.cursor}")
        current.mark_progress(cursor=dict(cursor), done=done)
        announce(current.live_name)
    return current


def finish(*, job: Job, summary: str, at: datetime, report: Mapping[str, Any] | None = None) -> Job:
    """The work is done: say in one sentence what came of it. Raises Overtaken."""
    return _end(job, JobState.DONE, {**(report or {}), "summary": summary}, at)


def fail(*, job: Job, reason: str, at: datetime, report: Mapping[str, Any] | None = None) -> Job:
    """The work stopped and will not go on by itself. Raises Overtaken."""
    return _end(job, JobState.FAILED, {**(report or {}), "summary": reason}, at)


def _end(job: Job, state: JobState, report: dict[str, Any], at: datetime) -> Job:
    with transaction.atomic():
        current = _locked(job)
        current.mark_finished(state=state, report=report, at=at)
        announce(current.live_name)
    return current


def _locked(job: Job) -> Job:
    current: Job = Job.objects.locked(job)
    if current.is_finished:
        raise Overtaken(f"{job} has ended")
    return current
