"""One Redis subscription per web process, fanned out to a bounded queue for each open stream."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio as aioredis
import structlog
from redis.exceptions import RedisError

from core.live import RESYNC

log = structlog.get_logger(__name__)

PATTERN = "live:*"
QUEUE_SIZE = 200
FIRST_WAIT = 0.2  # seconds before the first attempt to reach Redis again
HEARTBEAT = 15.0  # seconds between signs of life on a quiet stream


class Hub:
    """Streams of this process, by channel. Bound to the event loop that first uses it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queues: dict[str, set[asyncio.Queue[str]]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._wait = FIRST_WAIT

    async def listen(self, channel: str) -> AsyncIterator[str | None]:
        """Names announced on the channel; None as a sign of life; RESYNC first, and when some may have been lost."""
        self._start()
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_SIZE)
        # Said only now that nothing more can be missed: what the page fetches on it is not older than the stream.
        queue.put_nowait(RESYNC)
        self._queues.setdefault(channel, set()).add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    yield None
        finally:
            self._queues[channel].discard(queue)
            if not self._queues[channel]:
                del self._queues[channel]

    def stream_count(self) -> int:
        return sum(len(queues) for queues in self._queues.values())

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
                    self._tell_all(RESYNC)

    def _fan_out(self, message: dict[str, Any]) -> None:
        for queue in tuple(self._queues.get(message["channel"], ())):
            _put(queue, message["data"])

    def _tell_all(self, name: str) -> None:
        for queues in self._queues.values():
            for queue in queues:
                _put(queue, name)


def _put(queue: asyncio.Queue[str], name: str) -> None:
    if queue.full():
        # A slow reader: one resync says as much as everything it has missed.
        while not queue.empty():
            queue.get_nowait()
        name = RESYNC
    queue.put_nowait(name)
