"""Signals as something a loop waits for: the handlers do nothing, so none interrupts half a step."""

import os
import select
import signal
from collections.abc import Sequence

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """A queue of the signals that came, in the main thread of a process that this loop owns.

    They are set explicitly: a shell that starts a job with `&` leaves SIGINT ignored, and Python then sets nothing.
    """

    def __init__(self, numbers: Sequence[signal.Signals]) -> None:
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in (*numbers, signal.SIGCHLD):
            signal.signal(number, lambda number, frame: None)

    def wait(self, seconds: float) -> frozenset[int]:
        """The signals that came until now or within `seconds`; the end of a child also ends the wait."""
        select.select([self._read], [], [], max(seconds, 0))
        try:
            return frozenset(os.read(self._read, 512)) - {signal.SIGCHLD}
        except BlockingIOError:
            return frozenset()
