"""Change many tickets, as a job of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from events.models import Event
from events.services import notifying
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services.batching import Batches, Chosen, Outcome, Skipped, attempt
from tickets import rules
from tickets.kinds import TicketEvent
from tickets.models import Ticket
from tickets.services.verbs import VERBS, Doer, Verb


def plan_batch(*, agent: Membership, verb: str, values: Mapping[str, Any], ticket_ids: Iterable[int]) -> Job:
    """Have a worker do this to these tickets, with the rights the agent has by then.

    Raises jobs.services.batching.NothingChosen.
    """
    with transaction.atomic():
        job = BATCHES.start(agent=agent, verb=verb, values=values, ids=ticket_ids)
        _record(job, agent.as_actor(), None)
    return job


def undo_batch(*, job: Job, agent: Membership) -> Job:
    """Have a worker put back what the job changed, where nobody has changed it since.

    Raises jobs.services.batching.NothingToUndo.
    """
    with transaction.atomic():
        undoing = BATCHES.start_undoing(job=job, agent=agent)
        _record(undoing, agent.as_actor(), None)
    return undoing


def work_step(*, job_id: int, at: datetime, cause: Event) -> None:
    """Change the next tickets of a job and plan the step after, or end it. Working one step twice changes nothing."""
    BATCHES.work(job_id=job_id, at=at, wake=lambda job: _record(job, SYSTEM, cause))


def verb_of(job: Job) -> Verb:
    """What the job does."""
    return VERBS[job.cursor["verb"]]


def _lock(chosen: Chosen) -> dict[int, Ticket]:
    """Those the agent still sees, and the one beside them, locked in the order of their ids."""
    beside = verb_of(chosen.job).beside
    wanted = [*chosen.ids, chosen.job.cursor["values"][beside]] if beside else chosen.ids
    seen = Ticket.objects.visible_to(chosen.agent).filter(pk__in=wanted).order_by("pk")
    tickets = seen.select_related("inbox", "customer").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in tickets}


def _change(chosen: Chosen) -> Iterator[Outcome]:
    job = chosen.job
    doer = Doer(agent=chosen.agent, values=job.cursor["values"], asked_at=job.created_at, at=chosen.at)
    tickets = _lock(chosen)
    # Whoever is given many tickets hears of the first; whom undoing gives them back to had them before.
    is_told = bool(job.report["befores"]) or chosen.befores is not None
    for ticket_id in chosen.ids:
        if ticket := tickets.get(ticket_id):
            with notifying.silenced() if is_told else nullcontext():
                outcome = _change_one(ticket, chosen, doer)
            is_told = is_told or outcome.is_changed
            yield outcome
        else:
            yield Outcome(ticket_id, None, why="is not yours to see any more")


def _change_one(ticket: Ticket, chosen: Chosen, doer: Doer) -> Outcome:
    verb, befores = verb_of(chosen.job), chosen.befores

    def deed() -> Any:
        if not rules.can_reply(doer.agent, ticket) and not (befores is not None and verb.undoes_merges):
            raise Skipped("is merged into another ticket")
        return verb.act(ticket, doer) if befores is None else verb.undo(ticket, doer, befores[ticket.pk])

    return attempt(thing_id=ticket.pk, number=ticket.number, deed=deed, job=chosen.job)


def _tell_end(job: Job, summary: str) -> None:
    """Of whoever asked for it."""
    actor = job.started_by.as_actor() if job.started_by else SYSTEM
    data = {"what": verb_of(job).title, "outcome": summary}
    record(TicketEvent.BATCH_ENDED, subject=job, actor=actor, data=data)


def _record(job: Job, actor: Actor, cause: Event | None) -> None:
    record(
        TicketEvent.BATCH_PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,)
    )


BATCHES = Batches(JobKind("ticket_batch", "Changing tickets"), VERBS, _change, _tell_end)
