"""The outbound client against a real socket that behaves well and badly, and against names that lead inside."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import pytest

from core.http import HttpClient, Refused, TimedOut, TooLarge, Unreachable, read_json

Behavior = Callable[[socket.socket, bytes], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: yes\r\n\r\n{}"


class Server:
    """Accepts connections on loopback and hands each request's bytes to `behavior`."""

    def __init__(self) -> None:
        self.behavior: Behavior = lambda connection, request: connection.sendall(OK)
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/path"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while request := self._read(connection):
                self.requests.append(request)
                try:
                    self.behavior(connection, request)
                except OSError:
                    return

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while not data.endswith((b"}", b"\r\n\r\n")) or (data.startswith(b"POST") and not data.endswith(b"}")):
            try:
                chunk = connection.recv(65536)
            except OSError:
                return b""
            if not chunk:
                return b""
            data += chunk
        return data

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    with contextlib.suppress(OSError):
        running.close()


@pytest.fixture
def client(server: Server) -> Iterator[HttpClient]:
    made = HttpClient(
        allowed_hosts={f"127.0.0.1:{server.port}"}, connect_seconds=0.5, total_seconds=0.4, max_bytes=10_000
    )
    yield made
    made.close()


def sends(*parts: bytes, pause: float = 0.0) -> Behavior:
    def behave(connection: socket.socket, request: bytes) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return behave


def test_post_sends_json_and_reads_the_answer(server: Server, client: HttpClient) -> None:
    response = client.post_json(server.url, json={"note": "é"}, headers={"X-Token": "t"})

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /path HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert b"X-Token: t" in head and b"identity" in head and b"gzip" not in head
    assert json.loads(body) == {"note": "é"}
    assert (response.status, response.body, response.headers["x-seen"]) == (200, b"{}", "yes")


@pytest.mark.parametrize("status", [b"302 Found\r\nLocation: http://127.0.0.1:1/", b"404 No", b"503 Busy"])
def test_post_answers_every_status_and_follows_nothing(status: bytes, server: Server, client: HttpClient) -> None:
    server.behavior = sends(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")

    assert client.post_json(server.url, json={}).status == int(status[:3])
    assert len(server.requests) == 1


def test_post_keeps_no_cookies_and_asks_no_proxy(
    server: Server, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.behavior = sends(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")

    client.post_json(server.url, json={})
    client.post_json(server.url, json={})

    assert b"cookie" not in server.requests[1].lower()


def test_post_caps_the_answer(server: Server, client: HttpClient) -> None:
    server.behavior = sends(b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + b"x" * 20000)

    with pytest.raises(TooLarge):
        client.post_json(server.url, json={})


def test_post_refuses_a_packed_answer(server: Server, client: HttpClient) -> None:
    server.behavior = sends(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b")

    with pytest.raises(Unreachable):
        client.post_json(server.url, json={})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("silence", [b""] * 200),
        ("slow head", [b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 200]),
        ("slow body", [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", *[b"x"] * 200]),
    ],
)
def test_the_whole_call_is_bounded(name: str, parts: list[bytes], server: Server, client: HttpClient) -> None:
    server.behavior = sends(*parts, pause=0.05)
    began = time.monotonic()

    with pytest.raises(TimedOut):
        client.post_json(server.url, json={})
    assert time.monotonic() - began < 1.0


def test_a_slow_name_look_up_is_bounded() -> None:
    def resolve_slowly(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    client = HttpClient(connect_seconds=0.1, resolve=resolve_slowly)
    began = time.monotonic()

    with pytest.raises(TimedOut):
        client.post_json("https://slow.example/", json={})
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    "answer", [b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_what_is_not_http_is_unreachable(answer: bytes, server: Server, client: HttpClient) -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    server.behavior = behave

    with pytest.raises(Unreachable):
        client.post_json(server.url, json={})


def test_a_closed_port_and_an_unknown_name_are_unreachable(server: Server, client: HttpClient) -> None:
    server.close()

    with pytest.raises(Unreachable):
        client.post_json(server.url, json={})
    with pytest.raises(Unreachable):
        HttpClient(resolve=lambda host, port: []).post_json("https://nobody.example/", json={})


def test_headers_that_would_break_the_request_are_refused(server: Server, client: HttpClient) -> None:
    with pytest.raises(Refused):
        client.post_json(server.url, json={}, headers={"X-Token": "a\r\nX-Other: b"})
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://shop.example:8443/",
        "https://user:password@shop.example/",
        "https:///path",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
)
def test_urls_we_never_call_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        HttpClient(resolve=never_asked).post_json(url, json={})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_spellings_of_inner_addresses_are_refused(host: str) -> None:
    with pytest.raises(Refused):
        HttpClient().post_json(f"https://{host}/", json={})


def test_one_inner_address_among_public_ones_is_enough_to_refuse(dialed: list[Any]) -> None:
    client = HttpClient(resolve=lambda host, port: ["1.1.1.1", "10.0.0.1"])

    with pytest.raises(Refused):
        client.post_json("https://shop.example/", json={})
    assert dialed == []


def test_a_rebinding_name_reaches_only_the_judged_address(dialed: list[Any]) -> None:
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])
    client = HttpClient(resolve=lambda host, port: next(answers))

    with pytest.raises(Unreachable):
        client.post_json("https://rebind.example/", json={})
    with pytest.raises(Refused):
        client.post_json("https://rebind.example/", json={})

    assert dialed == [("1.1.1.1", 443), "rebind.example"]


def test_an_allowed_host_keeps_its_name_on_the_wire(server: Server) -> None:
    client = HttpClient(allowed_hosts={f"store.test:{server.port}"}, resolve=lambda host, port: ["127.0.0.1"])

    client.post_json(f"http://store.test:{server.port}/", json={})

    assert f"Host: store.test:{server.port}".encode() in server.requests[0]
    with pytest.raises(Refused):
        client.post_json("http://store.test:1/", json={})


@pytest.fixture
def patient(server: Server) -> Iterator[HttpClient]:
    """For several calls in a row on a busy machine."""
    made = HttpClient(allowed_hosts={f"127.0.0.1:{server.port}"}, total_seconds=20)
    yield made
    made.close()


def test_get_says_nothing_of_who_asks(server: Server, patient: HttpClient) -> None:
    server.behavior = sends(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 3\r\n\r\nabc")

    answers = [patient.get(f"{server.url}#part", headers={"accept": "image/png"}) for _ in range(2)]

    assert [one.body for one in answers] == [b"abc", b"abc"]
    names = {line.split(b":")[0].lower() for line in server.requests[1].split(b"\r\n")[1:] if line}
    assert names == {b"host", b"accept", b"accept-encoding", b"user-agent"}
    assert server.requests[1].startswith(b"GET /path HTTP/1.1\r\n")


def redirects(port: int, *places: str) -> Behavior:
    """Each request is sent on to the next place; behind the last there is content."""
    left = list(places)

    def behave(connection: socket.socket, request: bytes) -> None:
        if left:
            place = left.pop(0).format(port=port)
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            connection.sendall(OK)

    return behave


def test_get_follows_so_many_redirects(server: Server, patient: HttpClient) -> None:
    server.behavior = redirects(server.port, "/two", "http://127.0.0.1:{port}/three", "four")
    assert patient.get(server.url, redirects=3).status == 200
    assert [one.split()[1] for one in server.requests] == [b"/path", b"/two", b"/three", b"/four"]

    server.behavior = redirects(server.port, "/two", "/three", "/four", "/five")
    with pytest.raises(Refused):
        patient.get(server.url, redirects=3)


@pytest.mark.parametrize(
    "place",
    [
        *("http://127.0.0.2:{port}/", "http://localhost/", "http://169.254.169.254/latest/", "https://[::1]/"),
        *("file:///etc/passwd", "http://user:pw@127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/", "//10.0.0.1/"),
        *("http://public.example:8080/", "http://[::1"),
    ],
)
def test_get_judges_each_redirect_like_the_first_address(server: Server, patient: HttpClient, place: str) -> None:
    server.behavior = redirects(server.port, place)

    with pytest.raises(Refused):
        patient.get(server.url, redirects=3)
    assert len(server.requests) == 1


def test_all_redirects_share_the_time_of_one_call(server: Server, client: HttpClient) -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.15)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n")

    server.behavior = behave
    began = time.monotonic()

    with pytest.raises(TimedOut):
        client.get(server.url, redirects=50)
    assert time.monotonic() - began < 1.0


def test_get_may_go_without_tls_but_not_to_other_ports(dialed: list[Any]) -> None:
    client = HttpClient(resolve=lambda host, port: ["1.1.1.1"])

    with pytest.raises(Unreachable):
        client.get("http://pictures.example/a.png")
    for refused in ("http://pictures.example:443/", "https://pictures.example:80/", "http://pictures.example:22/"):
        with pytest.raises(Refused):
            client.get(refused)
    assert dialed == [("1.1.1.1", 80)]


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b"[" * 100_000, b"\xff", b"9" * 5000])
def test_read_json_raises_one_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any of its kinds, with any text
        read_json(body)


def never_asked(host: str, port: int) -> list[str]:
    raise AssertionError("must not be resolved")


class DeafStream(httpcore.NetworkStream):
    """A connection that gets no further than greeting."""

    def __init__(self, dialed: list[Any]) -> None:
        self._dialed = dialed

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        self._dialed.append(server_hostname)
        raise httpcore.ConnectError("deaf")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        raise httpcore.WriteError("deaf")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        raise httpcore.ReadError("deaf")

    def close(self) -> None:
        return


@pytest.fixture
def dialed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses dialed and the names greeted, in order; nothing really leaves."""
    seen: list[Any] = []

    def connect_tcp(self: Any, host: str, port: int, *rest: Any) -> DeafStream:
        seen.append((host, port))
        return DeafStream(seen)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    return seen
