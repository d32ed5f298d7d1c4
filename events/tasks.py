"""Recurring work of the event log."""

import structlog
from celery import shared_task

from core import clock
from events.services import heartbeat, reacting

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
