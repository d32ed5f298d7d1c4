"""Work of events on workers: recurring work of the log, and notices by e-mail."""

import structlog
from celery import shared_task

from accounts.tenant_task import TenantTask
from core import clock
from events.models import Event
from events.services import heartbeat, mailing, reacting

log = structlog.get_logger(__name__)


@shared_task
def sweep_due(**_: object) -> None:
    """Wake reactions that nobody works: after a wiped Redis, a killed worker, or when their time has come."""
    if woken := reacting.wake_due(at=clock.now()):
        log.info("reactions.swept", woken=woken)


@shared_task
def forget_done(**_: object) -> None:
    reacting.forget_done(at=clock.now())


@shared_task
def beat_heart(**_: object) -> None:
    """Runs on a worker, so that /readyz can tell whether any worker works."""
    heartbeat.beat()


@shared_task(base=TenantTask)
def mail_notices(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_give_up_mailing) as planned:
        mailing.mail_notices(event_id=planned.data["event"], planned_id=planned.pk, at=clock.now())


def _give_up_mailing(planned: Event, reason: str) -> None:
    mailing.give_up_mailing(event_id=planned.data["event"], planned_id=planned.pk)
