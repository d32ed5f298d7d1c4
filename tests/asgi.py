"""Drives the ASGI application as a server would: many requests and streams at once on one event loop."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

from django.test import Client


class Exchange:
    """One request being answered. `body` grows while a stream is open."""

    def __init__(self, sent: bytes = b"") -> None:
        self._sent = sent
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.ended = asyncio.Event()
        self._news = asyncio.Event()
        self._left = asyncio.Event()
        self._asked = False

    async def until(self, text: bytes, seconds: float = 15.0) -> bytes:
        """Wait until the body holds a text; returns the body. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while text not in self.body:
                self._news.clear()
                await self._news.wait()
        return self.body

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._sent, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        self.body += message.get("body", b"")
        self._news.set()

    def leave(self) -> None:
        self._left.set()


@asynccontextmanager
async def opened(
    application: Any,
    path: str,
    client: Client | None = None,
    *,
    method: str = "GET",
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
) -> AsyncIterator[Exchange]:
    """Ask for a path with a test client's cookies; the browser leaves at the end of the block."""
    exchange = Exchange(body)
    scope = _scope(path, client, method)
    scope["headers"] += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    task = asyncio.create_task(_run(application, scope, exchange))
    try:
        yield exchange
    finally:
        exchange.leave()
        await asyncio.wait_for(task, 10)


async def _run(application: Any, scope: dict[str, Any], exchange: Exchange) -> None:
    try:
        await application(scope, exchange.receive, exchange.send)
    finally:
        exchange.ended.set()


def _scope(path: str, client: Client | None, method: str) -> dict[str, Any]:
    headers = [(b"host", b"testserver")]
    if client:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        headers.append((b"cookie", cookies.encode()))
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
