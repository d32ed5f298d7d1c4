"""`manage.py run`: servers, web, worker, beat, and with --demo the pretend store and the mailbox, in one terminal."""

import argparse
import errno
import http.client
import os
import shlex
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpdesk import embedded
from helpdesk.embedded import locks, processes
from helpdesk.embedded.failing import from_os_error
from helpdesk.embedded.places import Places
from helpdesk.embedded.signals import STOPPING, Signals
from helpdesk.supervising import CannotRun, Part, Stopped, Supervisor, say

ROOT = Path(__file__).resolve().parent.parent
LOCK_NAME = "run.lock"
RETRY_SERVERS = 10.0  # seconds after the servers could not be brought back
STOP_ORDER = ("web", "worker", "beat", "store", "mailbox")
SIGN_IN = (
    "sign in as ada@acme.example (owner), bela@acme.example (agent) or cleo@globex.example (another workspace), "
    "password: demo demo demo"
)
WEB = (
    "-m granian --interface asginl --host 127.0.0.1 --port {port} --workers 1 --no-ws --workers-kill-timeout 3 "
    "helpdesk.asgi:application"
)
# Without gossip and mingle a worker does not look for others at its start, which takes a second: it is alone here.
WORKER = "-m celery -A helpdesk worker -c 2 -l warning -n helpdesk@%h --without-gossip --without-mingle"
BEAT = "-m celery -A helpdesk beat -l warning --schedule {data}/beat"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `manage.py run`."""
    parser.add_argument("--demo", action="store_true", help="also the pretend store, the mailbox and demo data")


def main(words: Sequence[str]) -> int:
    """Run until a signal comes. Returns the exit code: 0 when stopped, 1 when something could not be had."""
    parser = argparse.ArgumentParser(prog="manage.py run", description=__doc__)
    add_arguments(parser)
    return start(demo=parser.parse_args(words).demo)


def start(*, demo: bool) -> int:
    """Like `main`, with the options known."""
    signals = Signals(STOPPING)
    try:
        Run(read_place(os.environ), signals, demo=demo).run()
    except Stopped:
        return 0
    except (CannotRun, embedded.ServersFailed) as error:
        say(str(error))
    except OSError as error:  # the disk, in the middle of something
        say(str(from_os_error(error, Path(os.environ.get("DATA_DIR") or ".data"))))
    return 1


@dataclass(frozen=True)
class Place:
    """Where this run has its data and its ports: web on `port`, the store on the next, the mailbox after that."""

    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def read_place(environ: Mapping[str, str]) -> Place:
    """DATA_DIR and PORT. Raises CannotRun when PORT is no port."""
    text = environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65533:
        raise CannotRun(f"PORT is {text!r}: set it to a number from 1024 to 65533.")
    return Place(Path(environ.get("DATA_DIR") or ".data").resolve(), int(text))


def check_ports(ports: Mapping[str, int]) -> None:
    """Try to listen on each. Raises CannotRun that names the port and what to do."""
    for name, port in ports.items():
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError as error:
                why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"fails: {error.strerror}"
                raise CannotRun(
                    f"Port {port} ({name}) {why}: free it, or set PORT to a number whose next two are free as well."
                ) from error


class Run:
    """One run of the product in one place, from the first check to the last process."""

    def __init__(self, place: Place, signals: Signals, *, demo: bool) -> None:
        self._place = place
        self._demo = demo
        self._supervisor = Supervisor(ROOT, signals)
        self._given = environment(os.environ, place, demo=demo)
        self._environ = dict(self._given)
        self._lock = -1
        self._has_servers = False
        self._next_attempt = 0.0

    def run(self) -> None:
        """Bring everything up, say ready, keep it up. Raises CannotRun, ServersFailed, or Stopped on a signal."""
        self._lock = claim(self._place)
        try:
            self._bring_up()
            print(self._ready_line(), flush=True)
            self._supervisor.watch(self._look_after_data)
        finally:
            self._supervisor.stop(STOP_ORDER)
            embedded.leave(self._place.data)

    def _bring_up(self) -> None:
        """What needs no database starts while the database does."""
        ports = {"web": 0, "store": 1, "mailbox": 2} if self._demo else {"web": 0}
        for name in STOP_ORDER:
            # Their work is rows with a lease, so a short patience loses nothing.
            processes.end_leftover(self._program(name, ""), patience=1.0)
        check_ports({name: self._place.port + offset for name, offset in ports.items()})
        if self._demo:
            self._start("store", "-m demo.store", _accepts(self._place.port + 1))
            self._start("mailbox", "-m demo.mailbox", _accepts(self._place.port + 2))
        self._has_servers = embedded.lend(self._environ, self._place.data)
        # Only migrations act as the owner of the tables.
        as_owner = dict(self._environ)
        self._environ.pop("DATABASE_OWNER_URL", None)
        # Beat asks nothing of the database, and takes as long to load as the migrations do.
        self._start("beat", BEAT)
        self._supervisor.run_to_end(self._program("migrate", "manage.py migrate"), as_owner)
        self._start("web", WEB, _is_healthy(self._place.port))
        self._start("worker", WORKER)
        self._supervisor.wait_until_ready()
        self._seed()

    def _seed(self) -> None:
        """Fill an empty demo, once for a data directory."""
        marker = self._place.data / "seeded"
        if self._demo and not marker.exists():
            self._supervisor.run_to_end(self._program("seeding", "-m demo.seeding"), self._environ)
            marker.touch()

    def _look_after_data(self) -> None:
        """Bring the servers back when somebody killed their keeper; end when somebody removed the data."""
        if not locks.is_file_of(self._lock, self._place.data / LOCK_NAME):
            raise CannotRun(f"{self._place.data} was removed: stopping.")
        if not self._has_servers or embedded.is_up(self._place.data) or time.monotonic() < self._next_attempt:
            return
        say("PostgreSQL or Redis ended: bringing them back")
        try:
            embedded.lend(dict(self._given), self._place.data)
        except embedded.ServersFailed as error:
            self._next_attempt = time.monotonic() + RETRY_SERVERS
            say(f"{error} Trying again in {RETRY_SERVERS:.0f} s.")

    def _start(self, name: str, words: str, answers: Callable[[], bool] = lambda: True) -> None:
        self._supervisor.start(Part(self._program(name, words), dict(self._environ), answers))

    def _program(self, name: str, words: str) -> processes.Program:
        values = {"port": str(self._place.port), "data": str(self._place.data)}
        argv = [sys.executable, *(word.format(**values) for word in words.split())]
        mark = self._place.data / "run" / f"{name}.lock"
        return processes.Program(name, argv, mark, self._place.data / "log" / f"{name}.log")

    def _ready_line(self) -> str:
        return f"ready: {self._place.url}/acme/  {SIGN_IN}" if self._demo else f"ready: {self._place.url}/"


def claim(place: Place) -> int:
    """Make the data directory ours alone among runs; the descriptor holds it. Raises CannotRun, ServersFailed."""
    data = Places.of(place.data).data
    try:
        (data / "run").mkdir(exist_ok=True)
        lock = locks.take_alone(data / LOCK_NAME)
    except OSError as error:
        raise from_os_error(error, data) from error
    if lock is None:
        raise CannotRun(f"{data} is in use: {(data / LOCK_NAME).read_text()}. Stop it, or set DATA_DIR and PORT.")
    locks.write(lock, f"process {os.getpid()} already serves it at {place.url}/")
    return lock


def environment(given: Mapping[str, str], place: Place, *, demo: bool) -> dict[str, str]:
    """The environment of our processes. In the demo, stores and mail are the pretended ones whatever was given."""
    made = {**given, "DATA_DIR": str(place.data), "PORT": str(place.port), "PYTHONUNBUFFERED": "1"}
    made.setdefault("BASE_URL", place.url)
    # Without bytecode each process would compile all of the product again: three seconds more at every start.
    made.pop("PYTHONDONTWRITEBYTECODE", None)
    made.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    if demo:
        made |= {
            "SHOPIFY_BASE_URL": f"http://127.0.0.1:{place.port + 1}/shops/{{shop}}",
            "SHOPIFY_ALLOW_BASE_URL": "1",
            "PICTURE_HOSTS": f"127.0.0.1:{place.port + 1}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(place.port + 2),
            "EMAIL_TLS": "none",
            "EMAIL_USER": "",
            "MAILBOX_DELIVER": f"{shlex.quote(sys.executable)} manage.py receive_email --inbox {{inbox}}",
        }
    return made


def _accepts(port: int) -> Callable[[], bool]:
    """Whether something listens on the port."""

    def answers() -> bool:
        with socket.socket() as attempt:
            attempt.settimeout(1)
            return attempt.connect_ex(("127.0.0.1", port)) == 0

    return answers


def _is_healthy(port: int) -> Callable[[], bool]:
    """Whether the web process answers /healthz with 200."""

    def answers() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return answers
