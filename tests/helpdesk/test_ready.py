"""GET /healthz and /readyz."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant
from events.models import Reaction
from events.services import heartbeat
from tests.broken_redis import dead_redis, hung_redis

__all__ = ["dead_redis", "hung_redis"]


def add_reaction(tenant: Tenant, *, seconds_ago: float) -> None:
    due_at = timezone.now() - timedelta(seconds=seconds_ago)
    Reaction.objects.create(tenant=tenant, event_id=1, task="a.b", due_at=due_at)


def test_alive_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}


def test_ready_when_everything_answers(client: Client, db: None) -> None:
    heartbeat.beat()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": True,
        "redis": True,
        "worker": True,
        "oldest_due_reaction_seconds": 0.0,
    }


def test_not_ready_without_a_worker(client: Client, db: None) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()["worker"]) == (503, False)


@pytest.mark.parametrize("state", ["dead_redis", "hung_redis"])
def test_not_ready_without_redis(client: Client, db: None, state: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(state)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["redis"]) == (503, False)


def test_not_ready_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.views._database", lambda: False)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["oldest_due_reaction_seconds"] is None


@pytest.mark.parametrize(("seconds", "status"), [(50, 200), (70, 503)])
def test_ready_while_reactions_are_not_late(client: Client, acme: Tenant, seconds: float, status: int) -> None:
    heartbeat.beat()
    add_reaction(acme, seconds_ago=seconds)

    response = client.get("/readyz")

    assert response.status_code == status
    assert seconds <= response.json()["oldest_due_reaction_seconds"] < seconds + 5


def test_probes_say_nothing_of_what_runs_behind(client: Client, db: None, settings: Any) -> None:
    content = client.get("/readyz").content.decode()

    for secret in (settings.REDIS_URL, str(settings.DATABASES["default"]["NAME"]), settings.SECRET_KEY):
        assert secret not in content
