"""A real Celery worker in a process of its own, on the test database: for journeys and for killing it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# The solo pool works in the one process: it starts quickest, and a kill -9 leaves no child behind.
WORKER = "-m celery -A helpdesk worker -P solo -l warning --without-gossip --without-mingle --without-heartbeat"
PATIENCE = 30.0  # seconds


class Worker:
    """A running worker. `kill` ends it as a power cut would."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL should it not be enough."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running_worker(**variables: str) -> Iterator[Worker]:
    """Start a worker on the test database and the tests' Redis, wait until it takes tasks, stop it at the end.

    Tests that use it need committed rows: mark them `django_db(transaction=True)`. `variables` are added to the
    worker's environment.
    """
    environ = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), **variables}
    worker = Worker(subprocess.Popen([sys.executable, *WORKER.split()], cwd=ROOT, env=environ))
    try:
        _wait_until_it_listens(worker._process)
        yield worker
    finally:
        worker.stop()


def database_url() -> str:
    """DATABASE_URL with the name of the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _wait_until_it_listens(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        while not any(one["cmd"] == "brpop" for one in client.client_list()):
            assert process.poll() is None, f"the worker ended with code {process.returncode}"
            assert time.monotonic() < deadline, "the worker did not begin to listen"
            time.sleep(0.1)
