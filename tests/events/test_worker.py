"""A real worker on a real queue."""

import time

import pytest

from accounts.models import Membership
from core import broker
from events.services import heartbeat
from tests.workers import running_worker


@pytest.mark.django_db(transaction=True)
def test_worker_takes_work_and_beats(ada: Membership) -> None:
    assert not heartbeat.is_beating()

    with running_worker():
        broker.send([("events.tasks.beat_heart", {})])
        deadline = time.monotonic() + 10
        while not heartbeat.is_beating() and time.monotonic() < deadline:
            time.sleep(0.05)

    assert heartbeat.is_beating()
