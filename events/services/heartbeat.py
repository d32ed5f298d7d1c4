"""The workers' heartbeat: a key in Redis that lives a little longer than the pause between two beats."""

from django.core.cache import cache

KEY = "worker-heartbeat"
LIVES = 35  # seconds; beats come every 10


def beat() -> None:
    """Say that a worker works."""
    cache.set(KEY, 1, LIVES)


def is_beating() -> bool:
    """Whether a worker has worked within the last 35 seconds."""
    return cache.get(KEY) is not None
