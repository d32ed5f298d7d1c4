"""The cache without Redis: empty, not broken."""

import time

import pytest
from django.core.cache import cache


@pytest.fixture(params=["dead_redis", "hung_redis"])
def without_redis(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


def test_cache_keeps_what_it_is_given() -> None:
    cache.set("a", [1, 2], 10)

    assert cache.get("a") == [1, 2]
    assert cache.add("a", 3) is False
    assert cache.get_many(["a", "b"]) == {"a": [1, 2]}
    assert cache.delete("a") is True
    assert cache.get("a", "none") == "none"


def test_reads_miss_and_writes_are_dropped(without_redis: None) -> None:
    started = time.perf_counter()

    cache.set("a", 1, 10)
    answers = [
        cache.get("a", "none"),
        cache.add("a", 1),
        cache.incr("a"),
        cache.get_many(["a"]),
        cache.set_many({"a": 1}),
        cache.delete("a"),
        cache.has_key("a"),
        cache.touch("a"),
    ]
    cache.delete_many(["a"])

    assert answers == ["none", True, 1, {}, ["a"], False, False, False]
    assert time.perf_counter() - started < 0.4


def test_missing_key_is_still_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")
