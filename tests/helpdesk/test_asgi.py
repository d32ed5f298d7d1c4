"""The ASGI entry: hot doors first, everything else Django's."""

import asyncio
from typing import Any

import pytest

from helpdesk import asgi
from tests.asgi import opened


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which paths came to a door instead of Django."""
    seen: list[str] = []

    async def door(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr(asgi, "HOT_DOORS", {"/hooks/": door})
    return seen


def ask(path: str) -> int:
    async def scenario() -> int:
        async with opened(asgi.application, path) as exchange:
            await asyncio.wait_for(exchange.ended.wait(), 15)
        return exchange.status

    return asyncio.run(scenario())


def test_door_takes_its_prefix(doors: list[str]) -> None:
    assert ask("/hooks/shopify/") == 299
    assert doors == ["/hooks/shopify/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/hooksy/", 302), ("/acme/hooks/shopify/", 302), ("/hooks", 404)]
)
def test_other_paths_are_djangos(doors: list[str], path: str, status: int) -> None:
    assert ask(path) == status
    assert doors == []


@pytest.mark.django_db(transaction=True)
def test_pages_are_kept_by_nobody_and_framed_by_nobody() -> None:
    async def scenario() -> dict[str, str]:
        async with opened(asgi.application, "/accounts/login/") as exchange:
            await asyncio.wait_for(exchange.ended.wait(), 15)
        return exchange.headers

    headers = asyncio.run(scenario())

    assert "no-store" in headers["cache-control"]
    assert "private" in headers["cache-control"]
    assert {"cookie", "hx-request"} <= {one.strip().lower() for one in headers["vary"].split(",")}
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
