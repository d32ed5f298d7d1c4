"""A real HTTP server in a thread that plays a mail provider: it keeps what it is asked and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Pretend:
    """`answer` is (status, headers, body) of what comes next."""

    url: str = ""
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
    asked: list[Asked] = field(default_factory=list)

    def says(self, status: int, content: object, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = (status, {"Content-Type": "application/json", **named}, json.dumps(content).encode())


@contextmanager
def pretend_provider() -> Iterator[Pretend]:
    """A server on a free port of this machine."""
    pretend = Pretend()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            pretend.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, headers, answer = pretend.answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815  the same

        def log_message(self, *args: Any) -> None:
            """Tests read `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pretend.url = f"http://127.0.0.1:{server.server_address[1]}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield pretend
    finally:
        server.shutdown()
        server.server_close()
