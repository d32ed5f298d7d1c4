"""What PostgreSQL and Redis have in common as servers that a keeper starts, watches and stops."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from typing import ClassVar

from helpdesk.embedded import processes
from helpdesk.embedded.failing import ServersFailed, from_log
from helpdesk.embedded.places import Places

PATIENCE = 60.0  # seconds for a server to answer; a long recovery after a crash is part of it


class Server:
    """One server of a data directory. Subclasses say how it is started, asked and stopped."""

    name: ClassVar[str]
    socket_name: ClassVar[str]
    stop_signals: ClassVar[Sequence[tuple[Signals, float]]]

    def __init__(self, places: Places) -> None:
        self.places = places
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.places.sockets / self.socket_name

    @property
    def is_alive(self) -> bool:
        """Whether its process runs and its socket is still there (people clean /tmp)."""
        return self._process is not None and self._process.poll() is None and self.socket.exists()

    def start(self) -> None:
        """Start it and wait until it answers. Raises ServersFailed."""
        self.prepare()
        program = self.program()
        end_of_log = program.log.stat().st_size if program.log.exists() else 0
        self._process = processes.spawn(program, server_environment(), self.places.data)
        started = time.monotonic()
        while not self.answers():
            if self._process.poll() is not None:
                raise from_log(self.name, program.log, end_of_log, self.places.data)
            if time.monotonic() - started > PATIENCE:
                self.stop()
                raise ServersFailed(f"{self.name} did not answer in {PATIENCE:.0f} seconds: see {program.log}")
            time.sleep(0.01)
        self.settle()

    def stop(self) -> None:
        if self._process is not None:
            processes.end(self._process, self.stop_signals)

    def prepare(self) -> None:
        """What must be done before its process starts."""

    def program(self) -> processes.Program:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def settle(self) -> None:
        """What must be done once it answers."""


def server_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL's programs (PGPORT, PGDATA …), and English messages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
