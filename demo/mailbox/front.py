"""One port for mail programs and browsers: who speaks HTTP first gets pages, who waits to be greeted gets SMTP."""

import asyncio
from collections.abc import Callable
from typing import Literal, cast

# An SMTP client waits for our greeting, a browser sends its request at once: so silence means mail.
PATIENCE_SECONDS = 0.15
METHODS = (b"GET ", b"POST ", b"HEAD ", b"PUT ", b"DELETE ", b"OPTIONS ", b"PATCH ")


def tell(first: bytes) -> Literal["http", "smtp", "unsure"]:
    """Which protocol a connection's first bytes belong to."""
    if first.startswith(METHODS):
        return "http"
    return "unsure" if any(method.startswith(first) for method in METHODS) else "smtp"


class Front(asyncio.Protocol):
    """Listens to a new connection for a moment and hands it over, with whatever was said so far."""

    def __init__(self, make_http: Callable[[], asyncio.Protocol], make_smtp: Callable[[], asyncio.Protocol]) -> None:
        self._make_http = make_http
        self._make_smtp = make_smtp
        self._heard = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._hand_over, self._make_smtp)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        match tell(self._heard):
            case "http":
                self._hand_over(self._make_http)
            case "smtp":
                self._hand_over(self._make_smtp)

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _hand_over(self, make: Callable[[], asyncio.Protocol]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        protocol = make()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if self._heard:
            protocol.data_received(self._heard)
