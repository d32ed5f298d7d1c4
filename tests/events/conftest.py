"""Fixtures of events' tests: somebody who reacts, a Redis that is not there or hangs."""

from collections.abc import Callable

import pytest

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from events.models import Event
from events.services import recording
from tests.broken_redis import dead_redis, hung_redis
from tests.events.kinds import HAPPENED, TASK

__all__ = ["dead_redis", "hung_redis"]


@pytest.fixture
def subscribed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One task reacts to thing.happened."""
    monkeypatch.setattr(recording, "subscribers", lambda: {HAPPENED.name: (TASK,)})


@pytest.fixture
def happen(subscribed: None, in_acme: Tenant) -> Callable[[], Event]:
    """Records that something happened to acme."""
    return lambda: recording.record(HAPPENED, subject=in_acme, actor=SYSTEM, data={"what": "rain"})
