"""The whole product, started as a newcomer would (`manage.py run --demo`), for journeys and benchmarks."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 90.0  # seconds; a busy machine, nothing cached
# What the tests' own environment says of servers and keys must not reach a product that starts its own.
OURS = (
    "DATABASE_URL DATABASE_OWNER_URL REDIS_URL SECRET_KEY ENCRYPTION_KEYS ALLOWED_HOSTS LOG_LEVEL DATA_DIR "
    "DJANGO_SETTINGS_MODULE BASE_URL"
).split()


class NotReady(Exception):
    """The product ended at its start, or took too long; the text is the end of its logs."""


@dataclass
class Stack:
    """`manage.py run --demo` in a directory and on ports of its own."""

    directory: Path
    port: int
    process: subprocess.Popen[str]
    environ: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def store(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def mail(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    def pid(self, name: str) -> int:
        """The process id of a part: web, worker, beat, store or mailbox."""
        return int((self.directory / "run" / f"{name}.lock").read_text())

    def manage(self, *words: str, stdin: bytes = b"") -> str:
        """Run a management command beside the running product; its standard output."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def mails(self, **params: str) -> list[dict[str, Any]]:
        """What lies in the mailbox, newest first; to be asked again and again (`eventually`)."""
        try:
            return list(httpx.get(f"{self.mail}/messages.json", params=params, timeout=10).json())
        except httpx.TransportError:
            return []  # it hangs up on who speaks late, and on a busy machine we do

    def control(self, shop: str, **verbs: Any) -> dict[str, Any]:
        """Tell the pretend store to act or misbehave; its journal."""
        answer = httpx.post(f"{self.store}/shops/{shop}/control", json=verbs, timeout=10)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@contextmanager
def running_stack(directory: Path | None = None) -> Iterator[Stack]:
    """A running product with the demo's data, in a new directory unless one is given. Raises NotReady."""
    place = directory or Path(tempfile.mkdtemp(prefix="helpdesk-stack-"))
    port = three_free_ports()
    environ = {key: value for key, value in os.environ.items() if key not in OURS}
    environ |= {"DATA_DIR": str(place), "PORT": str(port)}
    command = [sys.executable, "manage.py", "run", "--demo"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        _wait_until_ready(process, place)
        yield Stack(place, port, process, environ)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        if directory is None:
            shutil.rmtree(place, ignore_errors=True)


def eventually(probe: Callable[[], Any], *, within: float = 30.0) -> Any:
    """The first true answer of `probe`; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        if answer := probe():
            return answer
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.05)


def _wait_until_ready(process: subprocess.Popen[str], directory: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    for line in process.stdout or ():
        if line.startswith("ready: "):
            return
        if time.monotonic() > deadline:
            raise NotReady("not ready in time")
    logs = "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in sorted((directory / "log").glob("*.log")))
    raise NotReady(logs)


def three_free_ports() -> int:
    for _ in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 65000 and all(_is_free(port + offset) for offset in range(3)):
            return port
    raise RuntimeError("no three free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
