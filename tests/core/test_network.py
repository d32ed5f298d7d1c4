"""The tests themselves: nothing leaves this machine."""

import socket

import pytest

from core.addresses import resolve_host
from tests.network import LeftTheMachine


def test_names_of_the_outside_are_not_looked_up() -> None:
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("shop.example", 443)

    assert resolve_host("shop.example", 443) == []
    assert resolve_host("localhost", 80)


def test_addresses_of_the_outside_are_not_connected_to() -> None:
    with socket.socket() as one, pytest.raises(LeftTheMachine):
        one.connect(("192.0.2.1", 443))


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
