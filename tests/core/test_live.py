"""Announcing: after commit, by tenant, without waiting for Redis, and made good when Redis is back."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction

from accounts.models import Tenant
from core import live
from core.redis_client import forget_failure


@pytest.fixture
def heard() -> Iterator[Any]:
    """What was published since, as (channel, name)."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client, client.pubsub() as listener:
        listener.psubscribe("live:*")
        listener.get_message(timeout=1)

        def collect() -> list[tuple[str, str]]:
            found = []
            while message := listener.get_message(timeout=0.05):
                found.append((message["channel"], message["data"]))
            return found

        yield collect


def test_announce_tells_the_workspace_after_commit(in_acme: Tenant, run_on_commit: Any, heard: Any) -> None:
    with run_on_commit():
        live.announce("ticket-1", "inbox")
        assert heard() == []

    channel = f"live:{in_acme.pk}"
    assert heard() == [(channel, "ticket-1"), (channel, "inbox")]


def test_rolled_back_change_is_not_announced(in_acme: Tenant, run_on_commit: Any, heard: Any) -> None:
    with run_on_commit(), pytest.raises(RuntimeError), transaction.atomic():
        live.announce("ticket-1")
        raise RuntimeError

    assert heard() == []


def test_announce_outside_a_workspace_is_refused() -> None:
    with pytest.raises(RuntimeError, match="tenant_scope"):
        live.announce("ticket-1")


@pytest.mark.parametrize("state", ["dead_redis", "hung_redis"])
def test_publish_does_not_wait_for_redis(state: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(state)
    started = time.perf_counter()

    for _ in range(20):
        live.publish(1, ["ticket-1"])

    assert time.perf_counter() - started < 0.25


def test_missed_announcement_becomes_a_resync(heard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FIRST_WAIT", 0.05)
    sent: list[Any] = []
    send = live._send

    def fail_twice(names: Any) -> None:
        sent.append(names)
        if len(sent) <= 2:
            raise redis.TimeoutError
        send(names)

    monkeypatch.setattr(live, "_send", fail_twice)
    live.publish(7, ["ticket-1"])
    deadline = time.monotonic() + 5
    while live._owed and time.monotonic() < deadline:
        time.sleep(0.02)

    assert heard() == [("live:7", live.RESYNC)]


def test_redis_is_left_alone_for_a_moment_after_a_failure(hung_redis: None) -> None:
    from core.redis_client import hasty_redis

    def ask() -> float:
        started = time.perf_counter()
        with pytest.raises(redis.RedisError), hasty_redis(0.1) as client:
            client.ping()
        return time.perf_counter() - started

    first, second = ask(), ask()
    forget_failure()
    third = ask()

    assert first >= 0.1
    assert second < 0.02
    assert third >= 0.1
