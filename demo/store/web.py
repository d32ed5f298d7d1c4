"""Just enough of a web framework: a request, a response, and a router."""

import json
import re
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 4_000_000  # Bytes.
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One request, read to its end. `path` holds the named parts of the matched pattern."""

    method: str
    url: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    path: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        return json.loads(self.body)

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a posted form, as the browser wrote them (a textarea's lines end in CRLF)."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def cookie(self, name: str) -> str:
        """The value of a cookie, or an empty text."""
        cookies = SimpleCookie(self.headers.get("cookie", ""))
        return cookies[name].value if name in cookies else ""


@dataclass(frozen=True)
class Response:
    """An answer with its whole body."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def page(markup: str, status: int = 200) -> Response:
    """An HTML page."""
    return Response(markup.encode(), status)


def as_json(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """A JSON answer."""
    return Response(json.dumps(value, ensure_ascii=False).encode(), status, JSON, headers)


def redirect(url: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Go there with GET: the answer to a posted form."""
    return Response(status=303, headers=(("location", url), *headers))


class BodyTooLarge(Exception):
    """The request's body is over LARGEST_BODY."""


class Router:
    """Routes by method and pattern (`/shops/{shop}/admin`); an ASGI application for HTTP, without a lifespan."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer `method pattern` with `handler`; the first route added wins."""
        shape = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self._routes.append((method, re.compile(shape), handler))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry."""
        await _send(await self._respond(scope, receive), scope["method"], send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        wanted = "GET" if scope["method"] == "HEAD" else scope["method"]
        fitting = self._matches(scope["path"])
        for method, match, handler in fitting:
            if method == wanted:
                try:
                    return await handler(await _read(scope, receive, match.groupdict()))
                except BodyTooLarge:
                    return Response(b"Too large", 413)
                except Exception:  # noqa: BLE001  whatever went wrong is told, and the store goes on
                    traceback.print_exc()
                    return Response(b"Internal Server Error", 500)
        return Response(b"Method not allowed", 405) if fitting else Response(b"Not found", 404)

    def _matches(self, path: str) -> list[tuple[str, re.Match[str], Handler]]:
        found = ((method, shape.fullmatch(path), handler) for method, shape, handler in self._routes)
        return [(method, match, handler) for method, match, handler in found if match]


async def _read(scope: Scope, receive: Receive, path: dict[str, str]) -> Request:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
        if not message.get("more_body"):
            break
    query = scope["query_string"].decode()
    return Request(
        method=scope["method"],
        url=scope["path"] + (f"?{query}" if query else ""),
        query=dict(parse_qsl(query, keep_blank_values=True)),
        headers={name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=bytes(body),
        path=path,
    )


async def _send(response: Response, method: str, send: Send) -> None:
    headers = [("content-type", response.content_type), ("content-length", str(len(response.body)))]
    raw = [(name.encode(), value.encode("latin-1")) for name, value in [*headers, *response.headers]]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})
