"""Take webhooks in at full speed: whose it is, one insert, and the workers woken. Async, with a pool of its own."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from accounts.kinds import ActorKind, RouteKind
from core import crypto
from core.database.session import SET_TENANT
from events.services.recording import subscribers
from integrations.kinds import StoreEvent
from integrations.services.waking import Waker, Woken

# A secret that was just changed is known to this process so many seconds later.
KNOWN_FOR = 3.0
MOST_KNOWN = 2000
POOL_SIZE = 8
WAIT_SECONDS = 2.0  # for a connection of the pool; the store calls again after a 503
AT_ONCE = 20  # webhooks in one statement, at most a megabyte each

FIND_ROUTE = "SELECT tenant_id, object_id FROM accounts_route WHERE kind = %s AND key = %s"
FIND_SECRETS = "SELECT secrets, shop, name FROM integrations_connection WHERE tenant_id = %s AND id = %s"
# Webhooks, events and reactions at once, in step with the models of those names; nothing for one that came before.
KEEP = """
WITH hook AS (
    INSERT INTO integrations_inboundwebhook
        (tenant_id, connection_id, webhook_id, topic, headers, body, received_at, outcome)
    SELECT %(tenant)s, %(connection)s, came.id, came.topic, came.headers, came.body, now(), ''
    FROM unnest(%(ids)s::text[], %(topics)s::text[], %(headers)s::jsonb[], %(bodies)s::bytea[])
        AS came (id, topic, headers, body)
    ON CONFLICT (tenant_id, connection_id, webhook_id) DO NOTHING
    RETURNING id
), happened AS (
    INSERT INTO events_event
        (tenant_id, type, audit_group, subject_kind, subject_id, actor_kind, actor_id, actor_name, data, created_at)
    SELECT %(tenant)s, %(type)s, %(audit_group)s, 'inboundwebhook', id, %(actor_kind)s, %(connection)s, %(actor_name)s,
           jsonb_build_object('webhook', id), now()
    FROM hook
    RETURNING id
)
INSERT INTO events_reaction (tenant_id, event_id, task, due_at, attempts, last_error)
SELECT %(tenant)s, happened.id, task, now(), 0, '' FROM happened, unnest(%(tasks)s::text[]) AS task
RETURNING id, tenant_id, task
"""


class Unavailable(Exception):
    """The database cannot take the webhook now; the store is to send it again."""


@dataclass(frozen=True)
class Destination:
    """The connection behind a public key, and what its store signs with."""

    tenant_id: int
    connection_id: int
    name: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Delivery:
    """A proven webhook as it came."""

    webhook_id: str
    topic: str
    headers: Mapping[str, str]
    body: bytes


class Intake:
    """Takes webhooks in on one event loop. Everything it keeps is either short-lived or may be lost."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool | None = None
        self._opening = asyncio.Lock()
        self._known: dict[tuple[str, str], tuple[float, Destination | None]] = {}
        self._gathered: dict[Destination, list[tuple[Delivery, asyncio.Future[None]]]] = {}
        self._storing: set[asyncio.Task[None]] = set()
        self._waker = Waker()

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

    async def keep(self, to: Destination, delivery: Delivery) -> None:
        """Store a webhook, unless it is, with its event, and have the workers woken. Raises Unavailable.

        A shop's webhooks that come while others of it are being stored share the next statement and its commit.
        """
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if to in self._gathered:
            self._gathered[to].append((delivery, stored))
        else:
            self._gathered[to] = [(delivery, stored)]
            task = asyncio.create_task(self._store_gathered(to))
            self._storing.add(task)
            task.add_done_callback(self._storing.discard)
        await stored

    async def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _store_gathered(self, to: Destination) -> None:
        while waiting := self._gathered[to][:AT_ONCE]:
            del self._gathered[to][: len(waiting)]
            await self._store(to, waiting)
        del self._gathered[to]

    async def _store(self, to: Destination, waiting: list[tuple[Delivery, "asyncio.Future[None]"]]) -> None:
        failure: Unavailable | None = Unavailable("not stored")
        try:
            self._waker.add(await self._insert(to, [delivery for delivery, _ in waiting]))
            failure = None
        except Unavailable as error:
            failure = error
        finally:
            for _, stored in waiting:
                if not stored.done():  # whoever hung up waits no longer
                    stored.set_exception(failure) if failure else stored.set_result(None)

    async def _insert(self, to: Destination, deliveries: list[Delivery]) -> list[Woken]:
        values = {
            "tenant": to.tenant_id,
            "connection": to.connection_id,
            "ids": [one.webhook_id for one in deliveries],
            "topics": [one.topic for one in deliveries],
            "headers": [json.dumps(dict(one.headers)) for one in deliveries],
            "bodies": [one.body for one in deliveries],
            "type": StoreEvent.WEBHOOK_RECEIVED.name,
            "audit_group": StoreEvent.WEBHOOK_RECEIVED.audit,
            "actor_kind": ActorKind.STORE.value,
            "actor_name": to.name,
            "tasks": list(subscribers().get(StoreEvent.WEBHOOK_RECEIVED.name, ())),
        }
        return await self._query(to.tenant_id, KEEP, values)

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
        """One statement in a transaction that knows its tenant, all of it in one round trip."""
        try:
            pool = await self._opened()
            async with pool.connection() as connection:
                async with connection.pipeline(), connection.transaction():
                    if tenant_id is not None:
                        await connection.execute(SET_TENANT, (str(tenant_id),))
                    cursor = await connection.execute(query, values)
                return list(await cursor.fetchall())
        except (PoolTimeout, psycopg.Error) as error:
            raise Unavailable(type(error).__name__) from error

    async def _opened(self) -> AsyncConnectionPool:
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await _open_pool()
        return self._pool


async def _open_pool() -> AsyncConnectionPool:
    pool = AsyncConnectionPool(
        _conninfo(),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=POOL_SIZE,
        timeout=WAIT_SECONDS,
        open=False,
    )
    await pool.open()
    return pool


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
