"""Import a table of customers: try it, do it in steps that a crash undoes whole, and report each refused row."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator
from datetime import datetime
from typing import BinaryIO

import structlog
from django.db import transaction
from django.db.models import F

from accounts.kinds import SYSTEM
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.ahead import read_ahead
from core.database.committing import commit_lazily
from customers.kinds import ImportEvent
from customers.models import CustomerImport, ImportRow
from customers.models.customer_import import ImportMatch, ImportState, RowOutcome
from customers.services.importing.batching import (
    Counts,
    Run,
    as_columns,
    import_batch,
    learn_sizes,
    open_run,
    try_batch,
)
from customers.services.importing.keeping_tables import read_column, read_dialect
from customers.services.importing.mapping import read_mapping
from customers.services.importing.reading_dates import Order, agreed_order, order_of
from customers.services.importing.uploading import NothingMapped, NotNow, startable
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from files.services import storing
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

IMPORT = JobKind("customer_import", "Importing customers")
TRIAL = JobKind("customer_import_trial", "Trying the import")
TRIALS = frozenset({TRIAL.name})
KINDS = (IMPORT.name, TRIAL.name)


def find_unfinished(*, file: BinaryIO, match: ImportMatch) -> CustomerImport | None:
    """An import of this very file that the command line began and that was killed, or stopped."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # what it needs of a file, any binary one has
    begun = CustomerImport.objects.filter(started_by=None, match=match, file__sha256=digest)
    with transaction.atomic():
        rows = begun.filter(state__in=(ImportState.RUNNING, ImportState.FAILED)).select_related("job")
        return rows.order_by("-pk").first()


def plan_trial(*, taken: CustomerImport, agent: Membership | None) -> Job:
    """Have a worker read all rows and count what would come of them; nothing is changed. Raises NotNow."""
    with transaction.atomic():
        return plan_stretch(_begin(taken, TRIAL, agent))


def plan_import(*, taken: CustomerImport, agent: Membership | None) -> Job:
    """Have a worker import the rows, or go on where it stopped. Raises NotNow, NothingMapped."""
    with transaction.atomic():
        return plan_stretch(begin_import(taken=taken, agent=agent))


def begin_import(*, taken: CustomerImport, agent: Membership | None) -> Job:
    """The same for whoever works it themselves (`work_through`). Raises NotNow, NothingMapped."""
    with transaction.atomic():
        return _begin(taken, IMPORT, agent)


def resume_import(*, taken: CustomerImport) -> Job:
    """Go on with what `find_unfinished` found; should whoever began it live still, one of both is overtaken."""
    with transaction.atomic():
        is_at_work = taken.job is not None and not taken.job.is_finished
        return taken.job if taken.job and is_at_work else _begin(taken, IMPORT, None)


def work_import(*, job_id: int, at: datetime, cause: Event, seconds: float) -> None:
    """As much of an import as can be done in so many seconds, the rest is planned; a trial as a whole.

    Worked twice at once, each step counts once.
    """
    with transaction.atomic():
        job = Job.objects.filter(pk=job_id, kind__in=KINDS).unfinished().first()
    if job is None:
        return
    until = time.monotonic() + seconds
    try:
        for step in work_through(job=job, at=at):
            is_in_one_go = step.kind in TRIALS  # it must know which rows came before
            if time.monotonic() > until and not step.is_finished and not is_in_one_go:
                with transaction.atomic():
                    plan_stretch(step, cause)
                return
    except running.Overtaken:
        log.info("import.overtaken", job=job_id)


def work_through(*, job: Job, at: datetime) -> Generator[Job]:
    """Work the rows that are left, a batch in a transaction; yields the job after each, the last time when it ended.

    Raises jobs.services.running.Overtaken when somebody else works it.
    """
    with transaction.atomic():
        taken = _of(job)
        reason = _why_not(taken)
        run = open_run(taken, at=at)
        stopped = _stop(job, taken, reason, at) if reason else None
    if stopped:
        yield stopped
        return
    if job.total is None:
        job = _survey(job, run)
    run.reader.dates = Order(job.cursor["dates"]) if job.cursor.get("dates") else None
    if job.kind in TRIALS and job.done:
        job = _restart(job, taken)
    work = try_batch if job.kind in TRIALS else import_batch
    for batch in read_ahead(run.batches(since=job.cursor.get("place"))):
        with transaction.atomic():
            # First, because it takes the lock that makes a second worker wait, and then find itself overtaken.
            place = {"byte": batch.place.byte, "line": batch.place.line}
            job = running.advance(job=job, cursor={**job.cursor, "place": place}, done=job.done + len(batch.rows))
            _count(taken, work(batch, run))
            if batch.is_last:
                job = _end(job, taken, at)
            else:
                commit_lazily()
        if job.done == len(batch.rows) and job.kind not in TRIALS:  # the first that left something
            learn_sizes()
        yield job


def _survey(job: Job, run: Run) -> Job:
    """Count the rows, and find out in which order days are written: the whole file tells, one row may not."""
    columns = {target: place for place, target in read_mapping(run.taken.mapping).items()}
    total, told = 0, set()
    for text in read_column(run.file, read_dialect(run.taken.dialect), columns.get("birthday")):
        total += 1
        told.add(order_of(text.strip()))
    dates = agreed_order(told)
    with transaction.atomic():
        job = running.advance(job=job, cursor={**job.cursor, "dates": dates}, done=job.done)
        job.total = total
        job.save(update_fields=["total"])
    return job


def fail_import(*, job_id: int, reason: str, at: datetime) -> None:
    """The work was given up: say so where people look for the progress. Call inside a transaction."""
    if job := Job.objects.filter(pk=job_id, kind__in=KINDS).unfinished().first():
        _stop(job, _of(job), f"Stopped: {reason}", at)


def _begin(taken: CustomerImport, kind: JobKind, agent: Membership | None) -> Job:
    taken = startable(taken)
    if not taken.mapping:
        raise NothingMapped
    job = running.start_job(kind=kind, started_by=agent)
    if taken.state == ImportState.FAILED and taken.job and kind.name not in TRIALS:
        # What was done stays done: the new job goes on where the old one stopped.
        job.cursor, job.done, job.total = taken.job.cursor, taken.job.done, taken.job.total
    elif taken.state == ImportState.UPLOADED:
        # Undoing asks what happened since.
        job.cursor = {"begun": job.created_at.isoformat()}
        _forget_counts(taken)
    else:
        raise NotNow
    job.save(update_fields=["cursor", "done", "total"])
    taken.job, taken.started_by = job, agent
    taken.state = taken.state if kind.name in TRIALS else ImportState.RUNNING
    taken.save(update_fields=["job", "started_by", "state"])
    if kind.name not in TRIALS:
        data = {"number": taken.number, "name": taken.name}
        record(ImportEvent.BEGUN, subject=taken, actor=agent.as_actor() if agent else SYSTEM, data=data)
    return job


def _restart(job: Job, taken: CustomerImport) -> Job:
    """A trial whose worker died: which rows it had passed nobody knows any more."""
    with transaction.atomic():
        job = running.advance(job=job, cursor={name: at for name, at in job.cursor.items() if name != "place"}, done=0)
        _forget_counts(taken)
    return job


def _forget_counts(taken: CustomerImport) -> None:
    """What a trial counted, and the rows it kept."""
    ImportRow.objects.filter(customer_import=taken).delete()
    CustomerImport.objects.filter(pk=taken.pk).update(**as_columns(Counts()))


def plan_stretch(job: Job, cause: Event | None = None) -> Job:
    """Wake a worker for the job's next stretch. Call inside a transaction."""
    actor = job.started_by.as_actor() if job.started_by else SYSTEM
    record(ImportEvent.PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,))
    return job


def _of(job: Job) -> CustomerImport:
    taken: CustomerImport = CustomerImport.objects.select_related("file", "started_by__user").get(job=job)
    return taken


def _why_not(taken: CustomerImport) -> str:
    """Why the work cannot go on; "" when it can."""
    if taken.file is None:
        return "Stopped: the file is gone."
    members = Membership.objects.active().of_tenant(active_tenant_id())
    if taken.started_by_id and not members.filter(pk=taken.started_by_id).exists():
        return "Stopped: who asked for it is no longer a member."
    return ""


def _count(taken: CustomerImport, counts: Counts) -> None:
    added = {name: F(name) + count for name, count in as_columns(counts).items() if count}
    if added:
        CustomerImport.objects.filter(pk=taken.pk).update(**added)


def _end(job: Job, taken: CustomerImport, at: datetime) -> Job:
    taken.refresh_from_db()
    counts = counts_of(taken)
    report = {**counts, "remarked": taken.remarked}
    if job.kind not in TRIALS:
        taken.state = ImportState.DONE
        # The rows are customers now, and the refused ones stand in the report.
        file, taken.file = taken.file, None
        taken.save(update_fields=["state", "file"])
        if file:
            storing.release(file)
        actor = taken.started_by.as_actor() if taken.started_by else SYSTEM
        record(ImportEvent.ENDED, subject=taken, actor=actor, data={"number": taken.number, **counts})
        announce("customers")
    return running.finish(job=job, summary=in_words(taken), at=at, report=report)


def counts_of(taken: CustomerImport) -> dict[str, int]:
    """Rows by what became of them."""
    return {outcome: getattr(taken, outcome) for outcome in RowOutcome.values}


def in_words(taken: CustomerImport) -> str:
    """ "12 created, 3 refused; 4 taken with a remark", where the four are of the twelve; what there is none of is left
    out.
    """
    rows = ", ".join(f"{count:,} {name}" for name, count in counts_of(taken).items() if count) or "No rows"
    return f"{rows}; {taken.remarked:,} taken with a remark" if taken.remarked else rows


def _stop(job: Job, taken: CustomerImport, reason: str, at: datetime) -> Job:
    if job.kind not in TRIALS:
        CustomerImport.objects.filter(pk=taken.pk).update(state=ImportState.FAILED)
        record(ImportEvent.STOPPED, subject=taken, actor=SYSTEM, data={"number": taken.number, "reason": reason[:300]})
    return running.fail(job=job, reason=reason[:300], at=at)
