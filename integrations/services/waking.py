"""Tell the workers of webhooks without holding up the event loop: many at once, from a thread, and not too many."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from events.services.reacting import wake

# (reaction, tenant, task), as `wake` takes them.
Woken = tuple[int, int, str]

FIRST_PAUSE = 0.005  # seconds in which the first webhooks of a busy moment gather
PAUSE = 0.1  # seconds between two wakings
AT_ONCE = 20  # 200 a second: more than the workers of one machine get done, and cheap beside taking them in
# Beyond that the workers have their hands full anyway: the sweep wakes the rest when they come to it.
MOST_WAITING = 200


class Waker:
    """Belongs to one event loop. What it forgets, the sweep finds within seconds."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="webhook-waker")
        self._waiting: list[Woken] = []
        self._is_planned = False

    def add(self, rows: list[Woken]) -> None:
        """Have these woken soon."""
        self._waiting += rows[: MOST_WAITING - len(self._waiting)]
        self._plan(FIRST_PAUSE)

    def _plan(self, pause: float) -> None:
        if self._waiting and not self._is_planned:
            self._is_planned = True
            asyncio.get_running_loop().call_later(pause, self._wake)

    def _wake(self) -> None:
        rows, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        waking = asyncio.get_running_loop().run_in_executor(self._thread, wake, rows)
        waking.add_done_callback(self._woken)

    def _woken(self, _: object) -> None:
        self._is_planned = False
        self._plan(PAUSE)
