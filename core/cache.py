"""The cache, which a Redis that is down makes empty, not broken."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from core.redis_client import breaker

log = structlog.get_logger(__name__)

T = TypeVar("T")


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; on an unreachable Redis reads miss and writes are dropped, with a warning."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _forgiven(lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _forgiven(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _forgiven(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return _forgiven(lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _forgiven(lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), False)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return _forgiven(lambda: super(ForgivingRedisCache, self).has_key(*args, **kwargs), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return _forgiven(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), delta)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return _forgiven(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return _forgiven(lambda: super(ForgivingRedisCache, self).set_many(data, *args, **kwargs), list(data))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        _forgiven(lambda: super(ForgivingRedisCache, self).delete_many(*args, **kwargs), None)


def _forgiven(call: Callable[[], T], otherwise: T) -> T:
    try:
        with breaker():
            return call()
    except RedisError as error:
        log.warning("cache.unreachable", error=type(error).__name__)
        return otherwise
