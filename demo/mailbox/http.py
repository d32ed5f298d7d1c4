"""Just enough of an HTTP server for the pages: requests in, responses out, connections kept open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import h11

LARGEST_REQUEST = 2 * 1024 * 1024
# Long, so that a browser uses this connection again instead of one that was greeted as a mail program.
IDLE_SECONDS = 600.0
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:"


@dataclass(frozen=True)
class Request:
    """A request read to its end; `form` holds the fields of a POST."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass(frozen=True)
class Response:
    """An answer; the headers given replace our own of the same name."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


App = Callable[[Request], Awaitable[Response]]


def see_other(path: str) -> Response:
    """Send the browser on to a page after a form."""
    return Response(b"", status=303, headers={"Location": path})


def protocol(app: App) -> asyncio.StreamReaderProtocol:
    """A connection that speaks HTTP with `app`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(app, reader, writer)

    return asyncio.StreamReaderProtocol(asyncio.StreamReader(), serve)


async def _serve(app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h11.Connection(h11.SERVER)
    try:
        while True:
            request = await asyncio.wait_for(_read(connection, reader), IDLE_SECONDS)
            if request is None:
                return
            await _write(connection, writer, request.method, await app(request))
            if connection.our_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()
    except h11.RemoteProtocolError as error:
        if connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            await _write(connection, writer, "GET", Response(str(error).encode(), "text/plain", 400))
    except (TimeoutError, ConnectionError, asyncio.CancelledError):
        # Canceled only when the mailbox stops; asyncio of Python 3.11 would report that as a fault of ours.
        return
    finally:
        writer.close()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > LARGEST_REQUEST:
                raise h11.RemoteProtocolError("too large")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _request(head, body)
        else:
            return None


def _request(head: h11.Request, body: bytes) -> Request:
    parts = urlsplit(head.target.decode("ascii", "replace"))
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)) if head.method == b"POST" else {}
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode("latin-1"), parts.path, dict(parse_qsl(parts.query)), headers, form)


async def _write(connection: h11.Connection, writer: asyncio.StreamWriter, method: str, response: Response) -> None:
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Content-Security-Policy": f"{POLICY}; frame-src 'self'; form-action 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        **response.headers,
    }
    writer.write(connection.send(h11.Response(status_code=response.status, headers=list(headers.items()))) or b"")
    if method != "HEAD":
        writer.write(connection.send(h11.Data(data=response.body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()
