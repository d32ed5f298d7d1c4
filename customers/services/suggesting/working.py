"""Compare all customers of a workspace: read them, count what is common, compare who shares a key; in steps that a
crash undoes whole. Its cost grows in step with the customers, its memory does not.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from accounts.kinds import SYSTEM
from accounts.models import Membership
from core.database.committing import commit_lazily
from customers.kinds import ComparisonEvent
from customers.models import ComparedFacts, ComparisonBasis, Customer, Suggestion
from customers.resemblance import Facts
from customers.resemblance.facts import read_said
from customers.services.suggesting.counting import count_all
from customers.services.suggesting.dismissing import LIVE_NAME, dismissed_pairs
from customers.services.suggesting.finding_pairs import pairs_after, read_crowded, read_sharing
from customers.services.suggesting.inferring import infer_all, leave_to_thirds
from customers.services.suggesting.judging import Verdict, Weights, judge, read_all_weights, with_several
from customers.services.suggesting.keeping_facts import keep_facts, numbered_keys, read_kept
from customers.services.suggesting.learning_shared import several_of
from customers.services.suggesting.locking import lock_comparing
from customers.services.suggesting.writing import replace_suggestions
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

COMPARISON = JobKind("customer_comparison", "Looking for duplicate customers")
READ = 1_000  # customers by one step
COMPARED = 500
REMEMBERED = 100_000  # customers' facts, between steps
READING, COUNTING, COMPARING, INFERRING = "reading", "counting", "comparing", "inferring"
BEHIND_ALL = 2**63 - 1


def start(*, member: Membership | None) -> Job:
    """Have a worker compare all customers; returns the job that does it, the one at work where there is one."""
    with transaction.atomic():
        lock_comparing()
        job = _unfinished().first()
        return job or plan_stretch(_begin(member))


def start_if_changed() -> None:
    """Count and compare anew where something was written since, or where nobody has yet."""
    with transaction.atomic():
        basis = ComparisonBasis.objects.first()
        is_current = basis.changed == 0 and basis.counted_at is not None if basis else not Customer.objects.exists()
    if not is_current:
        start(member=None)


def take_over(*, at: datetime) -> Job:
    """A job for whoever works it through themselves; one that is at work is ended."""
    with transaction.atomic():
        lock_comparing()
        for job in _unfinished():
            running.fail(job=job, reason="Stopped: begun anew.", at=at)
        return _begin(None)


def work(*, job_id: int, at: datetime, cause: Event, seconds: float) -> None:
    """As much as can be done in so many seconds; the rest is planned. Worked twice at once, each step counts once."""
    with transaction.atomic():
        job = _unfinished().filter(pk=job_id).first()
    if job is None:
        return
    until = time.monotonic() + seconds
    try:
        for step in work_through(job=job, at=at):
            if time.monotonic() > until and not step.is_finished:
                with transaction.atomic():
                    plan_stretch(step, cause)
                return
    except running.Overtaken:
        log.info("comparison.overtaken", job=job_id)


def work_through(*, job: Job, at: datetime) -> Generator[Job]:
    """Do what is left, a step in a transaction; yields the job after each. Raises running.Overtaken, locking.Busy."""
    steps = {READING: _read_step, COUNTING: _count_step, COMPARING: _compare_step, INFERRING: _infer_step}
    memory = Memory(at)
    while not job.is_finished:
        job = steps[job.cursor["phase"]](job, memory)
        yield job


def read_again(job: Job) -> Job:
    """As it stands by now."""
    with transaction.atomic():
        current: Job = Job.objects.get(pk=job.pk)
    return current


def fail(*, job_id: int, reason: str, at: datetime) -> None:
    """It was given up. Call inside a transaction."""
    if job := _unfinished().filter(pk=job_id).first():
        running.fail(job=job, reason=f"Stopped: {reason[:280]}", at=at)


def plan_stretch(job: Job, cause: Event | None = None) -> Job:
    """Wake a worker for the next stretch. Call inside a transaction."""
    actor = job.started_by.as_actor() if job.started_by else SYSTEM
    record(ComparisonEvent.PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,))
    return job


@dataclass
class Memory:
    """What a stretch of comparing need not read again. Facts are forgotten when somebody has changed some."""

    at: datetime
    weights: Weights | None = None
    crowded: frozenset[int] = frozenset()
    facts: dict[int, Facts] = field(default_factory=dict)
    changed: int = -1

    def open(self, basis: ComparisonBasis) -> Weights:
        """What to weigh with."""
        if self.weights is None:
            self.weights, self.crowded = read_all_weights(basis=basis), read_crowded()
        if basis.changed != self.changed or len(self.facts) > REMEMBERED:
            self.facts, self.changed = {}, basis.changed
        return self.weights

    def recall(self, ids: set[int]) -> Mapping[int, Facts]:
        """Of these, and of others."""
        if missing := ids - self.facts.keys():
            self.facts |= read_kept(ids=missing)
        return self.facts


def _unfinished() -> Any:
    return Job.objects.filter(kind=COMPARISON.name).unfinished()


def _begin(member: Membership | None) -> Job:
    customers = Customer.objects.count()
    job = running.start_job(kind=COMPARISON, started_by=member, total=3 * customers)
    job.cursor = {"phase": READING, "after": 0}
    job.save(update_fields=["cursor"])
    return job


def _read_step(job: Job, memory: Memory) -> Job:
    """Facts and keys of the next customers."""
    after = job.cursor["after"]
    with transaction.atomic():
        lock_comparing()
        ids = list(Customer.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:READ])
        cursor = {"phase": READING, "after": ids[-1]} if ids else {"phase": COUNTING}
        job = running.advance(job=job, cursor=cursor, done=job.done + len(ids))
        keep_facts(ids=ids)
        commit_lazily()
    return job


def _count_step(job: Job, memory: Memory) -> Job:
    _learn_sizes()
    count_all(at=memory.at)
    with transaction.atomic():
        return running.advance(job=job, cursor={"phase": COMPARING, "after": 0}, done=job.done)


def _learn_sizes() -> None:
    """Have PostgreSQL look at what was written: else it reads all rows of the workspace to find those of one key."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT learn_comparing()")


def _compare_step(job: Job, memory: Memory) -> Job:
    """Pairs whose first one is among the next customers."""
    after = job.cursor["after"]
    with transaction.atomic():
        weights = memory.open(lock_comparing())
        rows = ComparedFacts.objects.filter(customer__gt=after).order_by("customer")[:COMPARED]
        people = {pk: read_said(pk, said) for pk, said in rows.values_list("customer_id", "facts")}
        # What is left behind the last one is of nobody who is there.
        last = max(people) if people else BEHIND_ALL
        cursor = {"phase": COMPARING, "after": last} if people else {"phase": INFERRING, "after": 0}
        job = running.advance(job=job, cursor=cursor, done=job.done + len(people))
        verdicts = _compare(people, weights, memory) if people else {}
        kept, verdicts = leave_to_thirds(Suggestion.objects.filter(one__gt=after, one__lte=last), verdicts)
        replace_suggestions(among=kept, verdicts=verdicts, at=memory.at)
        commit_lazily()
    return job


def _compare(people: dict[int, Facts], weights: Weights, memory: Memory) -> dict[tuple[int, int], Verdict]:
    memory.facts |= people
    keys = {key for one in people.values() for key in numbered_keys(one)} - memory.crowded
    pairs = pairs_after(read_sharing(keys=keys), people.keys())
    facts = memory.recall({other for _, other in pairs})
    weights = with_several(weights, several_of(people.values()))
    dismissed = dismissed_pairs({pk for pair in pairs for pk in pair})
    return judge(pairs=pairs - dismissed, facts=facts, weights=weights)


def _infer_step(job: Job, memory: Memory) -> Job:
    """What a third one tells of pairs whose first one is among the next customers."""
    after = job.cursor["after"]
    with transaction.atomic():
        basis = lock_comparing()
        rows = ComparedFacts.objects.filter(customer__gt=after).order_by("customer")
        ids = list(rows.values_list("customer_id", flat=True)[:COMPARED])
        cursor = {"phase": INFERRING, "after": ids[-1] if ids else after}
        job = running.advance(job=job, cursor=cursor, done=job.done + len(ids))
        if not ids:
            return _end(job, memory.at)
        infer_all(ids=set(ids), basis=basis, weights=memory.open(basis), at=memory.at)
        commit_lazily()
    return job


def _end(job: Job, at: datetime) -> Job:
    count = Suggestion.objects.count()
    announce(LIVE_NAME, "customers")
    summary = f"{count:,} suggestion{'' if count == 1 else 's'}"
    return running.finish(job=job, summary=summary, at=at, report={"suggestions": count})
