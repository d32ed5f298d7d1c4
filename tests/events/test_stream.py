"""The live stream: members only, names only, ends with the membership, and holds no database connection."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core.live import publish
from events.hub import Hub
from events.services.announcing import end_streams_of
from events.views import stream as stream_view
from tests.asgi import opened

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/acme/stream/"
RESYNC = b"event: resync\ndata:\n\n"


@pytest.fixture(autouse=True)
def _own_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub belongs to one event loop; each test has its own."""
    hub = Hub(settings.REDIS_URL)
    monkeypatch.setattr(stream_view, "hub", lambda: hub)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


async def subscribed(exchange: Any) -> None:
    """The first stream's own resync and that of the subscription: from now on nothing is missed."""
    while exchange.body.count(RESYNC) < 2:
        await exchange.until(RESYNC)
        await asyncio.sleep(0.02)


def end_membership(member: Membership) -> None:
    with transaction.atomic(), tenant_scope(member.tenant):
        Membership.objects.filter(pk=member.pk).update(is_active=False)
        end_streams_of(member.number)


def test_stream_carries_the_names_of_its_workspace_only(sign_in: SignIn, ada: Membership, globex: Tenant) -> None:
    client, mine, other = sign_in(ada), ada.tenant_id, globex.pk

    async def scenario() -> None:
        async with opened(get_asgi_application(), PATH, client) as exchange:
            await subscribed(exchange)
            await asyncio.to_thread(publish, other, ["ticket-9"])
            await asyncio.to_thread(publish, mine, ["ticket-1"])
            body = await exchange.until(b"ticket-1")

        assert exchange.status == 200
        assert exchange.headers["content-type"] == "text/event-stream"
        assert exchange.headers["cache-control"] == "no-store"
        assert b"event: changed\ndata: ticket-1\n\n" in body
        assert b"ticket-9" not in body

    run(scenario())


def test_stream_is_for_members_only(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    stranger, foreign = Client(), sign_in(cleo)

    async def scenario() -> None:
        async with opened(get_asgi_application(), PATH, foreign) as exchange:
            await exchange.ended.wait()
        assert exchange.status == 404
        async with opened(get_asgi_application(), PATH, stranger) as exchange:
            await exchange.ended.wait()
        assert exchange.status == 302
        async with opened(get_asgi_application(), "/stream/", foreign) as exchange:
            await exchange.ended.wait()
        assert exchange.status == 404

    run(scenario())


def test_stream_ends_with_the_membership(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    adas, belas = sign_in(ada), sign_in(bela)

    async def scenario() -> None:
        application = get_asgi_application()
        async with opened(application, PATH, adas) as other:
            await subscribed(other)
            async with opened(application, PATH, belas) as exchange:
                await exchange.until(RESYNC)

                await asyncio.to_thread(end_membership, bela)

                await asyncio.wait_for(exchange.ended.wait(), 15)
                assert not other.ended.is_set()
        assert b"!end" not in exchange.body + other.body

    run(scenario())


@pytest.mark.parametrize(("recheck", "fresh", "says"), [(0.2, 9.0, "ticket-1"), (9.0, 0.2, "!resync")])
def test_stream_ends_even_when_the_end_was_announced_in_vain(
    sign_in: SignIn, bela: Membership, monkeypatch: pytest.MonkeyPatch, recheck: float, fresh: float, says: str
) -> None:
    monkeypatch.setattr(stream_view, "RECHECK_SECONDS", recheck)
    monkeypatch.setattr(stream_view, "FRESH_SECONDS", fresh)
    client = sign_in(bela)

    async def scenario() -> None:
        async with opened(get_asgi_application(), PATH, client) as exchange:
            await subscribed(exchange)
            await asyncio.to_thread(Membership.objects.filter(pk=bela.pk).update, is_active=False)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(publish, bela.tenant_id, [says])

            await asyncio.wait_for(exchange.ended.wait(), 15)

        assert b"ticket-1" not in exchange.body

    run(scenario())


def test_open_streams_hold_no_database_connection(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    options: Any = settings.DATABASES["default"]["OPTIONS"]
    count = options["pool"]["max_size"] + 4

    async def scenario() -> None:
        application = get_asgi_application()
        async with asyncio.timeout(50):
            contexts = [opened(application, PATH, client) for _ in range(count)]
            exchanges = [await context.__aenter__() for context in contexts]
            for exchange in exchanges:
                await exchange.until(b"resync", 15)

            async with opened(application, "/acme/profile/", client) as page:
                await asyncio.wait_for(page.ended.wait(), 8)

            assert page.status == 200
            for context in contexts:
                await context.__aexit__(None, None, None)

    run(scenario())
