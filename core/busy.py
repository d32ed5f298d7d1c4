"""An answer for people where rows they wanted to change were held by others for long: nothing was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import DeadlockDetected, LockNotAvailable

from core.retry import Retryable

BUSY = 409
WORDS = "Somebody is at work on this. Nothing was saved; try again in a moment."

log = structlog.get_logger(__name__)


class BusyMiddleware:
    """Answers what may succeed a moment later. Machines, which try again by themselves, hear that it failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        if not request.user.is_authenticated or not (isinstance(error, Retryable) or was_held(error)):
            return None
        # Everything the view wrote was undone before we are asked.
        log.warning("request.busy", path=request.path, exc_info=error)
        if request.htmx and not request.htmx.boosted:
            return HttpResponse(status=BUSY, headers={"HX-Trigger": json.dumps({"busy": {"words": WORDS}})})
        return render(request, "409.html", status=BUSY)


def was_held(error: Exception) -> bool:
    """Whether PostgreSQL gave up waiting for a row that others held."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable | DeadlockDetected)
