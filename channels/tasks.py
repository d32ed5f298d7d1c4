"""Work of channels on workers."""

from celery import shared_task

from accounts.tenant_task import TenantTask
from channels.services import delivering
from core import clock
from events.models import Event
from events.services import reacting


@shared_task(base=TenantTask)
def deliver_message(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_fail) as event:
        delivering.deliver_message(message_id=event.data["message"], at=clock.now())


def _fail(event: Event, reason: str) -> None:
    delivering.fail_message(message_id=event.data["message"], reason=reason)
