"""Work of tickets on workers: each task fetches by id and calls one service."""

from celery import shared_task

from accounts.tenant_task import TenantTask
from core import clock
from events.models import Event
from events.services import reacting
from tickets.services import batching, snoozing


@shared_task(base=TenantTask)
def wake_ticket(*, reaction_id: int, **_: object) -> None:
    """When the time of a snooze has come."""
    with reacting.claimed(reaction_id) as event:
        snoozing.wake_ticket(snoozed=event, at=clock.now())


@shared_task(base=TenantTask)
def work_bulk(*, reaction_id: int, **_: object) -> None:
    """The next step of changing many tickets."""
    with reacting.claimed(reaction_id, on_give_up=_fail_batch) as event:
        batching.work_step(job_id=event.data["job"], at=clock.now(), cause=event)


def _fail_batch(event: Event, reason: str) -> None:
    batching.BATCHES.fail(job_id=event.data["job"], reason=reason, at=clock.now())
