"""Using the servers of a data directory: starting them when nobody has, holding them while this process lives."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpdesk.embedded import locks
from helpdesk.embedded.failing import ServersFailed, from_os_error
from helpdesk.embedded.places import Places

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds until the servers answer, a first initdb or a recovery included
LEAVING_PATIENCE = 15.0  # seconds; PostgreSQL is given 10 to stop
MOST_STARTS = 3  # of a keeper that somebody kills while it starts
NO_WORD = 3  # exit code: the keeper ended without saying why
MISSING = (
    "The servers of {data} were started without {missing} because that command had its URL set: "
    "stop that command, or set the same URL here."
)

ServerName = Literal["postgres", "redis"]
LABELS = {"postgres": "PostgreSQL", "redis": "Redis"}

# Data directory -> descriptor of the users' lock. It lives as long as the process: the kernel closes it, also after
# kill -9, and children do not inherit it.
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Servers:
    """Where the servers are. All three addresses are unix sockets in a directory only this user may enter."""

    database_url: str
    owner_url: str
    redis_url: str


def join(data_dir: Path, *, ephemeral: bool = False, only: ServerName | None = None) -> Servers:
    """Have the servers of `data_dir` running until this process ends, and say where they are.

    `ephemeral` gives up durability for speed (tests); it counts only for whoever starts the servers. `only` leaves
    the other server alone. Raises ServersFailed.
    """
    places = Places.of(data_dir)
    try:
        _hold(places)
        deadline = time.monotonic() + PATIENCE
        starts = 0
        while not locks.is_held(places.ready_lock):
            keeper_lock = locks.take_alone(places.keeper_lock)
            if keeper_lock is not None and starts < MOST_STARTS:
                _start_keeper(places, keeper_lock, ephemeral=ephemeral, only=only)
                starts += 1
            elif keeper_lock is not None or time.monotonic() > deadline:
                raise ServersFailed(f"The servers of {places.data} do not get ready: see {places.log('keeper')}")
            else:
                time.sleep(0.02)
        return _servers(places, only)
    except OSError as error:
        raise from_os_error(error, places.data) from error


def is_up(data_dir: Path) -> bool:
    """Whether the servers of `data_dir` answer, as far as their keeper knows. Starts nothing."""
    return locks.is_held(Places.of(data_dir).ready_lock)


def leave(data_dir: Path) -> None:
    """Give the servers up before this process ends; when nobody else uses them, return only after they stopped."""
    places = Places.of(data_dir)
    descriptor = _held.pop(places.data, None)
    if descriptor is None:
        return
    others = not locks.take_again(descriptor)
    os.close(descriptor)
    if others:
        return
    deadline = time.monotonic() + LEAVING_PATIENCE
    told = ""  # also what an unsigned lock says
    while locks.is_held(places.keeper_lock) and time.monotonic() < deadline:
        keeper = places.keeper_lock.read_text(encoding="ascii")
        if keeper != told:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(keeper), signal.SIGUSR1)
            told = keeper
        time.sleep(0.02)


def _hold(places: Places) -> None:
    """Take a share of the users' lock. It waits while a keeper is stopping: its successor comes after."""
    held = _held.get(places.data)
    if held is not None:
        if locks.is_file_of(held, places.users_lock):
            return
        os.close(held)
    _held[places.data] = locks.share_waiting(places.users_lock)


def _start_keeper(places: Places, lock: int, *, ephemeral: bool, only: ServerName | None) -> None:
    """Hand the keeper's lock, which we hold, to a new keeper, and wait until it is ready or gone. Raises its words."""
    locks.write(lock, "")  # until the keeper signs it, nobody may take an older process id for its own
    words = [sys.executable, "-m", "helpdesk.embedded", str(places.data), "--lock", str(lock)]
    words += ["--ephemeral"] if ephemeral else []
    words += ["--only", only] if only else []
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(lock,),
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServersFailed(f"The servers of {places.data} do not get ready: see {places.log('keeper')}") from error
    finally:
        os.close(lock)
    if done.returncode not in (0, NO_WORD):
        lines = done.stderr.strip().splitlines() or [f"The keeper failed: see {places.log('keeper')}"]
        raise ServersFailed(lines[-1])


def _servers(places: Places, only: ServerName | None) -> Servers:
    state = json.loads(places.ready_lock.read_bytes())
    for name, label in LABELS.items():
        if only in (None, name) and label not in state["servers"]:
            raise ServersFailed(MISSING.format(data=places.data, missing=label))
    sockets = state["sockets"]
    return Servers(
        database_url=f"postgresql://helpdesk_app@/helpdesk?host={sockets}",
        owner_url=f"postgresql://helpdesk_owner@/helpdesk?host={sockets}",
        redis_url=f"unix://{sockets}/redis.sock",
    )
