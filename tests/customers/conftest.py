"""Shared by the tests of customers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.conf import settings


@pytest.fixture
def told(run_on_commit: Any) -> Iterator[Callable[[Callable[[], Any]], list[str]]]:
    """Calls what it is given, commits, and returns the names that open pages were told to fetch again."""
    client: Any = redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)
    listener = client.pubsub()
    listener.psubscribe("live:*")
    listener.get_message(timeout=1)

    def call(work: Callable[[], Any]) -> list[str]:
        with run_on_commit():
            work()
            assert listener.get_message(timeout=0) is None, "told before the commit"
        names = []
        while message := listener.get_message(timeout=0.05):
            names.append(message["data"])
        return names

    yield call
    listener.close()
