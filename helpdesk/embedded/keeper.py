"""The keeper: a small process that holds PostgreSQL and Redis of one data directory while anybody uses them."""

import json
import os
import shutil
import signal
import sys
import time
from collections import deque
from collections.abc import Callable

from helpdesk.embedded import locks, unrooting
from helpdesk.embedded.failing import ServersFailed, from_os_error
from helpdesk.embedded.places import Places, make_sockets_directory
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.redis_server import RedisServer
from helpdesk.embedded.servers import Server
from helpdesk.embedded.signals import STOPPING, Signals

POLL = 0.5  # seconds between two looks at the users' lock
GRACE = 1.0  # seconds without a user before the servers stop: the next command often follows at once
HURRY = signal.SIGUSR1  # "the last user has left": look now, without the grace
MOST_DEATHS = 5  # of a server within a minute; then the keeper gives up and the next join says why


class Keeper:
    """Starts the servers, starts them again when they die, stops them when nobody holds the users' lock."""

    def __init__(self, places: Places, *, ephemeral: bool, only: str | None) -> None:
        self._places = places
        self._ephemeral = ephemeral
        self._only = only
        self._signals = Signals((*STOPPING, HURRY))
        self._users = locks.open_lock(places.users_lock)
        self._ready: int | None = None
        self._servers: list[Server] = []
        self._owner = os.getuid()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def start(self) -> None:
        """Bring both servers up and say so by the ready lock. Raises ServersFailed, with nothing left running."""
        identity = unrooting.choose_identity(self._places.cluster)
        self._owner = os.getuid() if identity.uid is None else identity.uid
        make_sockets_directory(self._places, self._owner)
        try:
            if self._only != "redis":
                self._servers.append(Postgres(self._places, ephemeral=self._ephemeral, identity=identity))
            if self._only != "postgres":
                self._servers.append(RedisServer(self._places))
            for server in self._servers:
                server.start()
        except BaseException:
            self.stop()
            raise
        self._say_ready()

    def keep(self) -> None:
        """Return when the servers are to stop. Raises ServersFailed when one cannot be brought back."""
        idle_since: float | None = None
        while True:
            came = self._signals.wait(POLL)
            if came & set(STOPPING) or not locks.is_file_of(self._users, self._places.users_lock):
                return
            if locks.take_again(self._users):
                idle_since = idle_since or time.monotonic()
                if HURRY in came or time.monotonic() - idle_since >= GRACE:
                    return  # with the lock: whoever joins now waits for the end of this process
                locks.release(self._users)
            else:
                idle_since = None
            for server in self._servers:
                if not server.is_alive:
                    self._revive(server)

    def stop(self) -> None:
        """Redis first: it needs nothing of the database and is gone at once."""
        self._say_not_ready()
        for server in reversed(self._servers):
            server.stop()
        # After `rm -r` of the data directory another keeper may be using the sockets' directory already.
        users = self._places.users_lock
        if not users.exists() or locks.is_file_of(self._users, users):
            shutil.rmtree(self._places.sockets, ignore_errors=True)

    def _revive(self, server: Server) -> None:
        note(f"{server.name} is gone: starting it again")
        self._deaths.append(time.monotonic())
        if len(self._deaths) == MOST_DEATHS and self._deaths[-1] - self._deaths[0] < 60:
            raise ServersFailed(f"{server.name} keeps ending: see {self._places.log('postgres').parent}")
        self._say_not_ready()
        server.stop()
        make_sockets_directory(self._places, self._owner)
        server.start()
        self._say_ready()

    def _say_ready(self) -> None:
        """Joiners read where the servers are once the lock is held, and try the lock for a moment each: so wait."""
        names = [server.name for server in self._servers]
        self._ready = locks.open_lock(self._places.ready_lock)
        locks.write(self._ready, json.dumps({"sockets": str(self._places.sockets), "servers": names}))
        locks.take_waiting(self._ready)

    def _say_not_ready(self) -> None:
        if self._ready is not None:
            os.close(self._ready)
            self._ready = None


def run(places: Places, lock: int, report: Callable[[str], None], *, ephemeral: bool, only: str | None) -> None:
    """Be the keeper. `report` is called once: with "" when the servers answer, or with the line why they do not."""
    locks.write(lock, str(os.getpid()))
    keeper = Keeper(places, ephemeral=ephemeral, only=only)
    try:
        keeper.start()
    except ServersFailed as error:
        report(str(error))
        return
    except OSError as error:
        report(str(from_os_error(error, places.data)))
        return
    report("")
    note("ready")
    try:
        keeper.keep()
    except (ServersFailed, OSError) as error:
        note(f"giving up: {error}")
    finally:
        keeper.stop()
        note("stopped")
    # Before the users' lock, which goes with the process: whoever waits for that one must find this one free.
    os.close(lock)


def note(text: str) -> None:
    """One line in the keeper's log."""
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)
