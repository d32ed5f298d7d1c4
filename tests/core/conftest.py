"""Fixtures of core's tests: a Redis that is not there, a Redis that hangs."""

from tests.broken_redis import dead_redis, hung_redis

__all__ = ["dead_redis", "hung_redis"]
