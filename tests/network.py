"""No test speaks to the outside: loopback and unix sockets only."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class LeftTheMachine(OSError):
    """A test tried to reach the network; to the product it looks like a machine without one."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Within the block, connecting elsewhere and looking names up raise LeftTheMachine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host and not _is_here(str(host)) and not _is_literal(host):
            raise LeftTheMachine(f"a test looked up {host}")
        return look_up(host, *args, **kwargs)

    def _is_literal(host: Any) -> bool:
        try:
            return bool(look_up(host, None, flags=socket.AI_NUMERICHOST))
        except OSError:
            return False

    changed: Any = socket
    socket_type: Any = socket.socket
    socket_type.connect, socket_type.connect_ex = guarded_connect, guarded_connect_ex
    changed.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        socket_type.connect, socket_type.connect_ex = connect, connect_ex
        changed.getaddrinfo = look_up


def _check(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
        raise LeftTheMachine(f"a test connected to {address[0]}")


def _is_here(host: str) -> bool:
    if host in ("localhost", "0.0.0.0", "::"):  # where servers of tests listen
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
