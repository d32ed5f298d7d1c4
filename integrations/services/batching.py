"""Long work over a store's customers, a batch at a time: each batch is an event, so that no crash loses the rest."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from integrations.base import GiveUp
from integrations.kinds import JobKind, StoreEvent
from integrations.models import Connection
from jobs.models import Job
from jobs.models.job import JobState

# A batch ends after so many items or seconds: other work gets its turn, and a page shows the progress.
BATCH = 25
SECONDS = 10.0

# Works the item of that id and says in a word, for the report, what came of it.
Work = Callable[[int], str]


class _Overtaken(Exception):
    """Another worker goes on with this job: this one took longer than its lease."""


def start_job(*, kind: JobKind, connection: Connection, total: int, cause: Event) -> Job:
    """Plan the first batch of the work that an event asks for, once however often it is worked."""
    with transaction.atomic():
        Connection.objects.locked(connection)
        if job := Job.objects.filter(kind=kind, cursor__event=cause.pk).first():
            return job
        cursor = {"connection": connection.pk, "event": cause.pk, "after": 0}
        job = Job.objects.create(kind=kind, total=total, cursor=cursor, started_by=_member(cause))
        _plan(job, connection, Actor(ActorKind(cause.actor_kind), cause.actor_id, cause.actor_name), cause)
    return job


def work_batch(
    *, job: Job, connection: Connection, items: Sequence[int], work: Work, at: datetime, cause: Event
) -> None:
    """Work the items, ids in ascending order beyond the job's cursor, and plan the next batch; none ends the job.

    What came of each is kept at once. Raises Retryable where an item does: the next attempt goes on with that one.
    """
    if not items:
        _finish(job, connection, JobState.DONE, at)
        return
    until = time.monotonic() + SECONDS
    try:
        for item in items[:BATCH]:
            _keep(job, item, _outcome(work, item))
            if time.monotonic() > until:
                break
    except _Overtaken:
        return
    with transaction.atomic():
        _plan(job, connection, SYSTEM, cause)


def fail_job(*, job_id: int, reason: str, at: datetime) -> None:
    """The batch was given up: say so where people look for the progress."""
    with transaction.atomic():
        job = Job.objects.filter(pk=job_id).unfinished().first()
        if job is None:
            return
        job.report = {**job.report, "reason": reason[:500]}
        _finish(job, Connection.objects.get(pk=job.cursor["connection"]), JobState.FAILED, at)


def _member(cause: Event) -> Membership | None:
    """Who asked for the work, as long as they are a member."""
    if cause.actor_kind != ActorKind.AGENT or cause.actor_id is None:
        return None
    return Membership.objects.filter(tenant_id=active_tenant_id(), pk=cause.actor_id).first()


def _outcome(work: Work, item: int) -> str:
    try:
        return work(item)
    except GiveUp as error:
        if error.disables:
            raise
        return "failed"


def _keep(job: Job, item: int, outcome: str) -> None:
    with transaction.atomic():
        if Job.objects.locked(job).cursor != job.cursor:
            raise _Overtaken
        job.report = {**job.report, outcome: job.report.get(outcome, 0) + 1}
        job.save(update_fields=["report"])
        job.mark_progress(cursor={**job.cursor, "after": item}, done=job.done + 1)


def _plan(job: Job, connection: Connection, actor: Actor, cause: Event) -> None:
    data = {"connection": connection.pk, "job": job.pk}
    live = [connection.live_name, job.live_name]
    record(StoreEvent.BATCH_PLANNED, subject=connection, actor=actor, data=data, cause=cause, live=live)


def _finish(job: Job, connection: Connection, state: JobState, at: datetime) -> None:
    with transaction.atomic():
        job.mark_finished(state=state, report=job.report, at=at)
        announce(connection.live_name, job.live_name)
