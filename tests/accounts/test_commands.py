"""The commands of accounts."""

import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.kinds import Role
from accounts.models import Membership, Tenant, User
from accounts.services import rotating
from accounts.tenancy import tenant_scope
from integrations.models import Connection
from tests.factories.integrations import make_connection


def test_create_workspace_makes_its_address_from_the_name(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_workspace", "Müller & Söhne")

    assert Tenant.objects.get().slug == "muller-sohne"
    assert capsys.readouterr().out == "Workspace Müller & Söhne: http://127.0.0.1:8000/muller-sohne/\n"


def test_create_workspace_prints_a_link_for_the_owner(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_workspace", "Acme", "--owner", "Ada@acme.example", "--name", "Ada")

    owner = Membership.objects.get()
    first, second = capsys.readouterr().out.splitlines()
    assert (owner.role, owner.name, owner.email) == (Role.OWNER, "Ada", "ada@acme.example")
    assert first == "Workspace Acme: http://127.0.0.1:8000/acme/, owned by ada@acme.example"
    assert re.fullmatch(r"To set the password, once: http://127\.0\.0\.1:8000/accounts/password/reset/key/\S+/", second)


def test_create_workspace_sets_the_password_it_is_given(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_workspace", "Acme", "--owner", "ada@acme.example", "--password", "demo demo demo")

    assert User.objects.get().check_password("demo demo demo")
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("Acme", [], "there is a workspace called acme"),
        ("Static", [], "static is reserved"),
        ("日本", [], "give --slug"),
        ("A" * 101, [], "100 characters"),
        ("Initech", ["--owner", "nobody"], "valid email"),
        ("Initech", ["--owner", "x@initech.example", "--password", "short"], "too short"),
        ("Initech", ["--slug", "../x"], "lower-case letters"),
    ],
)
def test_create_workspace_refuses_and_leaves_nothing(acme: Tenant, name: str, options: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("create_workspace", name, *options)

    assert list(Tenant.objects.all()) == [acme]
    assert not User.objects.exists()


def test_create_workspace_takes_a_slug_for_other_scripts(db: None) -> None:
    call_command("create_workspace", "日本", "--slug", "nihon")

    assert Tenant.objects.get().slug == "nihon"


def test_add_member(acme: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("add_member", "--workspace", "acme", "bela@acme.example", "--role", "admin", "--name", "Bela")

    member = Membership.objects.get()
    assert (member.tenant, member.role, member.name) == (acme, Role.ADMIN, "Bela")
    assert "bela@acme.example is Admin of http://127.0.0.1:8000/acme/" in capsys.readouterr().out


def test_add_member_does_not_change_how_a_known_person_signs_in(ada: Membership, globex: Tenant) -> None:
    call_command("add_member", "--workspace", "globex", "ada@acme.example", "--password", "planted by globex")

    user = User.objects.get()
    assert not user.check_password("planted by globex")
    assert user.name == "Ada"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--workspace", "nobody", "x@acme.example"], "no workspace called nobody"),
        (["--workspace", "acme", "ada@acme.example"], "is a member of acme"),
        (["--workspace", "acme", "x@acme.example", "--password", "short"], "too short"),
        (["--workspace", "acme", "x"], "valid email"),
    ],
)
def test_add_member_refuses(ada: Membership, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("add_member", *arguments)

    assert User.objects.count() == 1


def stored_tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM integrations_connection ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def new_key(settings: Any) -> str:
    key = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = (key, *settings.ENCRYPTION_KEYS)
    return key


def test_rotate_keys_encrypts_every_tenants_secrets_with_the_newest_key(
    acme: Tenant, globex: Tenant, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for tenant in (acme, globex):
        with tenant_scope(tenant):
            make_connection(shop=f"{tenant.slug}.myshopify.com", token=f"token of {tenant.slug}")
    key = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = (key, *settings.ENCRYPTION_KEYS)

    call_command("rotate_keys")

    settings.ENCRYPTION_KEYS = (key,)
    for tenant in (acme, globex):
        with tenant_scope(tenant):
            assert Connection.objects.get().token == f"token of {tenant.slug}"
    assert "acme: 2 values" in capsys.readouterr().out


def test_rotate_keys_goes_on_where_it_was_stopped(
    in_acme: Tenant, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)
    for number in range(5):
        make_connection(shop=f"shop{number}.myshopify.com")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS)
    Connection.objects.filter(shop="shop0.myshopify.com").update(token="half", secrets="way")
    before = stored_tokens()

    first = rotating.rotate_tenant(tenant_id=in_acme.pk)
    after = stored_tokens()

    assert first.changed == 8
    assert before[0] == after[0]
    assert not set(before[1:]) & set(after[1:])
    assert rotating.rotate_tenant(tenant_id=in_acme.pk).changed == 0


def test_rotate_keys_names_what_no_key_opens_and_does_the_rest(in_acme: Tenant, settings: Any) -> None:
    lost = make_connection(shop="lost.myshopify.com")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(),)
    make_connection(shop="kept.myshopify.com", token="kept token")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS)

    with pytest.raises(CommandError, match=f"integrations.Connection {lost.pk}"):
        call_command("rotate_keys")

    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert Connection.objects.only("token").get(shop="kept.myshopify.com").token == "kept token"
