"""Token buckets: exact under racing askers, apart by tenant, open when Redis is down."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.tenancy import tenant_scope
from core.ratelimit import Limit, take
from core.redis_client import hasty_redis

SLOW = Limit("reply", burst=3, per_second=0.001)


def test_take_allows_the_burst_and_then_says_how_long_to_wait() -> None:
    taken = [take(SLOW, "ada") for _ in range(3)]

    wait = take(SLOW, "ada")

    assert taken == [0.0, 0.0, 0.0]
    assert 999 < wait <= 1000


def test_bucket_refills() -> None:
    quick = Limit("ping", burst=1, per_second=20)
    assert take(quick, "visitor") == 0.0

    wait = take(quick, "visitor")
    time.sleep(wait + 0.01)

    assert 0 < wait <= 0.05
    assert take(quick, "visitor") == 0.0


def test_refused_take_takes_nothing() -> None:
    assert take(SLOW, "ada", cost=2) == 0.0
    assert take(SLOW, "ada", cost=3) > 0

    assert take(SLOW, "ada", cost=1) == 0.0


def test_cost_that_never_fits_is_an_error() -> None:
    with pytest.raises(ValueError, match="never fits"):
        take(SLOW, "ada", cost=4)


def test_buckets_are_apart_by_asker_name_and_tenant() -> None:
    for _ in range(3):
        take(SLOW, "ada")

    assert take(SLOW, "bela") == 0.0
    assert take(Limit("upload", 3, 0.001), "ada") == 0.0
    with tenant_scope(1):
        assert take(SLOW, "ada") == 0.0
    assert take(SLOW, "ada") > 0


def test_racing_askers_never_take_more_than_there_is() -> None:
    limit = Limit("race", burst=10, per_second=0.001)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take(limit, "all"), range(40)))

    assert sum(wait == 0 for wait in waits) == 10


def test_bucket_is_forgotten_when_full_again() -> None:
    take(Limit("short", burst=1, per_second=100), "ada")

    with hasty_redis(0.1) as client:
        keys = client.keys("rate:*")
        lives = client.pttl(keys[0])

    assert len(keys) == 1
    assert 0 < lives <= 1010
    assert b"ada" not in keys[0]


def test_unreachable_redis_lets_everybody_through(dead_redis: None) -> None:
    assert [take(SLOW, "ada") for _ in range(5)] == [0.0] * 5
