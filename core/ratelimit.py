"""Token buckets in Redis: so much at once, so much a second, for each workspace and each asker."""

import hashlib
from dataclasses import dataclass

import redis
import structlog

from core.database.session import active_tenant
from core.redis_client import hasty_redis

log = structlog.get_logger(__name__)

TIMEOUT = 0.1  # seconds
NOBODY = "-"  # stands for the tenant where none is active

# One script, so that two askers cannot both see the last token. Redis's own clock: our processes' may differ.
# Times are milliseconds: numbers become text of 14 digits. Commands of Redis 6.2 only.
TAKE = """
local burst, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(held[1]) or burst, tonumber(held[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000)
local wait = 0
if tokens >= cost then tokens = tokens - cost else wait = math.ceil((cost - tokens) / rate * 1000) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
return wait
"""


@dataclass(frozen=True)
class Limit:
    """`burst` tokens at once, refilled by `per_second`. The name is the first part of the key."""

    name: str
    burst: int
    per_second: float


def take(limit: Limit, who: str, *, cost: int = 1) -> float:
    """Take tokens of the active workspace's bucket for `who`: 0 when there were enough, else the seconds to wait.

    Nothing is taken when there are too few. An unreachable Redis lets everybody through, with a warning: a limit
    must not become an outage. Raises ValueError for a cost the bucket can never hold.
    """
    if cost > limit.burst:
        raise ValueError(f"{limit.name}: a cost of {cost} never fits into {limit.burst}")
    try:
        with hasty_redis(TIMEOUT) as client:
            # Redis knows the script by its digest; the client sends the text again when Redis has forgotten.
            script = client.register_script(TAKE)
            wait = script(keys=[_key(limit, who)], args=[limit.burst, limit.per_second, cost])
    except redis.RedisError as error:
        log.warning("ratelimit.unreachable", limit=limit.name, error=type(error).__name__)
        return 0.0
    return int(wait) / 1000


def _key(limit: Limit, who: str) -> str:
    # A digest, for `who` may be an address of any length that is nobody's business.
    digest = hashlib.sha256(who.encode(errors="replace")).hexdigest()[:32]
    return f"rate:{active_tenant.get() or NOBODY}:{limit.name}:{digest}"
