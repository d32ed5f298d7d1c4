"""Renew a lease while a block works, so that the lease itself can be short: who dies is replaced within seconds."""

import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, connections

log = structlog.get_logger(__name__)


@contextmanager
def renewed(renew: Callable[[], object], *, every: float) -> Iterator[None]:
    """Call `renew` every so many seconds, in a thread and on a connection of its own, until the block ends.

    A renewal that fails is logged and tried again; the worst that follows is that the lease ends too early.
    """
    done = threading.Event()

    def keep() -> None:
        while not done.wait(every):
            try:
                renew()
            except DatabaseError as error:
                log.warning("lease.not_renewed", error=type(error).__name__)
            finally:
                connections.close_all()

    # The thread takes the tenant and the log's context along.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(keep,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
