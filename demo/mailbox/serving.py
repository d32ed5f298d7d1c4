"""Run the mailbox: for ever as a program, or beside a test in a thread of its own."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from demo.mailbox.front import Front
from demo.mailbox.http import protocol
from demo.mailbox.smtp import Server
from demo.mailbox.storage import Storage
from demo.mailbox.web import Web

HOST = "127.0.0.1"


async def listen(port: int, storage: Storage, command: Sequence[str] = ()) -> asyncio.Server:
    """Accept connections on loopback, on any free port for 0; raise OSError when the port is taken."""
    web = Web(storage, command)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Front(lambda: protocol(web), lambda: Server(storage, loop)), HOST, port)


class Handle:
    """A running mailbox; SMTP and HTTP share `port`."""

    def __init__(self, storage: Storage, command: Sequence[str], port: int) -> None:
        self._storage = storage
        self._loop = asyncio.new_event_loop()
        started: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(port, command, started), daemon=True)
        self._thread.start()
        self.port = started.result(timeout=10)

    @property
    def url(self) -> str:
        """The address of the list page, with a slash at its end."""
        return f"http://{HOST}:{self.port}/"

    def messages(self, address: str = "") -> list[dict[str, Any]]:
        """What `/messages.json` would answer: newest first."""
        return [letter.as_json() for letter in self._storage.newest(address)]

    def stop(self) -> None:
        """Stop listening and drop open connections; the mails stay on disk. Does nothing the second time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)

    def _run(self, port: int, command: Sequence[str], started: "Future[int]") -> None:
        try:
            server = self._loop.run_until_complete(listen(port, self._storage, command))
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(server.sockets[0].getsockname()[1])
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_drop(asyncio.all_tasks(self._loop)))
        self._loop.close()


async def _drop(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def start(port: int = 0, directory: Path | str = ".data/mailbox", command: Sequence[str] = ()) -> Handle:
    """Start a mailbox beside the caller; `command` as words delivers what customers write."""
    return Handle(Storage(Path(directory)), command, port)
