"""Child processes that end with their parent, however it ends, and leftovers of parents that could not see to it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from helpdesk.embedded import locks
from helpdesk.embedded.failing import ServersFailed

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024  # bytes; a longer log is set aside as NAME.log.1 when its process starts


@dataclass(frozen=True)
class Identity:
    """Whom a process runs as. PostgreSQL refuses root: a user namespace shows root as somebody else."""

    in_namespace: bool = False
    uid: int | None = None


@dataclass(frozen=True)
class Program:
    """What to start. `mark` is a lock file the process holds while it lives; `stop` is the signal that ends it."""

    name: str
    argv: Sequence[str | Path]
    mark: Path
    log: Path
    stop: signal.Signals = signal.SIGTERM
    identity: Identity = Identity()


def spawn(program: Program, environ: Mapping[str, str], directory: Path) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, after ending what an earlier parent left of it."""
    end_leftover(program)
    mark = locks.take_alone(program.mark)
    if mark is None:
        raise ServersFailed(f"{program.name} was started by somebody else in this moment: try again.")
    locks.write(mark, "")
    try:
        with open_log(program.log) as log:
            process = subprocess.Popen(
                [str(word) for word in program.argv],
                cwd=directory,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # a Ctrl-C in the terminal reaches the parent only, which keeps the order
                pass_fds=(mark,),
                user=program.identity.uid,
                group=program.identity.uid,
                extra_groups=None if program.identity.uid is None else [],
                preexec_fn=preparation(program, mark),  # noqa: PLW1509  both callers have one thread
            )
    finally:
        os.close(mark)
    return process


def open_log(path: Path) -> BinaryIO:
    """A log file to append to; a long one is set aside first."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def preparation(program: Program, mark: int) -> Callable[[], None]:
    """What the child does between fork and exec: sign its mark, leave root, ask for a signal when its parent dies."""
    parent = os.getpid()

    def prepare() -> None:
        locks.write(mark, str(os.getpid()))
        if program.identity.in_namespace:
            enter_namespace()
        if LIBC is not None:
            # After the change of credentials, which would clear it.
            LIBC.prctl(PR_SET_PDEATHSIG, int(program.stop))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def enter_namespace() -> None:
    """Become user 1000 of a new user namespace; outside it all stays root's. Raises OSError when refused."""
    if LIBC is None or LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("uid_map", "1000 0 1\n"), ("setgroups", "deny"), ("gid_map", "1000 0 1\n")):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def can_enter_namespace() -> bool:
    """Try it in a child. Containers without privileges often refuse."""
    child = os.fork()
    if child == 0:
        try:
            enter_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def end(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send one signal after the other, each with its patience in seconds, then SIGKILL to the whole group."""
    for number, patience in signals:
        if process.poll() is not None:
            break
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a process and its children: a child may outlive a parent that was killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_leftover(program: Program, patience: float = 5.0) -> None:
    """End what still holds the mark: processes of an earlier parent. Raises ServersFailed when they stay.

    Without PDEATHSIG (macOS) that is the rule after a kill -9 of the parent. On Linux they are just ending, or are
    children that outlive a killed parent, such as a backend deep in a query.
    """
    if not locks.is_held(program.mark):
        return
    signed = _signed(program.mark)
    if signed in _holders(program.mark):
        _signal(signed, program.stop)
        _wait_for_release(program.mark, patience)
    for pid in _holders(program.mark):
        _signal(pid, signal.SIGKILL)
    if not _wait_for_release(program.mark, patience):
        raise ServersFailed(f"An earlier {program.name} does not end: end process {signed}, then try again.")


def _signed(mark: Path) -> int:
    """Who signed the mark; 0 when its holder's parent was killed before anybody could."""
    return int(mark.read_text(encoding="ascii") or 0)


def _holders(mark: Path) -> list[int]:
    """The processes that have a held mark open; where /proc is missing, the one that signed it."""
    if not locks.is_held(mark):
        return []
    if LIBC is None:
        return [pid for pid in (_signed(mark),) if pid]
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):  # ended meanwhile, or not ours
            if os.path.samestat(link.stat(), mark.stat()):
                found.add(int(link.parts[2]))
    return sorted(found - {os.getpid()})


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait_for_release(mark: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while locks.is_held(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
