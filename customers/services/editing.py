"""Who is writing a customer's note at this moment (B9): a courtesy, kept in Redis for half a minute."""

import time
from typing import Any

import redis
import structlog

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.redis_client import hasty_redis
from customers.models import Customer
from events.services.announcing import announce

log = structlog.get_logger(__name__)

LIVES = 30  # seconds; a page with the cursor in the note says so every 20
TIMEOUT = 0.05  # seconds


def start_editing(*, customer: Customer, agent: Membership) -> None:
    """Remember for half a minute that the agent is writing, and tell open pages when that is new."""
    key, now = _key(customer), time.time()
    try:
        with hasty_redis(TIMEOUT) as client, client.pipeline() as pipeline:
            pipeline.zremrangebyscore(key, "-inf", now)
            pipeline.zadd(key, {_member(agent): now + LIVES})
            pipeline.expire(key, LIVES)
            is_new = bool(pipeline.execute()[1])
    except redis.RedisError as error:
        log.warning("editing.unreachable", error=type(error).__name__)
        return
    if is_new:
        announce(f"{customer.live_name}-note")


def stop_editing(*, customer: Customer, agent: Membership) -> None:
    """Forget it at once, and tell open pages when it was known."""
    try:
        with hasty_redis(TIMEOUT) as client:
            was_known = client.zrem(_key(customer), _member(agent))
    except redis.RedisError as error:
        log.warning("editing.unreachable", error=type(error).__name__)
        return
    if was_known:
        announce(f"{customer.live_name}-note")


def read_editors(*, customer: Customer, besides: Membership | None = None) -> tuple[str, ...]:
    """Names of those who are writing now, without the reader's own; empty when Redis cannot be reached."""
    try:
        with hasty_redis(TIMEOUT) as client:
            members: Any = client.zrangebyscore(_key(customer), time.time(), "+inf")
    except redis.RedisError as error:
        log.warning("editing.unreachable", error=type(error).__name__)
        return ()
    known = dict(member.decode().split(" ", 1) for member in members)
    if besides:
        known.pop(str(besides.number), None)
    return tuple(sorted(known.values()))


def _key(customer: Customer) -> str:
    return f"editing:{active_tenant_id()}:{customer.pk}"


def _member(agent: Membership) -> str:
    return f"{agent.number} {agent.name}"
