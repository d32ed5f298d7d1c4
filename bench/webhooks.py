"""How many webhooks a second one web process takes in, beside a bare ASGI program that inserts a row and no more."""

import asyncio
import base64
import hashlib
import hmac
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet
from psycopg_pool import AsyncConnectionPool

from helpdesk import embedded
from tests.stack import OURS, ROOT, three_free_ports

SHOP, SECRET = "bench.myshopify.com", "bench-secret"
CLIENTS = 16  # connections that stay open, each with one request under way
REQUESTS = 2000  # in each round
ROUNDS = 3  # of both, in turns, so that a noisy moment hits both alike
WARM_UP = 200
BODY = b'{"id":7301000000001,"updated_at":"2026-11-20T09:00:00Z","note":"Prefers evening delivery."}'
SERVE = "-m granian --interface asginl --host 127.0.0.1 --port {port} --workers 1 --no-ws --workers-kill-timeout 3"

_pools: list[AsyncConnectionPool] = []


async def bare_insert(scope: Any, receive: Any, send: Any) -> None:
    """The floor: reads the body, inserts it, answers 200. No proof of the sender, no tenant, no event."""
    body = (await receive()).get("body", b"")
    if not _pools:
        pool = AsyncConnectionPool(
            os.environ["DATABASE_URL"], min_size=1, max_size=8, open=False, kwargs={"autocommit": True}
        )
        _pools.append(pool)
        await pool.open()
    async with _pools[0].connection() as connection:
        await connection.execute("INSERT INTO bench_bare (body) VALUES (%s)", (body,))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def run() -> dict[str, Any]:
    """Start both in a new directory, with a PostgreSQL that keeps what it was told, and call them in turns."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    try:
        environ = _prepare(place)
        port = three_free_ports()
        with (
            _serving("helpdesk.asgi:application", port, environ),
            _serving("bench.webhooks:bare_insert", port + 1, environ),
        ):
            rates = asyncio.run(_measure(port))
        stored = _count(environ)
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)
    door, bare = statistics.median(rates["door"]), statistics.median(rates["bare"])
    return {
        "webhooks a second": f"{door:.0f} (rounds: {', '.join(f'{rate:.0f}' for rate in rates['door'])})",
        "floor: bare inserts a second": f"{bare:.0f} (rounds: {', '.join(f'{rate:.0f}' for rate in rates['bare'])})",
        "ratio to the floor": f"{door / bare:.2f}",
        "stored, each with event and reaction": stored,
    }


def _prepare(place: Path) -> dict[str, str]:
    """Servers, tables, a workspace and a connected store; answers the environment of the two programs."""
    servers = embedded.join(place)
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    environ = kept | {
        "DATA_DIR": str(place),
        "DATABASE_URL": servers.database_url,
        "DATABASE_OWNER_URL": servers.owner_url,
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": "only-for-measuring-" * 4,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LOG_LEVEL": "ERROR",
        # Nobody listens there: the store is not needed, and nothing real may be called.
        "SHOPIFY_BASE_URL": "http://127.0.0.1:9/{shop}",
        "SHOPIFY_ALLOW_BASE_URL": "1",
        "PYTHONPATH": str(ROOT),
    }
    _manage(environ, "migrate", "--verbosity", "0")
    _manage(environ, "create_workspace", "bench")
    credentials = ("--token", "bench-token", "--secret", SECRET)
    _manage(environ, "connect_store", "--workspace", "bench", "--kind", "shopify", "--shop", SHOP, *credentials)
    with psycopg.connect(servers.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)")
        owner.execute("GRANT ALL ON bench_bare TO PUBLIC")
    return environ


def _manage(environ: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _serving(application: str, port: int, environ: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, *SERVE.format(port=port).split(), application]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


async def _measure(port: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {"door": [], "bare": []}
    for target in (port, port + 1):
        await _until_answering(target)
        await _round(target, WARM_UP)
    for _ in range(ROUNDS):
        rates["bare"].append(await _round(port + 1, REQUESTS))
        rates["door"].append(await _round(port, REQUESTS))
    return rates


async def _until_answering(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return


async def _round(port: int, count: int) -> float:
    """Requests a second, each with an id of its own."""
    requests = [_request() for _ in range(count)]
    begin = time.perf_counter()
    await asyncio.gather(*(_client(port, requests) for _ in range(CLIENTS)))
    return count / (time.perf_counter() - begin)


async def _client(port: int, requests: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests:
        writer.write(requests.pop())
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode("latin-1"))
    writer.close()


def _request() -> bytes:
    signature = base64.b64encode(hmac.digest(SECRET.encode(), BODY, hashlib.sha256)).decode()
    head = (
        "POST /hooks/shopify/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(BODY)}\r\nX-Shopify-Topic: customers/update\r\nX-Shopify-Shop-Domain: {SHOP}\r\n"
        f"X-Shopify-Hmac-Sha256: {signature}\r\nX-Shopify-Webhook-Id: {uuid.uuid4()}\r\n"
        "X-Shopify-Triggered-At: 2026-11-20T09:00:00.000000Z\r\nX-Shopify-API-Version: 2026-10\r\n\r\n"
    )
    return head.encode() + BODY


def _count(environ: dict[str, str]) -> int:
    with psycopg.connect(environ["DATABASE_OWNER_URL"]) as owner:
        row = owner.execute(
            "SELECT count(*) FROM integrations_inboundwebhook AS hook JOIN events_event AS event "
            "ON event.subject_id = hook.id AND event.type = 'webhook.received' "
            "JOIN events_reaction AS reaction ON reaction.event_id = event.id"
        ).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name}: {figure}")
