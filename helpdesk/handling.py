"""Django's ASGI handler, with a bound on what may be sent, and with nothing left open when a request goes wrong."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from django.core import signals
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseBase

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

# Django keeps a body on disk before anybody is asked who sent it; forms take less (DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST_BYTES = 30_000_000
# A mail provider's call holds a whole mail, files and all.
MOST_BYTES_OF_MAIL = 75_000_000
MAIL_DOOR = "/public/mail/"
FORM = "application/x-www-form-urlencoded"
LENGTH = re.compile(r"[0-9]{0,18}", re.ASCII)


class _TooLarge(Exception):
    """The body is over the limit of its path."""


class Handler(ASGIHandler):
    """One for each process."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 to a body that is too large. Whatever else goes wrong, the request's connection is given back."""
        try:
            await super().handle(scope, _bounded(receive, _limit(scope)), send)
        except _TooLarge:
            await self.send_response(HttpResponse(status=413), send)
        except Exception:
            # Without a response Django does not say that the request is over: its thread would take a connection of
            # the pool with it for good, and after as many such requests as the pool holds nobody is answered any more.
            await signals.request_finished.asend(sender=type(self))
            raise

    def create_request(
        self, scope: Mapping[str, Any], body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """The request, or a refusal of one whose form Django would stumble over in every error page again."""
        made = super().create_request(scope, body_file)
        if made[0] is not None and not _is_readable(made[0]):
            return None, HttpResponseBadRequest("The form must be UTF-8 and its length a number.")
        return made


def _is_readable(request: ASGIRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    is_form_in_another_charset = request.content_type == FORM and charset != "utf-8"
    return not is_form_in_another_charset and LENGTH.fullmatch(request.META.get("CONTENT_LENGTH", "")) is not None


def _limit(scope: Scope) -> int:
    return MOST_BYTES_OF_MAIL if scope["path"].startswith(MAIL_DOOR) else MOST_BYTES


def _bounded(receive: Receive, most_bytes: int) -> Receive:
    size = 0

    async def receive_some() -> Any:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most_bytes:
            raise _TooLarge
        return message

    return receive_some
