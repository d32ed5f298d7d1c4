"""A small web server that takes webhooks in, remembers them, and can be told to refuse some."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One webhook as it came over the wire."""

    headers: dict[str, str]
    raw: bytes

    @property
    def topic(self) -> str:
        return self.headers["x-shopify-topic"]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Receiver:
    """`answers` are the statuses of the next requests; afterwards it is 200."""

    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    def wait_for(self, count: int, *, topic: str = "", seconds: float = 3.0) -> list[Received]:
        """The first `count` webhooks (of a topic), or what has come when the time is over."""
        return self._wait(lambda: [each for each in self.received if topic in ("", each.topic)], count, seconds)

    def _wait(self, read: Callable[[], list[Received]], count: int, seconds: float) -> list[Received]:
        ends_at = time.monotonic() + seconds
        while len(read()) < count and time.monotonic() < ends_at:
            time.sleep(0.005)
        return read()

    def clear(self) -> None:
        self.received.clear()
        self.answers.clear()


def open_receiver(receiver: Receiver) -> ThreadingHTTPServer:
    """Serve on a free port in a thread; `shutdown` and `server_close` end it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers, raw))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
