"""Run the pretend store: in this process (`serve`), or as a program of its own for tests (`start`)."""

import asyncio
import http.client
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

Report: TypeAlias = dict[str, Any]

HOST = "127.0.0.1"
READY = "store ready: "
ROOT = Path(__file__).parents[2]


class PortTaken(Exception):
    """Another program listens on the wanted port."""


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def serve(
    *, port: int, data_dir: Path | None = None, hooks_url: str | None = None, until_input_ends: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM, or until standard input ends, and then end the process.

    PortTaken, and ValueError for a damaged file, come before that.
    """
    _refuse_taken(port)
    asyncio.run(_serve(port, data_dir, hooks_url, until_input_ends))


def _refuse_taken(port: int) -> None:
    # granian shares its port with whoever is there already, so a plain attempt must come first.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(f"port {port} on {HOST} is taken by another program ({error.strerror})") from error


async def _serve(port: int, data_dir: Path | None, hooks_url: str | None, until_input_ends: bool) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from demo.store.app import application
    from demo.store.schema import executable_schema
    from demo.store.world import open_world

    world = open_world(public_url=f"http://{HOST}:{port}", data_dir=data_dir, hooks_url=hooks_url)
    executable_schema()
    stopping = _stop_signal(until_input_ends)
    app = application(world)
    server = Server(app, address=HOST, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    await _until_answering(port, serving)
    print(f"{READY}http://{HOST}:{port}", flush=True)
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    await world.close()
    # Leaving at once: granian would wait for hanging calls, and its threads abort (signal 6) when Python is taken
    # down around them (seen with granian 2.8.7 in one of twelve stops). Nothing is left to be saved here.
    os._exit(0 if waiting.done() else 1)


def _stop_signal(until_input_ends: bool) -> asyncio.Event:
    """An event that is set when the program is asked to end."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    if until_input_ends:
        loop.add_reader(sys.stdin.fileno(), _read_input, stopping)
    return stopping


def _read_input(stopping: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stopping.set()


async def _until_answering(port: int, serving: asyncio.Task[None]) -> None:
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.005)
            continue
        writer.close()
        return
    serving.result()


@dataclass
class StoreHandle:
    """A running pretend store. `url` is its root; use it in a `with`, or call `stop`."""

    url: str
    process: subprocess.Popen[str]

    @property
    def base_url(self) -> str:
        """For SHOPIFY_BASE_URL: the address of a shop, with `{shop}` in it."""
        return f"{self.url}/shops/{{shop}}"

    def stop(self) -> None:
        """End the program; does nothing when it has ended."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def reset(self) -> None:
        """Every shop back to its seeds: for the beginning of each test (some 20 ms)."""
        self._call("POST", "/control", {"reset": True})

    def control(self, shop: str, verbs: Mapping[str, object]) -> Report:
        """Work verbs of `demo.store.control` in one shop; ValueError with the reason when one is refused."""
        return self._call("POST", f"/shops/{shop}/control", verbs)

    def report(self, shop: str, *, settle: float = 0.0) -> Report:
        """What happened in a shop since the reset, after waiting up to `settle` seconds for its webhooks."""
        return self._call("GET", f"/shops/{shop}/control?settle={settle}", None)

    def _call(self, method: str, path: str, verbs: Mapping[str, object] | None) -> Report:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, body=None if verbs is None else json.dumps(verbs))
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.status != HTTPStatus.OK:
            raise ValueError(text)
        report: Report = json.loads(text)
        return report

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    *, port: int = 0, hooks_url: str | None = None, data_dir: Path | None = None, timeout: float = 20.0
) -> StoreHandle:
    """Start the store as a program of its own and wait until it answers; it ends when this process ends.

    With `hooks_url` every shop is subscribed to the default topics from the start, and after each reset. RuntimeError
    when it does not come up within `timeout` seconds.
    """
    command = [sys.executable, "-m", "demo.store", "--port", str(port or free_port()), "--until-input-ends"]
    command += ["--hooks-url", hooks_url] if hooks_url else []
    command += ["--data-dir", str(data_dir)] if data_dir else ["--no-data"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = _first_line(process, timeout)
    if not line.startswith(READY):
        process.kill()
        raise RuntimeError(f"the pretend store did not start: {line or 'it said nothing'}")
    return StoreHandle(line.removeprefix(READY).strip(), process)


def _first_line(process: subprocess.Popen[str], timeout: float) -> str:
    ends_at = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        if process.stdout is None:
            return ""
        selector.register(process.stdout, selectors.EVENT_READ)
        ready = selector.select(max(0.0, ends_at - time.monotonic()))
    return process.stdout.readline() if ready else ""
