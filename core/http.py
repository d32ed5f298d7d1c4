"""The one outbound HTTP client: bounded in time and size, without cookies or redirects, closed to private addresses."""

import functools
import json as json_text
import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from core.addresses import is_public, resolve_host

Resolver = Callable[[str, int], list[str]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_USUAL_PORTS = {"http": 80, "https": 443}

_deadline: ContextVar[float] = ContextVar("http_deadline")


class HttpError(Exception):
    """The call brought no answer; the text names the host and the cause, never what was sent or received."""


class TimedOut(HttpError):
    """Connecting or the whole call took too long; the other side may have acted all the same."""


class Unreachable(HttpError):
    """No such host, no connection, a certificate that does not fit, or an answer that is not HTTP."""


class TooLarge(HttpError):
    """The answer is larger than the cap; the rest of it was not read."""


class Refused(HttpError):
    """We did not call: the URL or the address behind it is one we never talk to."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status; header names are in lower case, redirects are answers like others."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_json(body: bytes) -> Any:
    """Read JSON that a stranger wrote; raise ValueError for anything else, also for NaN and bottomless nesting."""
    try:
        return json_text.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class HttpClient:
    """Calls the outside world; make one per process (after forking) and share it between threads.

    `allowed_hosts` holds "host:port" pairs that development may call without TLS and on a private address.
    `connect_seconds` bounds reaching a host and then greeting it, `total_seconds` the whole call, `max_bytes` the
    answer. `resolve` is for tests that play with names.
    """

    def __init__(
        self,
        *,
        allowed_hosts: Iterable[str] = (),
        connect_seconds: float = 3.0,
        total_seconds: float = 10.0,
        max_bytes: int = 4_000_000,
        user_agent: str = "helpdesk",
        resolve: Resolver | None = None,
    ) -> None:
        self._allowed = frozenset(allowed_hosts)
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._user_agent = user_agent
        backend = _GuardedBackend(self._allowed, resolve or resolve_host)
        self._transport = _GuardedTransport(backend)

    def post_json(self, url: str, *, json: object, headers: Mapping[str, str] | None = None) -> Response:
        """POST `json` to `url` and answer whatever status came back; raise an HttpError when no answer did."""
        body = json_text.dumps(json, allow_nan=False).encode()
        return self.call("POST", url, headers={**(headers or {}), "content-type": "application/json"}, body=body)

    def call(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Response:
        """Ask `url` as told and answer whatever status came back; raise an HttpError when no answer did."""
        token = _deadline.set(time.monotonic() + self._total_seconds)
        try:
            return self._call(method, self._checked(url, ("https",)), headers, body)
        finally:
            _deadline.reset(token)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, redirects: int = 3) -> Response:
        """GET `url`, by http or https, following at most `redirects`, each judged like the first; raise an HttpError
        when no answer came.
        """
        token = _deadline.set(time.monotonic() + self._total_seconds)
        try:
            for _ in range(redirects + 1):
                target = self._checked(url, ("https", "http"))
                response = self._call("GET", target, headers or {})
                if response.status not in _REDIRECTS or "location" not in response.headers:
                    return response
                url = _joined(target, response.headers["location"])
            raise Refused(f"{target.host} sends us on too often")
        finally:
            _deadline.reset(token)

    def close(self) -> None:
        """Close the connections kept open for the next call."""
        self._transport.close()

    def _checked(self, url: str, schemes: Iterable[str]) -> httpx.URL:
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise Refused("the URL cannot be read") from error
        if not target.host or target.userinfo:
            raise Refused("the URL needs a host and must not carry a password")
        if _netloc(target) in self._allowed and target.scheme in {"http", "https"}:
            return target
        if target.scheme not in schemes or target.port not in {None, _USUAL_PORTS.get(target.scheme)}:
            raise Refused(f"{target.host} must be called with {' or '.join(schemes)} on the usual port")
        return target

    def _call(self, method: str, target: httpx.URL, headers: Mapping[str, str], content: bytes = b"") -> Response:
        # Unpacking is not asked for: a small compressed answer could grow past the cap before it is counted.
        own = {"accept-encoding": "identity", "user-agent": self._user_agent}
        timeouts = {"timeout": self._timeouts()}
        request = httpx.Request(method, target, headers={**headers, **own}, content=content, extensions=timeouts)
        try:
            return self._send(request)
        except httpx.TimeoutException as error:
            raise TimedOut(f"{target.host} did not answer in time") from error
        except httpx.LocalProtocolError as error:
            raise Refused(f"the request for {target.host} is not valid HTTP") from error
        except httpx.TransportError as error:
            raise Unreachable(f"{target.host} could not be reached: {error}") from error

    def _timeouts(self) -> dict[str, float]:
        return {
            "connect": self._connect_seconds,
            "pool": self._connect_seconds,
            "read": self._total_seconds,
            "write": self._total_seconds,
        }

    def _send(self, request: httpx.Request) -> Response:
        # The bare transport, not httpx.Client: no cookie jar shared by tenants, no redirects, no proxy from outside.
        response = self._transport.handle_request(request)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise Unreachable(f"{request.url.host} answered in an encoding that was not asked for")
            return Response(response.status_code, dict(response.headers), self._read(response, request.url.host))
        finally:
            response.close()

    def _read(self, response: httpx.Response, host: str) -> bytes:
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"{host} answered with more than {self._max_bytes} bytes")
        return bytes(body)


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _netloc(url: httpx.URL) -> str:
    return f"{url.host}:{url.port or _USUAL_PORTS.get(url.scheme, 0)}"


def _joined(base: httpx.URL, place: str) -> str:
    try:
        return str(base.join(place))
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(f"{base.host} sends us to what is no address") from error


class _GuardedTransport(httpx.HTTPTransport):
    """httpx's transport on our own way of connecting; httpx itself offers no public place to hand one in."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        super().__init__(verify=_ssl_context(), trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=_ssl_context(), keepalive_expiry=15.0, network_backend=backend)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves, judges and connects in one place.

    The judged address is the dialed one, so a name that changes between two look-ups (rebinding) gains nothing;
    Host and the TLS server name still come from the URL.
    """

    def __init__(self, allowed: frozenset[str], resolve: Resolver) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        until = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        addresses = self._addresses(host, port, until - time.monotonic())
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses[:4]:
            try:
                seconds = max(until - time.monotonic(), 0.001)
                return _BoundedStream(self._inner.connect_tcp(address, port, seconds, None, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int, seconds: float) -> list[str]:
        addresses = _within(seconds, lambda: self._resolve(host, port))
        if f"{host}:{port}" in self._allowed or all(is_public(address) for address in addresses):
            return addresses
        raise Refused(f"{host} leads to an address that is not public")


class _BoundedStream(httpcore.NetworkStream):
    """A stream on which no read or write outlasts the call: else a byte every few seconds could hold us for ever."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout, httpcore.ConnectTimeout)
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception]) -> float:
    """Seconds until the call's deadline, at most `timeout`; raise `error` when there are none."""
    seconds = _deadline.get() - time.monotonic()
    if seconds <= 0:
        raise error("the time for the call is over")
    return seconds if timeout is None else min(timeout, seconds)


def _within(seconds: float, work: Callable[[], list[str]]) -> list[str]:
    """Wait at most `seconds` for `work`; the system's own name look-up knows no time limit and cannot be stopped."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(work()), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty as error:
        raise httpcore.ConnectTimeout("the name was not found in time") from error
