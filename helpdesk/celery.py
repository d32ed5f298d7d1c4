"""The Celery application. Tasks carry JSON only; what must not be lost is a row, never a message in Redis."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _beat_at_once(**_: Any) -> None:
    """A worker that has just started counts as working, before its first scheduled heartbeat."""
    from events.services import heartbeat

    heartbeat.beat()
