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
    """One stream per browser: its tabs elect a leader and share what it hears."""
    agent: Membership | None = getattr(request, "agent", None)
    if agent is None:
        raise Http404
    await _release_connections()
    response = StreamingHttpResponse(_events(agent), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(agent: Membership) -> AsyncIterator[bytes]:
    checked = time.monotonic()
    yield b"retry: 2000\n\n"
    async for name in hub().listen(channel_of(agent.tenant_id)):
        if name == f"{END_OF_MEMBER} {agent.number}":
            return
        # The end of a membership may have been announced in vain: it is asked for again where something was missed,
        # and from time to time.
        age = time.monotonic() - checked
        if age > RECHECK_SECONDS or (name == RESYNC and age > FRESH_SECONDS):
            if not await _is_still_member(agent):
                return
            checked = time.monotonic()
        yield _frame(name)


def _frame(name: str | None) -> bytes:
    if name is None:
        return b": alive\n\n"
    if name == RESYNC:
        return b"event: resync\ndata:\n\n"
    if name.startswith(END_OF_MEMBER):
        return b": alive\n\n"  # somebody else's
    return f"event: changed\ndata: {name}\n\n".encode()


async def _is_still_member(agent: Membership) -> bool:
    still = await is_active_member(agent)
    await _release_connections()
    return still


async def _release_connections() -> None:
    # A streaming response that touched the ORM keeps its pooled connection until it closes; twenty open pages
    # would then starve every other request.
    await sync_to_async(connections.close_all)()
