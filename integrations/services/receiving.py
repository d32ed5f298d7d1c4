"""Take webhooks in at full speed: whose it is, one insert, and the workers woken. Async, with a pool of its own."""

import asyncio
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from accounts.kinds import ActorKind, RouteKind
from core import crypto
from core.database.session import SET_TENANT
from events.services.reacting import wake
from events.services.recording import subscribers
from integrations.kinds import StoreEvent
from integrations.types import WebhookHead

# A secret that was just changed is known to this process so many seconds later.
KNOWN_FOR = 3.0
MOST_KNOWN = 2000
POOL_SIZE = 8
WAIT_SECONDS = 2.0  # for a connection of the pool; the store calls again after a 503
WAKE_PAUSE = 0.005  # seconds in which webhooks gather before the workers are woken
MOST_UNWOKEN = 5000  # with Redis away longer than that, the sweep wakes the rest

FIND_ROUTE = "SELECT tenant_id, object_id FROM accounts_route WHERE kind = %s AND key = %s"
FIND_SECRETS = "SELECT secrets, shop, name FROM integrations_connection WHERE tenant_id = %s AND id = %s"
# Webhook, event and reactions at once, in step with the models of those names; nothing for a webhook that came before.
KEEP = """
WITH hook AS (
    INSERT INTO integrations_inboundwebhook
        (tenant_id, connection_id, webhook_id, topic, headers, body, received_at, outcome)
    VALUES (%(tenant)s, %(connection)s, %(webhook)s, %(topic)s, %(headers)s, %(body)s, now(), '')
    ON CONFLICT (tenant_id, connection_id, webhook_id) DO NOTHING
    RETURNING id
), happened AS (
    INSERT INTO events_event
        (tenant_id, type, subject_kind, subject_id, actor_kind, actor_id, actor_name, data, created_at)
    SELECT %(tenant)s, %(type)s, 'inboundwebhook', id, %(actor_kind)s, %(connection)s, %(actor_name)s,
           jsonb_build_object('webhook', id), now()
    FROM hook
    RETURNING id
)
INSERT INTO events_reaction (tenant_id, event_id, task, due_at, attempts, last_error)
SELECT %(tenant)s, happened.id, task, now(), 0, '' FROM happened, unnest(%(tasks)s::text[]) AS task
RETURNING id, tenant_id, task
"""

Woken = tuple[int, int, str]


class Unavailable(Exception):
    """The database cannot take the webhook now; the store is to send it again."""


@dataclass(frozen=True)
class Destination:
    """The connection behind a public key, and what its store signs with."""

    tenant_id: int
    connection_id: int
    name: str
    secrets: tuple[str, ...]


class Intake:
    """Takes webhooks in on one event loop. Everything it keeps is either short-lived or may be lost."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool | None = None
        self._opening = asyncio.Lock()
        self._known: dict[tuple[str, str], tuple[float, Destination | None]] = {}
        self._waker = _Waker()

    async def find(self, kind: str, shop: str) -> Destination | None:
        """Where a shop's webhooks go, None for a shop nobody is connected to. Raises Unavailable."""
        key = (kind, shop)
        until, found = self._known.get(key, (0.0, None))
        if until > time.monotonic():
            return found
        found = await self._look_up(kind, shop)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = (time.monotonic() + KNOWN_FOR, found)
        return found

    async def keep(self, to: Destination, head: WebhookHead, headers: Mapping[str, str], body: bytes) -> bool:
        """Store a webhook with its event, and wake the workers; False for one that came before. Raises Unavailable."""
        values = {
            "tenant": to.tenant_id,
            "connection": to.connection_id,
            "webhook": head.webhook_id,
            "topic": head.topic,
            "headers": json.dumps(dict(headers)),
            "body": body,
            "type": StoreEvent.WEBHOOK_RECEIVED.name,
            "actor_kind": ActorKind.STORE.value,
            "actor_name": to.name,
            "tasks": list(subscribers().get(StoreEvent.WEBHOOK_RECEIVED.name, ())),
        }
        rows: list[Woken] = await self._query(to.tenant_id, KEEP, values)
        self._waker.add(rows)
        return bool(rows)

    async def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _look_up(self, kind: str, shop: str) -> Destination | None:
        rows = await self._query(None, FIND_ROUTE, (RouteKind.STORE.value, f"{kind}:{shop}"))
        if not rows:
            return None
        [(tenant_id, connection_id)] = rows
        rows = await self._query(tenant_id, FIND_SECRETS, (tenant_id, connection_id))
        if not rows:
            return None
        [(secrets, shop_name, name)] = rows
        return Destination(tenant_id, connection_id, name or shop_name, tuple(json.loads(crypto.decrypt(secrets))))

    async def _query(self, tenant_id: int | None, query: str, values: Any) -> list[Any]:
        try:
            pool = await self._opened()
            async with pool.connection() as connection, connection.pipeline(), connection.transaction():
                if tenant_id is not None:
                    await connection.execute(SET_TENANT, (str(tenant_id),))
                cursor = await connection.execute(query, values)
                return list(await cursor.fetchall())
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise Unavailable(type(error).__name__) from error

    async def _opened(self) -> AsyncConnectionPool:
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    pool = AsyncConnectionPool(
                        _conninfo(),
                        kwargs={"autocommit": True},
                        min_size=1,
                        max_size=POOL_SIZE,
                        timeout=WAIT_SECONDS,
                        open=False,
                    )
                    await pool.open()
                    self._pool = pool
        return self._pool


class _Waker:
    """Tells the workers of webhooks, many at once, from a thread: a slow Redis must not hold the loop up."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="webhook-waker")
        self._waiting: list[Woken] = []
        self._is_waking = False

    def add(self, rows: list[Woken]) -> None:
        if rows and len(self._waiting) < MOST_UNWOKEN:
            self._waiting += rows
            self._plan()

    def _plan(self) -> None:
        if self._waiting and not self._is_waking:
            self._is_waking = True
            asyncio.get_running_loop().call_later(WAKE_PAUSE, self._wake)

    def _wake(self) -> None:
        rows, self._waiting = self._waiting, []
        waking = asyncio.get_running_loop().run_in_executor(self._thread, wake, rows)
        waking.add_done_callback(self._woken)

    def _woken(self, _: object) -> None:
        self._is_waking = False
        self._plan()


def _conninfo() -> str:
    """The app role's database, as Django has it now (tests give it another name)."""
    settings = connections["default"].settings_dict
    return make_conninfo(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        connect_timeout=3,
        application_name="webhooks",
        options=settings["OPTIONS"].get("options", ""),
    )
