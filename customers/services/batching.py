"""Change many customers: a few at once, more as a job of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from customers.kinds import CustomerEvent
from customers.models import Customer
from customers.services.verbs import VERBS, Doer, Verb
from events.models import Event
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services.batching import Batches, Chosen, Outcome, Skipped, attempt

AT_ONCE = 200  # customers that are changed while the agent waits


def change_many(
    *, agent: Membership, verb: str, values: Mapping[str, Any], customer_ids: Iterable[int], at: datetime
) -> Job:
    """Do this to these customers: a few hundred before it returns, more by a worker.

    Raises jobs.services.batching.NothingChosen.
    """
    with transaction.atomic():
        return _begin(BATCHES.start(agent=agent, verb=verb, values=values, ids=customer_ids), agent, at)


def undo_batch(*, job: Job, agent: Membership, at: datetime) -> Job:
    """Put back what the job changed, where nobody has changed it since. Raises jobs.services.batching.NothingToUndo."""
    with transaction.atomic():
        return _begin(BATCHES.start_undoing(job=job, agent=agent), agent, at)


def work_step(*, job_id: int, at: datetime, cause: Event) -> None:
    """Change the next customers of a job and plan the step after, or end it. Working a step twice changes nothing."""
    BATCHES.work(job_id=job_id, at=at, wake=lambda job: _record(job, SYSTEM, cause))


def verb_of(job: Job) -> Verb:
    """What the job does."""
    return VERBS[job.cursor["verb"]]


def _begin(job: Job, agent: Membership, at: datetime) -> Job:
    if job.total is not None and job.total > AT_ONCE:
        _record(job, agent.as_actor(), None)
        return job
    while not job.is_finished:
        job = BATCHES.work_step(job=job, agent=agent, at=at)
    return job


def _change(chosen: Chosen) -> Iterator[Outcome]:
    doer = Doer(chosen.agent, chosen.job.cursor["values"], chosen.at)
    rows = Customer.objects.filter(pk__in=chosen.ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    customers = {one.pk: one for one in rows}
    for customer_id in chosen.ids:
        if customer := customers.get(customer_id):
            yield _change_one(customer, chosen, doer)
        else:
            yield Outcome(customer_id, None, why="is there no more")


def _change_one(customer: Customer, chosen: Chosen, doer: Doer) -> Outcome:
    verb, befores = verb_of(chosen.job), chosen.befores

    def deed() -> Any:
        if customer.is_deleted and not verb.of_deleted:
            raise Skipped("deleted")
        if befores is not None and verb.undo:
            return verb.undo(customer, doer, befores[customer.pk])
        return verb.act(customer, doer)

    return attempt(thing_id=customer.pk, number=customer.number, deed=deed, job=chosen.job)


def _tell_end(job: Job, summary: str) -> None:
    """Of whoever asked for it."""
    actor = job.started_by.as_actor() if job.started_by else SYSTEM
    data = {"what": verb_of(job).title, "outcome": summary}
    record(CustomerEvent.BATCH_ENDED, subject=job, actor=actor, data=data)


def _record(job: Job, actor: Actor, cause: Event | None) -> None:
    record(
        CustomerEvent.BATCH_PLANNED, subject=job, actor=actor, data={"job": job.pk}, cause=cause, live=(job.live_name,)
    )


BATCHES = Batches(JobKind("customer_batch", "Changing customers"), VERBS, _change, _tell_end)
