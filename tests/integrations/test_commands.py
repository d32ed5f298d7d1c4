"""`connect_store` on the command line."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from demo.store.serving import StoreHandle
from integrations.models import Connection
from tests.integrations.conftest import SHOP


def run(*more: str, shop: str = SHOP, workspace: str = "acme", token: str = "demo-token-acme") -> str:
    out = StringIO()
    words = ["--workspace", workspace, "--kind", "shopify", "--shop", shop, "--token", token, "--secret", "s", *more]
    call_command("connect_store", *words, stdout=out)
    return out.getvalue()


def connection_of(tenant: Tenant) -> Connection:
    with tenant_scope(tenant):
        found: Connection = Connection.objects.get()
    return found


def test_connect_store_prints_one_line(acme: Tenant, store: StoreHandle) -> None:
    line = run("--sync-notes")

    assert line == (
        f"{SHOP} is connected to acme: it answers as Acme Home & Garden, notes are on, "
        "webhooks go to http://127.0.0.1:8000/hooks/shopify/\n"
    )
    assert connection_of(acme).sync_notes is True


def test_connect_store_may_be_repeated(acme: Tenant, store: StoreHandle) -> None:
    run("--sync-notes")

    assert "notes are on" in run()
    assert connection_of(acme).number == 1


def test_store_that_is_away_keeps_its_connection(acme: Tenant, settings: Any) -> None:
    settings.SHOPIFY_BASE_URL = "http://127.0.0.1:9/shops/{shop}"

    assert "is connected to acme: not tested, " in run()
    assert not connection_of(acme).is_disabled


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workspace": "nobody"}, "There is no workspace called nobody."),
        ({"shop": "acme.example"}, "The store must be given as NAME.myshopify.com."),
        ({"token": "wrong-token"}, "is connected, but refuses"),
    ],
)
def test_connect_store_says_what_is_wrong(
    acme: Tenant, store: StoreHandle, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(**changes)


def test_unknown_kind_is_named(acme: Tenant) -> None:
    with pytest.raises(CommandError, match="no kind of store called magento; there is shopify"):
        run("--kind", "magento")


def test_shop_of_another_workspace_is_refused(acme: Tenant, globex: Tenant, store: StoreHandle) -> None:
    run()

    with pytest.raises(CommandError, match="another workspace"):
        run(workspace="globex")
