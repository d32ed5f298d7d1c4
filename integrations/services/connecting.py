"""Connect stores to a workspace, talk to them, and keep their health."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts.kinds import SYSTEM, Actor, RouteKind
from accounts.models import Route
from accounts.services.numbering import next_number
from accounts.services.routing import RouteTaken, claim_route, release_route
from accounts.tenancy import active_tenant_id
from core.http import HttpClient
from events.services.announcing import announce
from events.services.recording import record
from integrations.base import AdapterError, GiveUp, StoreAdapter, TryAgain
from integrations.kinds import StoreEvent
from integrations.models import Connection
from integrations.registry import adapter_class
from integrations.types import Credentials

# A pass makes two calls; with the rows around them they must fit into its lease (services.leasing.LEASE).
CALL_SECONDS = 6.0


class ShopTaken(Exception):
    """Another workspace is connected to this shop: a shop belongs to one workspace at a time."""


class NotAStore(Exception):
    """Shop or token cannot belong to a store of this kind; the text says what to put there."""


def connect_store(
    *, kind: str, shop: str, token: str, secret: str, sync_notes: bool | None, actor: Actor, at: datetime
) -> Connection:
    """Connect a shop, or renew the token and secret of one that is; calls nobody.

    The former secret stays valid beside the new one, since a store signs with either while it rotates them. A
    `sync_notes` of None leaves the question as it is. Raises UnknownKind, NotAStore, ShopTaken.
    """
    shop = _clean(kind, shop, token, secret)
    with transaction.atomic():
        connection = Connection.objects.select_for_update().filter(kind=kind, shop=shop).first()
        is_new = connection is None
        if connection is None:
            connection = Connection(kind=kind, shop=shop, number=next_number("connection"))
        _renew(connection, token, secret, at)
        _claim_shop(connection)
        before = connection.sync_notes
        if sync_notes is not None and sync_notes != before:
            connection.mark_note_sync(on=sync_notes)
        how = "for the first time" if is_new else "again, with another token or secret"
        data = {"connection": connection.pk, "sync_notes": connection.sync_notes, "how": how}
        record(StoreEvent.CONNECTED, subject=connection, actor=actor, data=data, live=[connection.live_name])
    return connection


def disconnect(*, connection: Connection, reason: str, actor: Actor, at: datetime) -> None:
    """Stop all calls to the store and free the shop for another workspace; what we know of it stays."""
    with transaction.atomic():
        connection = Connection.objects.locked(connection)
        connection.mark_disconnected(reason=reason, at=at)
        release_route(kind=RouteKind.STORE, key=connection.route_key)
        data = {"connection": connection.pk, "reason": connection.last_error}
        record(StoreEvent.DISCONNECTED, subject=connection, actor=actor, data=data, live=[connection.live_name])


def find_connection(*, connection_id: int) -> Connection:
    """The connection as it is now. Raises Connection.DoesNotExist."""
    with transaction.atomic():
        found: Connection = Connection.objects.get(pk=connection_id)
    return found


def open_adapter(connection: Connection) -> StoreAdapter:
    """The store behind a connection; makes no call. Raises GiveUp for a disabled one and for a malformed token."""
    if connection.is_disabled:
        raise GiveUp(f"{connection.label} is disconnected: {connection.last_error or 'connect it again'}")
    base_url = getattr(settings, f"{connection.kind.upper()}_BASE_URL", "")
    credentials = replace(connection.credentials, base_url=base_url)
    return adapter_class(connection.kind)(credentials, _http(base_url.replace("{shop}", connection.shop)))


@contextmanager
def calling(connection: Connection, *, at: datetime) -> Iterator[StoreAdapter]:
    """Call the store, outside any transaction; how it went becomes the connection's health."""
    try:
        yield open_adapter(connection)
    except AdapterError as error:
        _mark_trouble(connection, error, at)
        raise
    if not connection.is_known_well(at=at):
        _mark_fine(connection, at)


def check_connection(*, connection: Connection, at: datetime) -> str:
    """Prove the credentials by a call and take over the store's name. Raises TryAgain or GiveUp."""
    with calling(connection, at=at) as adapter:
        name = adapter.check()
    if name and name != connection.name:
        with transaction.atomic():
            Connection.objects.locked(connection).mark_named(name=name)
            announce(connection.live_name)
        connection.name = name
    return name


def _clean(kind: str, shop: str, token: str, secret: str) -> str:
    if not secret.strip():
        raise NotAStore("The secret is empty: without it nobody could tell the store's webhooks from forged ones")
    adapter = adapter_class(kind)
    try:
        shop = adapter.clean_shop(shop)
        adapter(Credentials(shop=shop, token=token, secrets=(secret,)), _http(""))
    except GiveUp as error:
        raise NotAStore(error.reason) from error
    return shop


def _renew(connection: Connection, token: str, secret: str, at: datetime) -> None:
    former = connection.credentials.secrets[:1] if connection.pk else ()
    connection.set_credentials(token=token, secrets=list(dict.fromkeys((secret, *former))))
    connection.mark_connected(at=at)


def _claim_shop(connection: Connection) -> None:
    route = Route.objects.find(RouteKind.STORE, connection.route_key)
    if route and (route.tenant_id, route.object_id) == (active_tenant_id(), connection.pk):
        return
    try:
        claim_route(kind=RouteKind.STORE, key=connection.route_key, object_id=connection.pk)
    except RouteTaken as error:
        raise ShopTaken(f"{connection.shop} is connected to another workspace; disconnect it there first") from error


def _mark_fine(connection: Connection, at: datetime) -> None:
    with transaction.atomic():
        now = Connection.objects.locked(connection)
        if not now.is_disabled:
            now.mark_ok(at=at)
            announce(now.live_name)


def _mark_trouble(connection: Connection, error: AdapterError, at: datetime) -> None:
    """Only what speaks of the store as a whole: that it is out of reach, or will not have us any more.

    A call that began before the shop was connected anew must not switch the new connection off.
    """
    disables = isinstance(error, GiveUp) and error.disables
    if not disables and not isinstance(error, TryAgain):
        return
    with transaction.atomic():
        now = Connection.objects.locked(connection)
        if now.is_disabled or now.connected_at != connection.connected_at:
            return
        now.mark_error(reason=error.reason, at=at, disables=disables)
        announce(now.live_name)
        if disables:
            data = {"connection": now.pk, "reason": now.last_error}
            record(StoreEvent.DISCONNECTED, subject=now, actor=SYSTEM, data=data)


@lru_cache(maxsize=16)
def _http(base_url: str) -> HttpClient:
    """One client per process; each has connections of its own. Development may call its pretend store without TLS."""
    parts = urlsplit(base_url)
    allowed = [f"{parts.hostname}:{parts.port or 80}"] if parts.hostname else []
    return HttpClient(allowed_hosts=allowed, connect_seconds=3.0, total_seconds=CALL_SECONDS)
