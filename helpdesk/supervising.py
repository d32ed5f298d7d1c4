"""Holding a few processes together: start them, wait until they answer, restart the dead, stop them in order."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpdesk.embedded import processes
from helpdesk.embedded.signals import Signals

POLL = 0.5  # seconds between two looks at the processes; the end of one is seen at once
READY_PATIENCE = 60.0  # seconds for all to answer
STOP_PATIENCE = 4.0  # seconds for all to end; then SIGKILL
TURN = 0.7  # seconds the next one waits for the one before it to end
LONGEST_DELAY = 30.0  # seconds between two restarts
STEADY = 60.0  # seconds a process lived for its earlier deaths to be forgotten


class CannotRun(Exception):
    """The product cannot be run; the text is one line that says why and what to do."""


class Stopped(Exception):
    """A signal asked to stop."""


@dataclass(frozen=True)
class Part:
    """One long-lived process. `answers` tells, without waiting long, whether it does its work."""

    program: processes.Program
    environ: Mapping[str, str]
    answers: Callable[[], bool]


@dataclass
class Child:
    """A part that was started: its process now, and how often in a row it has died."""

    part: Part
    process: subprocess.Popen[bytes]
    started_at: float
    deaths: int = 0
    restart_at: float | None = None

    @property
    def name(self) -> str:
        return self.part.program.name


class Supervisor:
    """Runs parts in `directory`. All waiting is on `signals`, so a signal to stop is seen within a moment."""

    def __init__(self, directory: Path, signals: Signals) -> None:
        self._directory = directory
        self._signals = signals
        self._children: list[Child] = []

    def start(self, part: Part) -> None:
        """Start a part; whoever was started before an end is stopped in the order of `stop`."""
        process = processes.spawn(part.program, part.environ, self._directory)
        self._children.append(Child(part, process, time.monotonic()))

    def run_to_end(self, program: processes.Program, environ: Mapping[str, str]) -> None:
        """Run a program that ends by itself. Raises CannotRun when it fails, Stopped on a signal."""
        start_of_log = _size(program.log)
        process = processes.spawn(program, environ, self._directory)
        try:
            while process.poll() is None:
                self._pause(0.1)
        finally:
            processes.end(process, ((program.stop, 2.0),))
        if process.returncode != 0:
            raise CannotRun(f"{program.name} failed (whole log: {program.log}):\n{tail(program.log, start_of_log, 12)}")

    def wait_until_ready(self) -> None:
        """Wait until every part answers. Raises CannotRun when one ends before or takes too long."""
        deadline = time.monotonic() + READY_PATIENCE
        waiting = list(self._children)
        while waiting:
            for child in waiting:
                if child.process.poll() is not None:
                    raise CannotRun(f"{child.name} ended at its start: {_end_of_log(child)}")
            waiting = [child for child in waiting if not child.part.answers()]
            if time.monotonic() > deadline:
                raise CannotRun(f"{waiting[0].name} does not answer: {_end_of_log(waiting[0])}")
            if waiting:
                self._pause(0.05)

    def watch(self, look: Callable[[], None]) -> None:
        """Keep the parts running, and `look` after the rest, until a signal comes: then Stopped is raised."""
        while True:
            self._pause(POLL)
            look()
            for child in self._children:
                self._attend(child)

    def stop(self, order: Sequence[str]) -> None:
        """Tell the parts to end, in the order of their names; a second signal ends the patience with them."""
        children = sorted(self._children, key=lambda child: order.index(child.name))
        deadline = time.monotonic() + STOP_PATIENCE
        for child in children:
            if child.process.poll() is None:
                child.process.send_signal(child.part.program.stop)
            deadline = self._wait_for_end([child], min(deadline, time.monotonic() + TURN), deadline)
        self._wait_for_end(children, deadline, deadline)
        for child in children:
            processes.kill_group(child.process)
        self._children.clear()

    def _pause(self, seconds: float) -> None:
        if self._signals.wait(seconds):
            raise Stopped

    def _wait_for_end(self, children: Sequence[Child], until: float, deadline: float) -> float:
        """Wait for the children or a moment; returns the deadline for all, which a signal makes now."""
        while any(child.process.poll() is None for child in children) and time.monotonic() < until:
            if self._signals.wait(0.05):
                return time.monotonic()
        return deadline

    def _attend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process.poll() is None:
            if now - child.started_at > STEADY:
                child.deaths = 0
        elif child.restart_at is None:
            processes.kill_group(child.process)
            delay = min(2.0**child.deaths / 2, LONGEST_DELAY)
            child.deaths, child.restart_at = child.deaths + 1, now + delay
            say(f"{child.name} ended ({_how(child.process.returncode)}): starting it again in {delay:g} s")
        elif now >= child.restart_at:
            child.process = processes.spawn(child.part.program, child.part.environ, self._directory)
            child.started_at, child.restart_at = now, None


def say(text: str) -> None:
    """A line for the person at the terminal; standard output is left to the one that says ready."""
    print(text, file=sys.stderr, flush=True)


def tail(log: Path, start: int, count: int) -> str:
    """The last `count` lines that were written to a log after byte `start`."""
    lines = log.read_bytes()[start:].decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-count:]) or "it wrote no reason"


def _end_of_log(child: Child) -> str:
    log = child.part.program.log
    return f"{tail(log, 0, 1)} (whole log: {log})"


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
