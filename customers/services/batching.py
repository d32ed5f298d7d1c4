"""Change many customers: a few at once, more as a job in steps, each one transaction that a crash undoes whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import OperationalError, transaction

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from customers.kinds import CustomerEvent
from customers.models import Customer
from customers.services.verbs import VERBS, Doer, Skipped, Verb
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

BATCH = JobKind("customer_batch", "Changing customers")
AT_ONCE = 200  # customers that are changed while the agent waits
STEP = 50  # customers a transaction: half a second of locks, and a bar that moves
MOST = 10_000  # customers a job


class NothingChosen(Exception):
    """No customer was chosen, or none of them is there any more."""


class NothingToUndo(Exception):
    """It still runs, changed nothing, cannot be undone, or was undone already."""


@dataclass(frozen=True)
class Outcome:
    """What came of one customer: changed (`before` is what undoing needs), or why not; a fault of ours is said so."""

    customer_id: int
    number: int | None
    is_changed: bool = False
    before: Any = None
    why: str = ""


def change_many(
    *, agent: Membership, verb: str, values: Mapping[str, Any], customer_ids: Iterable[int], at: datetime
) -> Job:
    """Do this to these customers: a few hundred before it returns, more by a worker. Raises NothingChosen."""
    # Always in the order of their ids: whoever locks several customers does so.
    items = sorted(set(customer_ids))[:MOST]
    if not items:
        raise NothingChosen
    return _start(agent, {"deed": verb, "values": dict(values)}, items, at)


def undo_batch(*, job: Job, agent: Membership, at: datetime) -> Job:
    """Put back what the job changed, where nobody has changed it since. Raises NothingToUndo."""
    with transaction.atomic():
        job = Job.objects.locked(job)
        if not can_be_undone(job):
            raise NothingToUndo
        cursor = {"deed": job.cursor["deed"], "values": job.cursor["values"], "undoes": job.pk}
        undoing = _start(agent, cursor, sorted(pk for pk, _ in job.report["befores"]), at)
        job.report = {**job.report, "undone_by": undoing.pk}
        job.save(update_fields=["report"])
        announce(job.live_name)
    return undoing


def can_be_undone(job: Job) -> bool:
    """Once, when it has ended; what undoes is not undone in turn."""
    if not (is_batch(job) and verb_of(job).undo and job.report.get("befores")):
        return False
    return job.is_finished and "undone_by" not in job.report and "undoes" not in job.cursor


def work_step(*, job_id: int, at: datetime, cause: Event) -> None:
    """Change the next customers of a job and plan the step after, or end it. Working a step twice changes nothing."""
    try:
        with transaction.atomic():
            job = Job.objects.filter(pk=job_id, kind=BATCH.name).unfinished().first()
            if job is None:
                return
            agent = _agent(job)
            if agent is None:
                _stop(job, "Stopped: who asked for it is no longer a member.", at)
                return
            job = _work(job, agent, at)
            if not job.is_finished:
                _record(job, SYSTEM, cause)
    except running.Overtaken:
        log.info("batch.overtaken", job=job_id)


def fail_batch(*, job_id: int, reason: str, at: datetime) -> None:
    """The step was given up: say so where people look for the progress. Call inside a transaction."""
    if job := Job.objects.filter(pk=job_id, kind=BATCH.name).unfinished().first():
        _stop(job, f"Stopped: {reason}", at)


def find_members() -> Sequence[Membership]:
    """Everybody of the workspace, by name."""
    return list(Membership.objects.active().of_tenant(active_tenant_id()).order_by("user__name", "number"))


def is_batch(job: Job) -> bool:
    """Whether it is one of these; of the jobs of other apps none calls what it does so."""
    return job.cursor.get("deed") in VERBS


def verb_of(job: Job) -> Verb:
    return VERBS[job.cursor["deed"]]


def _start(agent: Membership, cursor: dict[str, Any], items: Sequence[int], at: datetime) -> Job:
    with transaction.atomic():
        job = running.start_job(kind=BATCH, started_by=agent, total=len(items))
        job.cursor, job.report = {**cursor, "next": 0}, {"items": items, "befores": [], "left": [], "failed": 0}
        job.save(update_fields=["cursor", "report"])
        if len(items) > AT_ONCE:
            _record(job, agent.as_actor(), None)
            return job
        while not job.is_finished:
            job = _work(job, agent, at)
    return job


def _agent(job: Job) -> Membership | None:
    """Who asked for it, if they are still a member."""
    members = Membership.objects.active().of_tenant(active_tenant_id())
    return members.filter(pk=job.started_by_id or 0).first()


def _work(job: Job, agent: Membership, at: datetime) -> Job:
    """One step; the last one ends the job."""
    start = job.cursor["next"]
    ids = job.report["items"][start : start + STEP]
    outcomes = list(_change_each(job, ids, Doer(agent, job.cursor["values"], at)))
    done, report = start + len(ids), _add(job.report, outcomes)
    job = running.advance(job=job, cursor={**job.cursor, "next": done}, done=done)
    if done >= len(report["items"]):
        return running.finish(job=job, summary=_summary(job, report), at=at, report=_kept(report))
    job.report = report
    job.save(update_fields=["report"])
    return job


def _change_each(job: Job, ids: Sequence[int], doer: Doer) -> Iterator[Outcome]:
    rows = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    customers, deed = {one.pk: one for one in rows}, _deed(job, doer)
    for customer_id in ids:
        if customer := customers.get(customer_id):
            yield _change(customer, deed, job)
        else:
            yield Outcome(customer_id, None, why="is there no more")


def _change(customer: Customer, deed: Callable[[Customer], Any], job: Job) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(customer.pk, customer.number, True, deed(customer))
    except Skipped as error:
        return Outcome(customer.pk, customer.number, why=str(error))
    except OperationalError:
        raise  # the database is away or chose us as a victim: the whole step is tried again
    except Exception:
        # One bad customer must not stop the rest; the log has the fault, the agent the number.
        log.exception("batch.customer_failed", job=job.pk, customer=customer.pk)
        return Outcome(customer.pk, customer.number)


def _deed(job: Job, doer: Doer) -> Callable[[Customer], Any]:
    """What to do to each customer: it raises Skipped, or returns what undoing it needs."""
    verb, undoes = verb_of(job), job.cursor.get("undoes")
    befores = dict(Job.objects.get(pk=undoes).report["befores"]) if undoes else {}

    def do(customer: Customer) -> Any:
        if customer.is_deleted and not verb.of_deleted:
            raise Skipped("deleted")
        if undoes and verb.undo:
            return verb.undo(customer, doer, befores[customer.pk])
        return verb.act(customer, doer)

    return do


def _add(report: Mapping[str, Any], outcomes: Iterable[Outcome]) -> dict[str, Any]:
    befores, left, failed = list(report["befores"]), list(report["left"]), report["failed"]
    for one in outcomes:
        if one.is_changed:
            befores.append([one.customer_id, one.before])
        else:
            left.append([one.number, one.why or "did not work"])
            failed += not one.why
    return {**report, "befores": befores, "left": left, "failed": failed}


def _kept(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report of a job that has ended: what is still to do is nothing."""
    return {key: value for key, value in report.items() if key != "items"}


def _summary(job: Job, report: Mapping[str, Any]) -> str:
    changed, failed = len(report["befores"]), report["failed"]
    left = len(report["left"]) - failed
    parts = [f"{changed:,} {'put back' if 'undoes' in job.cursor else verb_of(job).done}"]
    parts += [f"{left:,} skipped"] if left else []
    parts += [f"{failed:,} failed"] if failed else []
    return ", ".join(parts)


def _stop(job: Job, reason: str, at: datetime) -> None:
    summary = f"{reason[:300]} {_summary(job, job.report)}."
    running.fail(job=job, reason=summary, at=at, report=_kept(job.report))


def _record(job: Job, actor: Actor, cause: Event | None) -> None:
    record(
        CustomerEvent.BATCH_PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,)
    )
