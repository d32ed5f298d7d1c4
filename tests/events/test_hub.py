"""The hub: one subscription, many streams, a slow one loses nothing but detail."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Any

import pytest
import redis
from django.conf import settings

from core.live import RESYNC, channel_of
from core.live import publish as publish_live
from events import hub as hub_module
from events.hub import QUEUE_SIZE, Heard, Hub


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


async def publish(tenant_id: int, *names: str) -> None:
    await asyncio.to_thread(publish_live, tenant_id, names)


async def next_name(stream: AsyncIterator[Heard]) -> str | None:
    return (await asyncio.wait_for(anext(stream), 5)).name


async def started(hub: Hub, tenant_id: int) -> AsyncIterator[Heard]:
    """The hub's first stream, after its own resync and that of the subscription: from now on nothing is missed."""
    stream = hub.listen(channel_of(tenant_id))
    assert [await next_name(stream), await next_name(stream)] == [RESYNC, RESYNC]
    return stream


def test_stream_begins_with_a_resync_after_which_nothing_is_missed() -> None:
    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)), aclosing(hub.listen(channel_of(1))) as second:  # type: ignore[type-var]
            assert await next_name(second) == RESYNC
            await publish(1, "ticket-1")
            assert await next_name(second) == "ticket-1"

    run(scenario())


def test_names_reach_every_stream_of_the_workspace_only() -> None:
    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        first = await started(hub, 1)
        second, other = hub.listen(channel_of(1)), hub.listen(channel_of(2))
        assert [await next_name(second), await next_name(other)] == [RESYNC, RESYNC]

        await publish(1, "ticket-1")
        await publish(2, "ticket-9")

        assert await next_name(first) == await next_name(second) == "ticket-1"
        assert await next_name(other) == "ticket-9"
        assert len([one for one in await _subscribers() if one]) == 1
        for stream in (first, second, other):
            await stream.aclose()  # type: ignore[attr-defined]
        assert hub.stream_count() == 0

    run(scenario())


async def _subscribers() -> list[Any]:
    def ask() -> list[Any]:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            return [one for one in client.client_list() if one["psub"] != "0"]

    return await asyncio.to_thread(ask)


def test_slow_stream_gets_one_resync_for_all_it_missed() -> None:
    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)) as slow:  # type: ignore[type-var]
            await publish(1, *(f"ticket-{number}" for number in range(QUEUE_SIZE + 50)))
            await publish(1, "last")
            await asyncio.sleep(0.3)

            heard = [await next_name(slow)]
            while heard[-1] != "last":
                heard.append(await next_name(slow))

        assert heard[0] == RESYNC
        assert heard.count(RESYNC) == 1
        assert len(heard) <= QUEUE_SIZE

    run(scenario())


def test_lost_subscription_is_made_again_and_everybody_resyncs() -> None:
    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)) as stream:  # type: ignore[type-var]
            await asyncio.to_thread(_kill_subscribers)

            assert await next_name(stream) == RESYNC
            await publish(1, "ticket-2")
            assert await next_name(stream) == "ticket-2"

    run(scenario())


def _kill_subscribers() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")


def test_quiet_stream_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "HEARTBEAT", 0.05)

    async def scenario() -> None:
        async with aclosing(await started(Hub(settings.REDIS_URL), 1)) as stream:  # type: ignore[type-var]
            assert await next_name(stream) is None

    run(scenario())


def test_redis_that_comes_later_is_found(settings: Any) -> None:
    async def scenario() -> None:
        hub = Hub("unix:///nowhere/redis.sock")
        stream = hub.listen(channel_of(1))
        assert await next_name(stream) == RESYNC
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        hub._url = settings.REDIS_URL

        assert (await asyncio.wait_for(waiting, 5)).name == RESYNC
        await stream.aclose()  # type: ignore[attr-defined]

    run(scenario())


def test_stream_that_was_away_is_told_only_what_it_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "SLACK", 0.0)

    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)) as first:  # type: ignore[type-var]
            await publish(1, "ticket-1")
            seen = await asyncio.wait_for(anext(first), 5)
            await publish(1, "ticket-2", "ticket-3", "ticket-2")
            await publish(2, "ticket-9")
            heard = {await next_name(first) for _ in range(3)}
            await asyncio.sleep(0.1)

            async with aclosing(hub.listen(channel_of(1), seen.at + 1e-6)) as again:  # type: ignore[type-var]
                assert {await next_name(again), await next_name(again)} == heard == {"ticket-2", "ticket-3"}
                await publish(1, "ticket-4")
                assert await next_name(again) == "ticket-4"

    run(scenario())


def test_fresh_page_is_told_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "SLACK", 0.0)
    monkeypatch.setattr(hub_module, "HEARTBEAT", 0.1)

    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with (
            aclosing(await started(hub, 1)),  # type: ignore[type-var]
            aclosing(hub.listen(channel_of(1), time.time())) as fresh,  # type: ignore[type-var]
        ):
            assert await next_name(fresh) is None

    run(scenario())


@pytest.mark.parametrize("away", [-3600.0, 0.0, 61.0, 3600.0])
def test_who_was_away_too_long_or_says_nonsense_gets_a_resync(away: float) -> None:
    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with (
            aclosing(await started(hub, 1)),  # type: ignore[type-var]
            aclosing(hub.listen(channel_of(1), time.time() - away)) as late,  # type: ignore[type-var]
        ):
            # Away for no time: even then, the hub itself has listened for less than the slack between two clocks.
            assert await next_name(late) == RESYNC

    run(scenario())


def test_nothing_is_told_again_from_before_a_lost_subscription(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "SLACK", 0.0)

    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)) as stream:  # type: ignore[type-var]
            before = time.time()
            await asyncio.to_thread(_kill_subscribers)
            assert await next_name(stream) == RESYNC

            async with aclosing(hub.listen(channel_of(1), before)) as again:  # type: ignore[type-var]
                assert await next_name(again) == RESYNC

    run(scenario())


def test_names_that_were_thrown_away_are_a_resync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "SLACK", 0.0)
    monkeypatch.setattr(hub_module, "KEPT_NAMES", 2)

    async def scenario() -> None:
        hub = Hub(settings.REDIS_URL)
        async with aclosing(await started(hub, 1)) as stream:  # type: ignore[type-var]
            before = time.time()
            await publish(1, "ticket-1", "ticket-2", "ticket-3")
            for _ in range(3):
                await next_name(stream)

            async with aclosing(hub.listen(channel_of(1), before)) as again:  # type: ignore[type-var]
                assert await next_name(again) == RESYNC

    run(scenario())
