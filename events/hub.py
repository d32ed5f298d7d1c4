"""One Redis subscription per web process, fanned out to a bounded queue for each open stream."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import redis.asyncio as aioredis
import structlog
from redis.exceptions import RedisError

from core.live import RESYNC

log = structlog.get_logger(__name__)

PATTERN = "live:*"
QUEUE_SIZE = 200
FIRST_WAIT = 0.2  # seconds before the first attempt to reach Redis again
HEARTBEAT = 15.0  # seconds between signs of life on a quiet stream
KEPT_SECONDS = 60.0  # how long a name can be told again to a stream that was away
KEPT_NAMES = 20_000  # of all workspaces
# What is told again begins so much earlier than asked for: clocks of two machines differ. Twice told costs little.
SLACK = 2.0  # seconds


class Heard(NamedTuple):
    """`name` is None for a sign of life. `at` is when this process heard it, in seconds since 1970."""

    name: str | None
    at: float


class Hub:
    """Streams of this process, by channel. Bound to the event loop that first uses it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queues: dict[str, set[asyncio.Queue[Heard]]] = {}
        self._kept: deque[tuple[str, Heard]] = deque()
        self._complete_from: float | None = None  # since when nothing was missed or thrown away; None: not subscribed
        self._reader: asyncio.Task[None] | None = None
        self._wait = FIRST_WAIT

    async def listen(self, channel: str, since: float | None = None) -> AsyncIterator[Heard]:
        """Names announced on the channel; None as a sign of life; RESYNC when some may have been lost.

        A stream begins with what was announced after `since`, or, when that is not known whole, with RESYNC.
        """
        self._start()
        queue: asyncio.Queue[Heard] = asyncio.Queue(QUEUE_SIZE)
        # Said only now that nothing more can be missed: what the page fetches on it is not older than the stream.
        for heard in self._missed(channel, since):
            queue.put_nowait(heard)
        self._queues.setdefault(channel, set()).add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    yield Heard(None, time.time())
        finally:
            self._queues[channel].discard(queue)
            if not self._queues[channel]:
                del self._queues[channel]

    def stream_count(self) -> int:
        return sum(len(queues) for queues in self._queues.values())

    def _missed(self, channel: str, since: float | None) -> list[Heard]:
        now = time.time()
        start = (since or 0) - SLACK
        if self._complete_from is None or not max(self._complete_from, now - KEPT_SECONDS) <= start <= now:
            return [Heard(RESYNC, now)]
        names = {heard.name: heard for place, heard in self._kept if place == channel and heard.at >= start}
        too_many = RESYNC in names or len(names) >= QUEUE_SIZE
        return [Heard(RESYNC, now)] if too_many else list(names.values())

    def _start(self) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.get_running_loop().create_task(self._read_forever())

    async def _read_forever(self) -> None:
        while True:
            # No time-out on reading: a quiet workspace is not an error. The health check finds a dead connection.
            client = aioredis.Redis.from_url(
                self._url, decode_responses=True, socket_timeout=None, health_check_interval=10
            )
            try:
                await self._read(client)
            except (RedisError, OSError) as error:
                log.warning("hub.reconnecting", error=type(error).__name__)
                await asyncio.sleep(self._wait + random.random() * 0.1)  # noqa: S311  jitter, not a secret
                self._wait = min(self._wait * 2, 5)
            finally:
                self._complete_from = None
                await client.aclose()

    async def _read(self, client: aioredis.Redis) -> None:
        async with client.pubsub() as pubsub:
            await pubsub.psubscribe(PATTERN)
            async for message in pubsub.listen():
                if message["type"] == "pmessage":
                    self._fan_out(message)
                elif message["type"] == "psubscribe":
                    # Redis hears us, again or for the first time: whatever was announced while we were away.
                    self._wait = FIRST_WAIT
                    self._complete_from = time.time()
                    self._tell_all(RESYNC)

    def _fan_out(self, message: dict[str, Any]) -> None:
        heard = Heard(message["data"], time.time())
        self._keep(message["channel"], heard)
        for queue in tuple(self._queues.get(message["channel"], ())):
            _put(queue, heard)

    def _keep(self, channel: str, heard: Heard) -> None:
        self._kept.append((channel, heard))
        while self._kept[0][1].at < heard.at - KEPT_SECONDS:
            self._kept.popleft()
        if len(self._kept) > KEPT_NAMES:
            self._complete_from = self._kept.popleft()[1].at

    def _tell_all(self, name: str) -> None:
        heard = Heard(name, time.time())
        for queues in self._queues.values():
            for queue in queues:
                _put(queue, heard)


def _put(queue: asyncio.Queue[Heard], heard: Heard) -> None:
    if queue.full():
        # A slow reader: one resync says as much as everything it has missed.
        while not queue.empty():
            queue.get_nowait()
        heard = Heard(RESYNC, heard.at)
    queue.put_nowait(heard)
