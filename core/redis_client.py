"""Redis for work that somebody waits for: short time-outs, and no second try while it is down."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# After a failure Redis is left alone that long: one time-out must not be paid again by each step of a request.
PAUSE = 1.0  # seconds

_left_alone_until = 0.0


def one_retry() -> Retry:
    """Once more for a connection that Redis closed while it was idle, never for one that did not answer in time."""
    return Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))


@contextmanager
def hasty_redis(timeout: float) -> Iterator[redis.Redis]:
    """The shared client whose every step ends within `timeout` seconds. Raises redis.RedisError when one does not."""
    with breaker():
        yield _client(settings.REDIS_URL, timeout)


@contextmanager
def breaker(*failures: type[Exception]) -> Iterator[None]:
    """Around anything that asks Redis: for a second after a failure, raises redis.ConnectionError at once.

    `failures` are what other libraries call Redis's being down.
    """
    global _left_alone_until  # noqa: PLW0603  one per process, as is the state of the connection
    caught: tuple[type[Exception], ...] = (redis.ConnectionError, redis.TimeoutError, OSError, *failures)
    if time.monotonic() < _left_alone_until:
        raise redis.ConnectionError("left alone after a failure a moment ago")
    try:
        yield
    except caught:
        _left_alone_until = time.monotonic() + PAUSE
        raise


def forget_failure() -> None:
    """Ask Redis again at once (tests that took it away give it back)."""
    global _left_alone_until  # noqa: PLW0603  as above
    _left_alone_until = 0.0


@cache
def _client(url: str, timeout: float) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=one_retry())
