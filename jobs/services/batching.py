"""Change many things: a job in steps, each one transaction that a crash undoes whole and another worker repeats.

What the things are is the app's to say, by a `Batches` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from django.db import OperationalError, transaction

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.live import announce
from jobs.kinds import JobKind, kind_of
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

STEP = 50  # things a transaction: half a second of locks, and a bar that moves
MOST = 10_000  # things a job


class NothingChosen(Exception):
    """Nothing was chosen, or nothing of it is there, or the agent's to change, any more."""


class NothingToUndo(Exception):
    """It still runs, changed nothing, cannot be undone, or was undone already."""


class Skipped(Exception):
    """This thing is left as it is; the text, which stands behind its number, says why."""


class Verb(Protocol):
    """What is done to the things: in words while it runs, behind the count, and how it is undone, None if it cannot."""

    @property
    def title(self) -> str: ...
    @property
    def done(self) -> str: ...
    @property
    def undo(self) -> Callable[..., None] | None: ...


@dataclass(frozen=True)
class Outcome:
    """What came of one thing: changed (`before` is what undoing needs), or why not; a fault of ours is said so."""

    thing_id: int
    number: int | None
    is_changed: bool = False
    before: Any = None
    why: str = ""


@dataclass(frozen=True)
class Chosen:
    """The things of one step, and who asked for what. `befores` are what undoing them needs, by id; None when the
    job does not undo.
    """

    job: Job
    ids: Sequence[int]
    agent: Membership
    at: datetime
    befores: Mapping[int, Any] | None


@dataclass(frozen=True)
class Batches:
    """How an app changes many of its things.

    `change` locks the things, in the order of their ids as whoever locks several does, and makes an outcome of each.
    `tell_end` is called in the transaction that ends a job, with what came of it in words.
    """

    kind: JobKind
    verbs: Mapping[str, Verb]
    change: Callable[[Chosen], Iterator[Outcome]]
    tell_end: Callable[[Job, str], None] = lambda job, summary: None

    def start(self, *, agent: Membership, verb: str, values: Mapping[str, Any], ids: Iterable[int]) -> Job:
        """A job that waits to be worked, of at most MOST things. Call inside a transaction. Raises NothingChosen."""
        items = sorted(set(ids))[:MOST]
        if not items:
            raise NothingChosen
        return self._start(agent, {"verb": verb, "values": dict(values)}, items)

    def start_undoing(self, *, job: Job, agent: Membership) -> Job:
        """A job that puts back what this one changed, where nobody has changed it since.

        Call inside a transaction. Raises NothingToUndo.
        """
        job = Job.objects.locked(job)
        if not self.can_be_undone(job):
            raise NothingToUndo
        cursor = {"verb": job.cursor["verb"], "values": job.cursor["values"], "undoes": job.pk}
        undoing = self._start(agent, cursor, sorted(pk for pk, _ in job.report["befores"]))
        job.report = {**job.report, "undone_by": undoing.pk}
        job.save(update_fields=["report"])
        announce(job.live_name)
        return undoing

    def can_be_undone(self, job: Job) -> bool:
        """Once, when it has ended; what undoes is not undone in turn."""
        if not (self.has(job) and job.report.get("befores") and self.verbs[job.cursor["verb"]].undo):
            return False
        return job.is_finished and "undone_by" not in job.report and "undoes" not in job.cursor

    def has(self, job: Job) -> bool:
        """Whether it is one of these."""
        return kind_of(job.kind) is self.kind and job.cursor.get("verb") in self.verbs

    def title_of(self, job: Job) -> str:
        """What the job does, while it runs."""
        return self.verbs[job.cursor["verb"]].title if self.has(job) else self.kind.title

    def work(self, *, job_id: int, at: datetime, wake: Callable[[Job], None]) -> None:
        """Change the next things of a job, and `wake` for the step after, or end it.

        Working one step twice changes nothing.
        """
        try:
            with transaction.atomic():
                job = self._unfinished(job_id)
                if job is None:
                    return
                agent = _asker(job)
                if agent is None:
                    self._stop(job, "Stopped: who asked for it is no longer a member.", at)
                    return
                job = self.work_step(job=job, agent=agent, at=at)
                if not job.is_finished:
                    wake(job)
        except running.Overtaken:
            log.info("batch.overtaken", job=job_id)

    def work_step(self, *, job: Job, agent: Membership, at: datetime) -> Job:
        """Change the next things; the last step ends the job. Call inside a transaction. Raises running.Overtaken."""
        start = job.cursor["next"]
        ids = job.report["items"][start : start + STEP]
        outcomes = list(self.change(Chosen(job, ids, agent, at, _befores(job))))
        done, report = start + len(ids), _add(job.report, outcomes)
        job = running.advance(job=job, cursor={**job.cursor, "next": done}, done=done)
        if done >= len(report["items"]):
            summary = self._summary(job, report)
            self.tell_end(job, summary)
            return running.finish(job=job, summary=summary, at=at, report=_kept(report))
        job.report = report
        job.save(update_fields=["report"])
        return job

    def fail(self, *, job_id: int, reason: str, at: datetime) -> None:
        """The step was given up: say so where people look for the progress. Call inside a transaction."""
        if job := self._unfinished(job_id):
            self._stop(job, f"Stopped: {reason}", at)

    def _start(self, agent: Membership, cursor: Mapping[str, Any], items: Sequence[int]) -> Job:
        job = running.start_job(kind=self.kind, started_by=agent, total=len(items))
        job.cursor, job.report = {**cursor, "next": 0}, {"items": items, "befores": [], "left": [], "failed": 0}
        job.save(update_fields=["cursor", "report"])
        return job

    def _unfinished(self, job_id: int) -> Job | None:
        found: Job | None = Job.objects.filter(pk=job_id, kind=self.kind.name).unfinished().first()
        return found

    def _stop(self, job: Job, reason: str, at: datetime) -> None:
        summary = f"{reason[:300]} {self._summary(job, job.report)}."
        self.tell_end(job, summary)
        running.fail(job=job, reason=summary, at=at, report=_kept(job.report))

    def _summary(self, job: Job, report: Mapping[str, Any]) -> str:
        changed, failed = len(report["befores"]), report["failed"]
        left = len(report["left"]) - failed
        parts = [f"{changed:,} {'put back' if 'undoes' in job.cursor else self.verbs[job.cursor['verb']].done}"]
        parts += [f"{left:,} skipped"] if left else []
        parts += [f"{failed:,} failed"] if failed else []
        return ", ".join(parts)


def attempt(*, thing_id: int, number: int, deed: Callable[[], Any], job: Job) -> Outcome:
    """Do it to one thing: by itself, so that what fails of it leaves no half. `deed` returns what undoing needs."""
    try:
        with transaction.atomic():
            return Outcome(thing_id, number, True, deed())
    except Skipped as error:
        return Outcome(thing_id, number, why=str(error))
    except OperationalError:
        raise  # the database is away or chose us as a victim: the whole step is tried again
    except Exception:
        # One bad thing must not stop the rest; the log has the fault, the agent the number.
        log.exception("batch.thing_failed", job=job.pk, kind=job.kind, thing=thing_id)
        return Outcome(thing_id, number)


def _asker(job: Job) -> Membership | None:
    """Who asked for it, if they are still a member: their rights are read anew at every step."""
    members = Membership.objects.active().of_tenant(active_tenant_id())
    return members.filter(pk=job.started_by_id or 0).first()


def _befores(job: Job) -> dict[int, Any] | None:
    undoes = job.cursor.get("undoes")
    return dict(Job.objects.get(pk=undoes).report["befores"]) if undoes else None


def _add(report: Mapping[str, Any], outcomes: Iterable[Outcome]) -> dict[str, Any]:
    befores, left, failed = list(report["befores"]), list(report["left"]), report["failed"]
    for one in outcomes:
        if one.is_changed:
            befores.append([one.thing_id, one.before])
        else:
            left.append([one.number, one.why or "did not work"])
            failed += not one.why
    return {**report, "befores": befores, "left": left, "failed": failed}


def _kept(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report of a job that has ended: what is still to do is nothing."""
    return {key: value for key, value in report.items() if key != "items"}
