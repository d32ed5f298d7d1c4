"""The hot door: who may bring a webhook, and that it is stored once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import Route, Tenant
from accounts.services.opening import open_workspace
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from core.database.session import active_tenant
from events.kinds import find_type
from events.models import Event, Reaction
from integrations import doors
from integrations.models import Connection, InboundWebhook
from integrations.services import receiving, waking
from tests.factories.integrations import make_connection
from tests.integrations.conftest import SHOP
from tests.integrations.shopify.signed import sign

PATH = "/hooks/shopify/"
SECRET = "demo-secret-acme"
BODY = b'{"id":1001,"note":"Caf\xc3\xa9 \\u003c 3","updated_at":"2026-11-20T09:00:00Z"}'


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, str]]:
    """The workers are not needed; what they would be told is kept."""
    told: list[tuple[int, int, str]] = []
    monkeypatch.setattr(waking, "wake", told.extend)
    return told


# What the door and `make_connection` write, children first.
TABLES = (
    "events_reaction events_event integrations_inboundwebhook integrations_connection accounts_numbersequence "
    "accounts_route"
).split()


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The door has connections of its own and sees only what is committed; cleaned up by name, which takes
    milliseconds where emptying every table takes a second."""
    with django_db_blocker.unblock():
        yield
        with as_owner(), connections["default"].cursor() as cursor:
            for table in (*TABLES, "accounts_tenant"):
                cursor.execute(f"DELETE FROM {table}")
        connections.close_all()


@pytest.fixture
def acme(committing: None) -> Tenant:
    return open_workspace(slug="acme", name="Acme")


@pytest.fixture
def globex(committing: None) -> Tenant:
    return open_workspace(slug="globex", name="Globex")


@pytest.fixture
def connection(acme: Tenant) -> Connection:
    with transaction.atomic(), tenant_scope(acme):
        return make_connection(SHOP, name="Acme Home & Garden")


def headers_of(body: bytes = BODY, secret: str = SECRET, **changes: str) -> dict[str, str]:
    named = {
        "X-Shopify-Topic": "customers/update",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "X-Shopify-Hmac-Sha256": sign(body, secret),
        "X-Shopify-Triggered-At": "2026-11-20T09:15:31.123456789Z",
        "Cookie": "sessionid=secret",
        "Host": "acme.example",
    }
    return named | {key.replace("_", "-"): value for key, value in changes.items()}


def call(
    headers: dict[str, str], body: bytes | Iterable[bytes] = BODY, method: str = "POST", path: str = PATH
) -> Callable[[], Awaitable[int]]:
    """One request to the door; awaiting it answers the status."""
    parts = [body] if isinstance(body, bytes) else list(body)

    async def work() -> int:
        messages = [
            {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
            for place, part in enumerate(parts)
        ]
        sent: list[Any] = []

        async def receive() -> Any:
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": raw}
        await doors.webhook_door(scope, receive, send)
        assert sent[1] == {"type": "http.response.body", "body": b""}
        return int(sent[0]["status"])

    return work


def run(*calls: Callable[[], Awaitable[int]]) -> list[int]:
    """All at once, on a loop of their own."""

    async def work() -> list[int]:
        try:
            statuses = list(await asyncio.gather(*(one() for one in calls)))
            await asyncio.sleep(waking.FIRST_PAUSE * 4)
            return statuses
        finally:
            await doors.intake().close()

    return asyncio.run(work())


def stored(tenant: Tenant) -> list[InboundWebhook]:
    with transaction.atomic(), tenant_scope(tenant):
        return list(InboundWebhook.objects.order_by("pk"))


def test_webhook_is_stored_with_its_event_and_the_workers_are_woken(
    acme: Tenant, connection: Connection, woken: list[tuple[int, int, str]]
) -> None:
    assert run(call(headers_of())) == [200]

    [webhook] = stored(acme)
    assert (bytes(webhook.body), webhook.topic, webhook.worked_at) == (BODY, "customers/update", None)
    assert webhook.webhook_id == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
    assert webhook.headers["x-shopify-shop-domain"] == SHOP
    assert not {"cookie", "host"} & set(webhook.headers)
    with transaction.atomic(), tenant_scope(acme):
        event = Event.objects.get()
    find_type(event.type).check(event.data)
    assert (event.type, event.data, event.subject_kind) == (
        "webhook.received",
        {"webhook": webhook.pk},
        "inboundwebhook",
    )
    assert (event.subject_id, event.actor_kind, event.actor_name) == (webhook.pk, "store", "Acme Home & Garden")
    reaction = Reaction.objects.get()
    assert (reaction.event_id, reaction.task) == (event.pk, "integrations.tasks.work_webhook")
    assert woken == [(reaction.pk, acme.pk, "integrations.tasks.work_webhook")]


def test_repeated_webhook_is_answered_and_not_stored_again(acme: Tenant, connection: Connection) -> None:
    assert run(call(headers_of())) == [200]
    assert run(call(headers_of()), call(headers_of(X_Shopify_Topic="customers/delete"))) == [200, 200]

    assert (len(stored(acme)), Reaction.objects.count()) == (1, 1)


def test_ten_at_once_with_one_id_are_stored_once(acme: Tenant, connection: Connection) -> None:
    assert run(*[call(headers_of())] * 10) == [200] * 10

    assert (len(stored(acme)), Reaction.objects.count()) == (1, 1)


def test_former_secret_counts_while_secrets_rotate(acme: Tenant, connection: Connection) -> None:
    with transaction.atomic(), tenant_scope(acme):
        connection.set_credentials(token="t", secrets=["new", SECRET])
        connection.save()

    assert run(call(headers_of(secret="new", X_Shopify_Webhook_Id="1")), call(headers_of())) == [200, 200]


def test_unproven_webhooks_are_refused_alike(acme: Tenant, connection: Connection) -> None:
    unproven = [
        headers_of(secret="wrong"),
        headers_of(secret=""),
        headers_of(X_Shopify_Hmac_Sha256=""),
        headers_of(X_Shopify_Shop_Domain="unknown.myshopify.com"),
        headers_of(X_Shopify_Shop_Domain="acme-demo.myshopify.com.evil.example"),
        headers_of(X_Shopify_Shop_Domain=""),
        headers_of(X_Shopify_Webhook_Id=""),
        headers_of(X_Shopify_Topic="customers/update\x00"),
        headers_of(body=json.dumps(json.loads(BODY)).encode()),
        {},
    ]

    assert run(*(call(headers) for headers in unproven)) == [401] * len(unproven)
    assert stored(acme) == []


def test_body_that_was_parsed_and_printed_anew_is_refused(acme: Tenant, connection: Connection) -> None:
    assert run(call(headers_of(), json.dumps(json.loads(BODY)).encode())) == [401]


def test_one_shops_secret_does_not_open_another_shop(acme: Tenant, connection: Connection, globex: Tenant) -> None:
    with transaction.atomic(), tenant_scope(globex):
        make_connection("globex-demo.myshopify.com", secrets='["secret-of-globex"]')

    forged = headers_of(secret="secret-of-globex")
    assert run(call(forged), call(headers_of(X_Shopify_Shop_Domain="globex-demo.myshopify.com"))) == [401, 401]
    assert stored(acme) == stored(globex) == []
    own = headers_of(secret="secret-of-globex", X_Shopify_Shop_Domain="globex-demo.myshopify.com")
    assert run(call(own)) == [200]
    assert (len(stored(acme)), len(stored(globex))) == (0, 1)


def test_signed_nonsense_is_refused_and_not_stored(acme: Tenant, connection: Connection) -> None:
    nonsense = (b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"a": NaN}')

    assert run(*(call(headers_of(body), body) for body in nonsense)) == [400] * len(nonsense)
    assert stored(acme) == []


def test_body_in_pieces_is_read_whole(acme: Tenant, connection: Connection) -> None:
    assert run(call(headers_of(), [BODY[:10], b"", BODY[10:]])) == [200]
    assert bytes(stored(acme)[0].body) == BODY


def test_more_than_a_megabyte_is_refused_announced_or_not(acme: Tenant, connection: Connection) -> None:
    body = b'"' + b"x" * 1_000_000 + b'"'
    parts = [body[:600_000], body[600_000:]]
    announced = headers_of(body) | {"Content-Length": str(len(body))}

    assert run(call(announced, parts), call(headers_of(body), parts)) == [413, 413]
    assert stored(acme) == []


def test_other_methods_and_kinds_have_no_door(acme: Tenant, connection: Connection) -> None:
    statuses = run(
        call(headers_of(), method="GET"),
        call(headers_of(), path="/hooks/"),
        call(headers_of(), path="/hooks/shopify"),
        call(headers_of(), path="/hooks/magento/"),
        call(headers_of(), path="/hooks/shopify/x/"),
        call(headers_of(), path="/hooks/SHOPIFY/"),
    )

    assert statuses == [405, 404, 404, 404, 404, 404]


def test_database_that_is_away_asks_the_store_to_come_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_conninfo", lambda: "host=/nowhere dbname=none")
    monkeypatch.setattr(receiving, "WAIT_SECONDS", 0.1)

    assert run(call(headers_of())) == [503]


def test_slow_body_is_given_up(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "BODY_SECONDS", 0.01)

    async def work() -> int:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.sleep(5)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
        await doors.webhook_door(scope, receive, send)
        return int(sent[0]["status"])

    assert asyncio.run(work()) == 408


def test_disconnected_shop_is_forgotten_soon(
    acme: Tenant, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "KNOWN_FOR", 1.0)

    def disconnect() -> None:
        Route.objects.all().delete()
        connections.close_all()

    async def work() -> list[int]:
        try:
            first = await call(headers_of())()
            await asyncio.to_thread(disconnect)
            second = await call(headers_of())()
            await asyncio.sleep(1.05)
            return [first, second, await call(headers_of())()]
        finally:
            await doors.intake().close()

    assert asyncio.run(work()) == [200, 200, 401]


def test_door_leaves_no_tenant_behind(acme: Tenant, connection: Connection) -> None:
    run(call(headers_of()))

    assert active_tenant.get() == ""
