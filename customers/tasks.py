"""Work of customers on workers: each task fetches by id and calls one service."""

from celery import shared_task

from accounts.tenant_task import TenantTask
from core import clock
from customers.services import batching
from events.models import Event
from events.services import reacting


@shared_task(base=TenantTask)
def work_bulk(*, reaction_id: int, **_: object) -> None:
    """The next step of changing many customers."""
    with reacting.claimed(reaction_id, on_give_up=_fail_batch) as event:
        batching.work_step(job_id=event.data["job"], at=clock.now(), cause=event)


def _fail_batch(event: Event, reason: str) -> None:
    batching.fail_batch(job_id=event.data["job"], reason=reason, at=clock.now())
