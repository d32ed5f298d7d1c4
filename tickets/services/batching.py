"""Change many tickets: a job in steps, each one transaction that a crash undoes whole and another worker repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import OperationalError, transaction

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from events.models import Event
from events.services import notifying
from events.services.announcing import announce
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running
from tickets import rules
from tickets.kinds import TicketEvent
from tickets.models import Ticket
from tickets.services.verbs import VERBS, Doer, Skipped, Verb

log = structlog.get_logger(__name__)

Deed = Callable[[Ticket], Any]

BATCH = JobKind("ticket_batch", "Changing tickets")
STEP = 50  # tickets a transaction: half a second of locks, and a bar that moves
MOST = 10_000  # tickets a job


class NothingChosen(Exception):
    """No ticket was chosen, or none of them is the agent's to change any more."""


class NothingToUndo(Exception):
    """It still runs, changed nothing, or was undone already."""


@dataclass(frozen=True)
class Outcome:
    """What came of one ticket: changed (`before` is what undoing needs), or why not; a fault of ours is said so."""

    ticket_id: int
    number: int | None
    is_changed: bool = False
    before: Any = None
    why: str = ""


def plan_batch(*, agent: Membership, verb: str, values: Mapping[str, Any], ticket_ids: Iterable[int]) -> Job:
    """Have a worker do this to these tickets, with the rights the agent has by then. Raises NothingChosen."""
    # Always in the order of their ids: whoever locks several tickets does so.
    items = sorted(set(ticket_ids))[:MOST]
    if not items:
        raise NothingChosen
    return _plan(agent, {"verb": verb, "values": dict(values)}, items)


def undo_batch(*, job: Job, agent: Membership) -> Job:
    """Have a worker put back what the job changed, where nobody has changed it since. Raises NothingToUndo."""
    with transaction.atomic():
        job = Job.objects.locked(job)
        if not can_be_undone(job):
            raise NothingToUndo
        cursor = {"verb": job.cursor["verb"], "values": job.cursor["values"], "undoes": job.pk}
        undoing = _plan(agent, cursor, sorted(pk for pk, _ in job.report["changed"]))
        job.report = {**job.report, "undone_by": undoing.pk}
        job.save(update_fields=["report"])
        announce(job.live_name)
    return undoing


def can_be_undone(job: Job) -> bool:
    """Once, when it has ended; what undoes is not undone in turn."""
    return (
        job.is_finished
        and bool(job.report.get("changed"))
        and not {"undone_by", "undoes"}
        & {
            *job.report,
            *job.cursor,
        }
    )


def work_step(*, job_id: int, at: datetime, cause: Event) -> None:
    """Change the next tickets of a job and plan the step after, or end it. Working one step twice changes nothing."""
    try:
        with transaction.atomic():
            job = Job.objects.filter(pk=job_id, kind=BATCH.name).unfinished().first()
            if job is None:
                return
            agent = _agent(job)
            if agent is None:
                _stop(job, "Stopped: who asked for it is no longer a member.", at)
            else:
                _work(job, agent, at, cause)
    except running.Overtaken:
        log.info("batch.overtaken", job=job_id)


def fail_batch(*, job_id: int, reason: str, at: datetime) -> None:
    """The step was given up: say so where people look for the progress. Call inside a transaction."""
    if job := Job.objects.filter(pk=job_id, kind=BATCH.name).unfinished().first():
        _stop(job, f"Stopped: {reason}", at)


def find_members() -> Sequence[Membership]:
    """Everybody of the workspace, by name; who may not answer a ticket's inbox is not given that ticket."""
    return list(Membership.objects.active().of_tenant(active_tenant_id()).order_by("user__name", "number"))


def verb_of(job: Job) -> Verb:
    return VERBS[job.cursor["verb"]]


def _plan(agent: Membership, cursor: dict[str, Any], items: Sequence[int]) -> Job:
    with transaction.atomic():
        job = running.start_job(kind=BATCH, started_by=agent, total=len(items))
        job.cursor, job.report = {**cursor, "next": 0}, {"items": items, "changed": [], "left": [], "failed": 0}
        job.save(update_fields=["cursor", "report"])
        _record(job, agent.as_actor(), None)
    return job


def _agent(job: Job) -> Membership | None:
    """Who asked for it, if they are still a member: their rights are read anew at every step."""
    if job.started_by_id is None:
        return None
    members = Membership.objects.active().of_tenant(active_tenant_id())
    return members.filter(pk=job.started_by_id).first()


def _work(job: Job, agent: Membership, at: datetime, cause: Event) -> None:
    start = job.cursor["next"]
    ids = job.report["items"][start : start + STEP]
    doer = Doer(agent=agent, values=job.cursor["values"], asked_at=job.created_at, at=at)
    outcomes = list(_change_each(job, ids, doer))
    done = start + len(ids)
    report = _add(job.report, outcomes)
    job = running.advance(job=job, cursor={**job.cursor, "next": done}, done=done)
    if done >= len(report["items"]):
        running.finish(job=job, summary=_summary(job, report), at=at, report=_kept(report))
        return
    job.report = report
    job.save(update_fields=["report"])
    _record(job, SYSTEM, cause)


def _lock(job: Job, ids: Sequence[int], agent: Membership) -> dict[int, Ticket]:
    """Those the agent still sees, and the one beside them, locked in the order of their ids."""
    beside = verb_of(job).beside
    wanted = [*ids, job.cursor["values"][beside]] if beside else ids
    tickets = Ticket.objects.visible_to(agent).filter(pk__in=wanted).order_by("pk").select_related("inbox", "customer")
    return {one.pk: one for one in tickets.select_for_update(of=("self",), no_key=True)}


def _change_each(job: Job, ids: Sequence[int], doer: Doer) -> Iterator[Outcome]:
    tickets, deed = _lock(job, ids, doer.agent), _deed(job, doer)
    # Whoever is given many tickets hears of the first; whom undoing gives them back to had them before.
    is_told = bool(job.report["changed"]) or "undoes" in job.cursor
    for ticket_id in ids:
        if ticket := tickets.get(ticket_id):
            with notifying.silenced() if is_told else nullcontext():
                outcome = _change(ticket, deed, job)
            is_told = is_told or outcome.is_changed
            yield outcome
        else:
            yield Outcome(ticket_id, None, why="is not yours to see any more")


def _change(ticket: Ticket, deed: Deed, job: Job) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(ticket.pk, ticket.number, True, deed(ticket))
    except Skipped as error:
        return Outcome(ticket.pk, ticket.number, why=str(error))
    except OperationalError:
        raise  # the database is away or chose us as a victim: the whole step is tried again
    except Exception:
        # One bad ticket must not stop the rest; the log has the fault, the agent the number.
        log.exception("batch.ticket_failed", job=job.pk, ticket=ticket.pk)
        return Outcome(ticket.pk, ticket.number)


def _deed(job: Job, doer: Doer) -> Deed:
    """What to do to each ticket: it raises Skipped, or returns what undoing it needs."""
    verb, undoes = verb_of(job), job.cursor.get("undoes")
    befores = dict(Job.objects.get(pk=undoes).report["changed"]) if undoes else {}

    def do(ticket: Ticket) -> Any:
        if not rules.can_reply(doer.agent, ticket) and not (undoes and verb.undoes_merges):
            raise Skipped("is merged into another ticket")
        return verb.undo(ticket, doer, befores[ticket.pk]) if undoes else verb.act(ticket, doer)

    return do


def _add(report: Mapping[str, Any], outcomes: Iterable[Outcome]) -> dict[str, Any]:
    changed, left, failed = list(report["changed"]), list(report["left"]), report["failed"]
    for one in outcomes:
        if one.is_changed:
            changed.append([one.ticket_id, one.before])
        elif one.why:
            left.append([one.number, one.why])
        else:
            left.append([one.number, "did not work"])
            failed += 1
    return {**report, "changed": changed, "left": left, "failed": failed}


def _kept(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report of a job that has ended: what is still to do is nothing."""
    return {key: value for key, value in report.items() if key != "items"}


def _summary(job: Job, report: Mapping[str, Any]) -> str:
    changed, left, failed = len(report["changed"]), len(report["left"]) - report["failed"], report["failed"]
    parts = [f"{changed:,} {'put back' if 'undoes' in job.cursor else verb_of(job).done}"]
    parts += [f"{left:,} skipped"] if left else []
    parts += [f"{failed:,} failed"] if failed else []
    return ", ".join(parts)


def _stop(job: Job, reason: str, at: datetime) -> None:
    summary = f"{reason[:300]} {_summary(job, job.report)}."
    running.fail(job=job, reason=summary, at=at, report=_kept(job.report))


def _record(job: Job, actor: Actor, cause: Event | None) -> None:
    record(
        TicketEvent.BATCH_PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,)
    )
