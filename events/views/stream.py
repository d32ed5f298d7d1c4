"""The live stream of a workspace: server-sent events that carry names of things that changed, never contents."""

import time
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections, transaction
from django.http import Http404, StreamingHttpResponse
from django.views.decorators.http import require_GET

from accounts.access import is_active_member
from accounts.models import Membership
from core.live import RESYNC
from events.hub import Hub
from events.services.announcing import END_OF_MEMBER, channel_of

RECHECK_SECONDS = 60.0
FRESH_SECONDS = 1.0


@cache
def hub() -> Hub:
    """This process's hub."""
    return Hub(settings.REDIS_URL)


@transaction.non_atomic_requests
@require_GET
async def stream(request: Any) -> StreamingHttpResponse:
    """One stream per browser: its tabs elect a leader and share what it hears.

    `since`, or the Last-Event-ID of a browser that comes again, is the moment from which the names are told: that of
    the page, or of the last event. Milliseconds since 1970.
    """
    agent: Membership | None = getattr(request, "agent", None)
    if agent is None:
        raise Http404
    await _release_connections()
    since = _moment(request.headers.get("Last-Event-ID") or request.GET.get("since", ""))
    response = StreamingHttpResponse(_events(agent, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(agent: Membership, since: float | None) -> AsyncIterator[bytes]:
    opened, checked = time.time(), time.monotonic()
    yield b"retry: 2000\n\n"
    async for heard in hub().listen(channel_of(agent.tenant_id), since):
        name, ended = heard.name, heard.name == f"{END_OF_MEMBER} {agent.number}"
        if ended and heard.at >= opened:
            return
        if ended:
            name = RESYNC  # an earlier stream was closed so that whoever is still let in asks for everything again
        # The end of a membership may have been announced in vain: it is asked for again where something was missed,
        # and from time to time.
        age = time.monotonic() - checked
        if ended or age > RECHECK_SECONDS or (name == RESYNC and age > FRESH_SECONDS):
            if not await _is_still_member(agent):
                return
            checked = time.monotonic()
        yield _frame(name, heard.at)


def _frame(name: str | None, at: float) -> bytes:
    """Every frame carries its moment: a browser that comes again says which it heard last."""
    if name is None or name.startswith(END_OF_MEMBER):  # the end of somebody else
        kind, name = "alive", ""
    elif name == RESYNC:
        kind, name = "resync", ""
    else:
        kind = "changed"
    return f"id: {int(at * 1000)}\nevent: {kind}\ndata: {name}".rstrip().encode() + b"\n\n"


def _moment(text: str) -> float | None:
    return int(text) / 1000 if text.isascii() and text.isdecimal() and len(text) < 16 else None


async def _is_still_member(agent: Membership) -> bool:
    still = await is_active_member(agent)
    await _release_connections()
    return still


async def _release_connections() -> None:
    # A streaming response that touched the ORM keeps its pooled connection until it closes; twenty open pages
    # would then starve every other request.
    await sync_to_async(connections.close_all)()
