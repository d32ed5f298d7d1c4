"""Tell open pages that something changed: names only, never contents, through Redis, after commit."""

import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial

import redis
import structlog
from django.db import transaction

from core.database.session import active_tenant
from core.redis_client import hasty_redis

log = structlog.get_logger(__name__)

# A saved request must not wait for a Redis that is down; pages heal by their resync.
TIMEOUT = 0.05  # seconds
FIRST_WAIT, LONGEST_WAIT = 1.2, 10.0  # seconds between attempts to announce what could not be announced
END_OF_MEMBER = "!end"  # and the number of the member whose streams are to close
RESYNC = "!resync"  # something may have been missed: fetch yourselves again


def channel_of(tenant_id: int | str) -> str:
    """The Redis channel of one workspace."""
    return f"live:{tenant_id}"


def announce(*names: str) -> None:
    """After commit, tell the active workspace's open pages which names changed ("ticket-42").

    Raises RuntimeError when no workspace is active.
    """
    if not (tenant_id := active_tenant.get()):
        raise RuntimeError("announced outside tenant_scope()")
    if names:
        transaction.on_commit(partial(publish, int(tenant_id), names), robust=True)


def end_streams_of(member_number: int) -> None:
    """After commit, close a member's open streams. Whoever is still let in opens a new one and fetches all again."""
    announce(f"{END_OF_MEMBER} {member_number}")


def publish(tenant_id: int, names: Sequence[str]) -> None:
    """Publish at once. An unreachable Redis costs 50 ms and one warning; the pages hear RESYNC when it is back."""
    try:
        _send({channel_of(tenant_id): names})
    except redis.RedisError as error:
        log.warning("live.unreachable", error=type(error).__name__)
        _owed.add(tenant_id)
        _start_paying()


def _send(names_by_channel: Mapping[str, Sequence[str]]) -> None:
    with hasty_redis(TIMEOUT) as client, client.pipeline(transaction=False) as pipeline:
        for channel, names in names_by_channel.items():
            for name in names:
                pipeline.publish(channel, name)
        pipeline.execute()


# Workspaces whose pages missed something. Redis may have been slow only for us, so their streams did not notice.
_owed: set[int] = set()
_paying = threading.Lock()


def _start_paying() -> None:
    if _paying.acquire(blocking=False):
        threading.Thread(target=_pay, name="live-resync", daemon=True).start()


def _pay() -> None:
    """Until it succeeds, tell the owed workspaces to fetch themselves again."""
    wait = FIRST_WAIT
    try:
        while _owed:
            time.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            tenants = frozenset(_owed)
            try:
                _send({channel_of(tenant_id): (RESYNC,) for tenant_id in tenants})
            except redis.RedisError:
                continue  # said once already, when it was first owed
            _owed.difference_update(tenants)
    finally:
        _paying.release()
