"""Structured log: one line an event, with tenant and request id, without secrets or letters' contents."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from core.database.session import active_tenant

# Keys whose values are never written, and shapes of secrets that may stand inside other text
# (the prefixes are those of Shopify's access tokens and shared secrets; the paths are those of links that let in).
SECRET_KEYS = re.compile(r"(?i)(password|secret|token|authorization|cookie|credential|api_?key|hmac)")
SECRET_SHAPES = re.compile(
    r"(?i)(shp(?:at|ca|pa|ss|rt)_[0-9a-z]+|bearer\s+\S+|://[^/\s:@]*:[^/\s@]+@"
    r"|(?<=/password/reset/key/)[0-9a-z]+-[^/\s]+|(?<=/accounts/invitation/)[^/\s]+)"
)
MASK = "***"
LONGEST = 2000  # characters of a value, tracebacks aside: a stranger's URL may have 60,000

log = structlog.get_logger(__name__)


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: mask secrets by key and by shape, cut what is endless."""
    for key, value in event.items():
        if SECRET_KEYS.search(key):
            event[key] = MASK
        elif isinstance(value, str):
            event[key] = SECRET_SHAPES.sub(MASK, value if key == "exception" else value[:LONGEST])
    return event


def add_tenant(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: the id of the active tenant, "" outside any."""
    event.setdefault("tenant", active_tenant.get())
    return event


def configure_logging(*, level: str, style: str) -> None:
    """Send structlog and the standard library's loggers to standard error through one chain."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_tenant,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrub,
    ]
    renderer: Any = structlog.dev.ConsoleRenderer() if style == "console" else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level if level in logging.getLevelNamesMapping() else "INFO")
    for noisy in ("httpx", "httpcore", "asyncio", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class RequestLogMiddleware:
    """Gives each request an id, answers it in X-Request-Id, and writes one line when the request is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        start = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            milliseconds = round((time.perf_counter() - start) * 1000, 1)
            # The tenant's scope is closed by now; the request still knows whose it was.
            tenant = getattr(getattr(request, "tenant", None), "pk", "")
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=milliseconds,
                tenant=str(tenant),
            )
        response["X-Request-Id"] = request_id
        return response
