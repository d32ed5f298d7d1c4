"""Is it alive, is it ready: for supervisors and load balancers."""

from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse

from core import clock
from events.services import heartbeat, reacting

# A reaction that waited this long means the workers do not keep up, or none works.
LATE = 60.0  # seconds


@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nobody else."""
    return JsonResponse({"status": "alive"})


@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, Redis and a worker answer and no reaction is late; else 503 and what is wrong."""
    checks: dict[str, Any] = {"database": _database(), "redis": _redis(), "worker": heartbeat.is_beating()}
    oldest = reacting.oldest_due_seconds(at=clock.now()) if checks["database"] else None
    checks["oldest_due_reaction_seconds"] = oldest
    ready = all(checks[name] for name in ("database", "redis", "worker")) and oldest is not None and oldest < LATE
    return JsonResponse({"status": "ready" if ready else "not ready", **checks}, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    timeout = settings.REDIS_TIMEOUT
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=timeout, socket_connect_timeout=timeout)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
