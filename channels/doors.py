"""The hot door for the picture in a letter: GET /public/mail/open/<token>.gif, answered before Django is asked.

It gives the picture to everybody, at once; whether the token is ours, and what follows from it, is nobody's business.
"""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from django.db import connection

from channels.services import watching
from core import clock

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

# One transparent point.
PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HEADERS = [
    (b"content-type", b"image/gif"),
    (b"content-length", str(len(PICTURE)).encode()),
    (b"cache-control", b"no-store, private"),
    (b"x-content-type-options", b"nosniff"),
    # Mail on the web is another site, and may ask for proof that we let it show this.
    (b"cross-origin-resource-policy", b"cross-origin"),
]
# Openings that may wait to be counted; beyond that they are not, rather than let anything else wait for them.
MOST_WAITING = 500

_counters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="openings")
_waiting = 0


async def picture_door(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 with the picture to any GET, 405 to anything but GET and HEAD."""
    if scope["method"] not in ("GET", "HEAD"):
        refusal = [(b"content-length", b"0"), (b"allow", b"GET, HEAD")]
        await send({"type": "http.response.start", "status": 405, "headers": refusal})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    is_shown = scope["method"] == "GET"
    await send({"type": "http.response.body", "body": PICTURE if is_shown else b""})
    token = scope["path"].removeprefix(watching.PATH).removesuffix(".gif")
    if is_shown and (watched := watching.read_token(token)):
        await _count(watched)


async def _count(watched: watching.Watched) -> None:
    global _waiting  # noqa: PLW0603  on the loop's thread only
    if _waiting >= MOST_WAITING:
        return
    _waiting += 1
    try:
        await asyncio.get_running_loop().run_in_executor(_counters, _count_now, watched)
    finally:
        _waiting -= 1


def _count_now(watched: watching.Watched) -> None:
    try:
        watching.count_opening(watched=watched, at=clock.now())
    except Exception:
        # The reader has the picture; the next opening is counted again.
        log.exception("opening.not_counted")
    finally:
        connection.close()  # back to the pool
