"""Fixtures that take Redis away: nobody listens, or somebody listens and never answers."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.cache import caches

from core import live
from core.redis_client import forget_failure


@pytest.fixture
def dead_redis(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nobody listens where Redis should be."""
    yield from _pointed_to(settings, tmp_path / "nobody.sock")


@pytest.fixture
def hung_redis(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Somebody accepts connections and never answers, like a stopped process or a lost network."""
    path = tmp_path / "hung.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        yield from _pointed_to(settings, path)


def _pointed_to(settings: Any, path: Path) -> Iterator[None]:
    broker = current_app.conf.broker_url
    settings.REDIS_URL = f"unix://{path}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    _set_broker(f"redis+socket://{path}")
    forget_failure()
    yield
    _set_broker(broker)
    live._owed.clear()
    forget_failure()


def _set_broker(url: str) -> None:
    current_app.conf.broker_url = current_app.conf.broker_read_url = current_app.conf.broker_write_url = url
    for cache in caches.all(initialized_only=True):
        cache.close()
