"""The hot door for stores' webhooks: POST /hooks/<kind>/, answered before Django is asked.

It proves the sender, stores the raw webhook once and answers; what the webhook says is worked later by a task.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from core.http import read_json
from integrations.base import BadWebhook, StoreAdapter
from integrations.registry import UnknownKind, adapter_class
from integrations.services.receiving import Delivery, Intake, Unavailable
from integrations.types import WebhookHead

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

PATH = re.compile(r"/hooks/([a-z_]{1,20})/")
MOST_BYTES = 1_000_000
BODY_SECONDS = 10.0
# Of these nothing is kept: they speak of the way here, and could hold somebody's secrets.
UNKEPT = frozenset({"authorization", "cookie", "forwarded", "proxy-authorization", "host", "content-length"})
MOST_HEADERS = 60
LONGEST_HEADER = 1000

# What an unknown shop's webhook is checked with, so that it takes as long to refuse as a forged one.
NOBODYS = (secrets.token_hex(32), secrets.token_hex(32))

_intakes: WeakKeyDictionary[asyncio.AbstractEventLoop, Intake] = WeakKeyDictionary()


class _Refused(Exception):
    """Answered with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def webhook_door(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one webhook: 200 stored (or stored before), 400 not JSON, 401 not signed by a connected store,
    404 no such kind, 405 not POST, 408 too slow, 413 over 1 MB, 503 try again."""
    try:
        await _take_in(scope, receive)
        status = 200
    except _Refused as refusal:
        status = refusal.status
    except Unavailable as error:
        log.warning("webhook.not_stored", error=str(error))
        status = 503
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    headers += {405: [(b"allow", b"POST")], 503: [(b"retry-after", b"5")]}.get(status, [])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def intake() -> Intake:
    """The running loop's intake."""
    loop = asyncio.get_running_loop()
    if loop not in _intakes:
        _intakes[loop] = Intake()
    return _intakes[loop]


async def _take_in(scope: Scope, receive: Receive) -> None:
    kind, adapter = _adapter(scope)
    headers = _headers(scope["headers"])
    body = await _body(headers, receive)
    head = _head(adapter, headers)
    to = await intake().find(kind, head.shop) if head else None
    # Refused alike, after the same work: no signature, a wrong one, or a shop that nobody is connected to.
    is_genuine = adapter.verify_webhook(headers, body, (*to.secrets, *NOBODYS)[:2] if to else NOBODYS)
    if head is None or to is None or not is_genuine:
        raise _Refused(401)
    try:
        read_json(body)
    except ValueError as error:
        raise _Refused(400) from error
    await intake().keep(to, Delivery(head.webhook_id, head.topic, _kept(headers), body))


def _adapter(scope: Scope) -> tuple[str, type[StoreAdapter]]:
    found = PATH.fullmatch(scope["path"])
    try:
        kind = found[1] if found else ""
        adapter = adapter_class(kind)
    except UnknownKind as error:
        raise _Refused(404) from error
    if scope["method"] != "POST":
        raise _Refused(405)
    return kind, adapter


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST_BYTES:
        raise _Refused(413)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive)
    except TimeoutError as error:
        raise _Refused(408) from error


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(400)
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise _Refused(413)
        if not message.get("more_body", False):
            return bytes(body)


def _head(adapter: type[StoreAdapter], headers: Mapping[str, str]) -> WebhookHead | None:
    try:
        return adapter.read_webhook_head(headers)
    except BadWebhook:
        return None


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    wanted = [(name, value) for name, value in headers.items() if name not in UNKEPT and value.isprintable()]
    return {name: value[:LONGEST_HEADER] for name, value in wanted[:MOST_HEADERS]}
