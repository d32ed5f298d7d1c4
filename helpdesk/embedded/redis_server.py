"""The Redis of a data directory: memory only, since nothing that must not be lost lives there."""

import socket
from signal import SIGTERM

from helpdesk.embedded import processes
from helpdesk.embedded.binaries import find_redis
from helpdesk.embedded.places import Places
from helpdesk.embedded.servers import Server

OPTIONS = {"port": "0", "unixsocketperm": "700", "save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}


class RedisServer(Server):
    """A redis-server on a private unix socket, without a network port and without files."""

    name = "Redis"
    socket_name = "redis.sock"
    stop_signals = ((SIGTERM, 2.0),)

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self._binary = find_redis()

    def program(self) -> processes.Program:
        """The command line, options included: there is no configuration file."""
        options = {**OPTIONS, "unixsocket": str(self.socket), "dir": str(self.places.sockets)}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        mark = self.places.sockets / "redis.lock"
        return processes.Program(self.name, [self._binary, *words], mark, self.places.log("redis"))

    def answers(self) -> bool:
        """Ask by hand: the client library would cost every keeper 30 MB for this one word."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16) == b"+PONG\r\n"
            except OSError:
                return False
