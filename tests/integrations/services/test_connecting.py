"""Connecting stores, one workspace each, and their health."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership, Route, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from demo.store.serving import StoreHandle
from events.models import Event, Reaction
from integrations.base import GiveUp, TryAgain
from integrations.models import Connection
from integrations.registry import UnknownKind
from integrations.services import connecting
from tests.factories.integrations import make_connection
from tests.integrations.conftest import AGENT, SHOP
from tests.integrations.fake_store import FakeShop

TOKEN, SECRET = "demo-token-acme", "demo-secret-acme"


def connect(shop: str = SHOP, **changes: object) -> Connection:
    wanted = {"kind": "shopify", "token": TOKEN, "secret": SECRET, "sync_notes": None, **changes}
    return connecting.connect_store(shop=shop, actor=AGENT, at=clock.now(), **wanted)  # type: ignore[arg-type]


def test_connect_claims_the_shop_and_tells_of_it(in_acme: Tenant) -> None:
    connection = connect(f"  {SHOP.upper()} ", sync_notes=True)

    assert (connection.shop, connection.number, connection.sync_notes) == (SHOP, 1, True)
    assert connection.credentials.secrets == (SECRET,)
    route = Route.objects.get()
    assert (route.key, route.tenant_id, route.object_id) == (f"shopify:{SHOP}", in_acme.pk, connection.pk)
    event = Event.objects.get(type="store.connected")
    assert (event.data, event.actor_name) == (
        {"connection": connection.pk, "sync_notes": True, "how": "for the first time"},
        "Ada",
    )
    assert Reaction.objects.get().task == "integrations.tasks.prepare_connection"


def test_question_about_notes_stays_open_until_answered(in_acme: Tenant) -> None:
    assert connect().sync_notes is None
    assert connect(sync_notes=False).sync_notes is False
    assert connect().sync_notes is False


def test_connecting_again_renews_and_keeps_the_former_secret(in_acme: Tenant) -> None:
    first = connect()
    connecting.disconnect(connection=first, reason="by hand", actor=AGENT, at=clock.now())
    assert Route.objects.count() == 0

    again = connect(token="new-token", secret="new-secret")
    third = connect(secret="newest")

    assert (again.pk, again.is_disabled, again.last_error) == (first.pk, False, "")
    assert (again.token, again.credentials.secrets) == ("new-token", ("new-secret", SECRET))
    assert third.credentials.secrets == ("newest", "new-secret")
    assert Route.objects.count() == Connection.objects.count() == 1


def test_shop_belongs_to_one_workspace(in_acme: Tenant, globex: Tenant, cleo: Membership) -> None:
    connection = connect()
    with tenant_scope(globex), pytest.raises(connecting.ShopTaken, match="another workspace"):
        connect()
    with tenant_scope(globex):
        assert Connection.objects.count() == 0

    connecting.disconnect(connection=connection, reason="by hand", actor=AGENT, at=clock.now())

    with tenant_scope(globex):
        assert connect().number == 1
    with pytest.raises(connecting.ShopTaken):
        connect()


@pytest.mark.parametrize(
    "wrong",
    [
        {"shop": "acme.example"},
        {"shop": "evil.example/acme-demo.myshopify.com"},
        {"token": ""},
        {"token": "with blank"},
        {"secret": " "},
    ],
)
def test_impossible_stores_are_refused(in_acme: Tenant, wrong: dict[str, str]) -> None:
    with pytest.raises(connecting.NotAStore):
        connect(**wrong)

    assert (Connection.objects.count(), Route.objects.count()) == (0, 0)


def test_unknown_kind_is_refused(in_acme: Tenant) -> None:
    with pytest.raises(UnknownKind):
        connect(kind="magento")


def test_check_takes_over_the_stores_name(in_acme: Tenant, store: StoreHandle) -> None:
    connection = connect()

    name = connecting.check_connection(connection=connection, at=clock.now())

    connection.refresh_from_db()
    assert name == connection.name == connection.label == "Acme Home & Garden"
    assert (connection.last_error, connection.last_ok_at is not None) == ("", True)


def test_revoked_token_disconnects_and_says_why(in_acme: Tenant, store: StoreHandle) -> None:
    connection = connect()
    store.control(SHOP, {"expire_token": True})

    with pytest.raises(GiveUp):
        connecting.check_connection(connection=connection, at=clock.now())

    connection.refresh_from_db()
    assert connection.is_disabled and "access token" in connection.last_error
    assert Event.objects.filter(type="store.disconnected").count() == 1
    with pytest.raises(GiveUp, match="is disconnected"):
        connecting.open_adapter(connection)


def test_missing_scopes_do_not_disconnect(in_acme: Tenant, store: StoreHandle) -> None:
    connection = connect()
    store.control(SHOP, {"scopes": ["read_customers"]})

    with pytest.raises(GiveUp, match="write_customers"):
        connecting.check_connection(connection=connection, at=clock.now())

    connection.refresh_from_db()
    assert not connection.is_disabled


def test_trouble_is_written_down_and_goes_with_the_next_good_call(
    fake_connection: Connection, fake_shop: FakeShop
) -> None:
    fake_shop.faults = [TryAgain("HTTP 503")]
    with pytest.raises(TryAgain):
        connecting.check_connection(connection=fake_connection, at=clock.now())
    fake_connection.refresh_from_db()
    assert (fake_connection.last_error, fake_connection.is_disabled) == ("HTTP 503", False)

    connecting.check_connection(connection=fake_connection, at=clock.now())

    fake_connection.refresh_from_db()
    assert (fake_connection.last_error, fake_connection.last_error_at) == ("", None)


def test_good_calls_are_written_down_once_a_minute(
    fake_connection: Connection, fake_shop: FakeShop, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    connecting.check_connection(connection=fake_connection, at=now)
    connection = Connection.objects.get()

    with (
        django_assert_num_queries(0),
        connecting.calling(connection, at=now + timedelta(seconds=30)) as adapter,
    ):
        adapter.check()


def test_late_refusal_does_not_switch_off_a_renewed_connection(
    fake_connection: Connection, fake_shop: FakeShop
) -> None:
    def reconnect() -> None:
        connect("fake.example", kind="fake")
        fake_shop.faults = [GiveUp("revoked", disables=True)]

    fake_shop.before["check"] = [reconnect]
    with pytest.raises(GiveUp):
        connecting.check_connection(connection=fake_connection, at=clock.now())

    fake_connection.refresh_from_db()
    assert not fake_connection.is_disabled


def test_calls_go_to_the_development_place_only_when_it_is_set(in_acme: Tenant, settings: Any) -> None:
    connection = make_connection(SHOP)
    assert connecting.open_adapter(connection).credentials.base_url == ""

    settings.SHOPIFY_BASE_URL = "http://127.0.0.1:9/shops/{shop}"

    assert connecting.open_adapter(connection).credentials.base_url == "http://127.0.0.1:9/shops/{shop}"
