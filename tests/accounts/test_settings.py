"""The workspace's settings and its members, for admins."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import settings_registry
from accounts.kinds import Role
from accounts.models import Membership, Tenant, WorkspaceSetting
from accounts.services import configuring
from accounts.services.rotating import rotate_tenant
from accounts.settings_registry import SettingKey, choice, secret, switch, text, whole_number
from accounts.tenancy import tenant_scope
from events.models import Event

SignIn = Callable[[Membership], Client]

TONE = SettingKey("tests.tone", "Replies", "Tone", "plain", choice(("plain", "Plain"), ("warm", "Warm")))
DAYS = SettingKey("tests.days", "Keeping", "Days kept", 30, whole_number(1, 365))
TRACKS = SettingKey("tests.tracks", "Replies", "Track opening", False, switch)
GREETING = SettingKey("tests.greeting", "Keeping", "Greeting", "Hello", text(20))
KEY = SettingKey("tests.key", "Keeping", "Key of a service", "", secret(50), is_secret=True)
VALID = {"tests.tone": "warm", "tests.days": "7", "tests.tracks": "on", "tests.greeting": "Hi"}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_registry, "_registered", {})
    settings_registry.register(TONE, DAYS, TRACKS, GREETING, KEY)


def test_settings_show_defaults_by_section(sign_in: SignIn, ada: Membership) -> None:
    content = sign_in(ada).get("/acme/settings/").content.decode()

    assert content.index("Replies") < content.index("Tone") < content.index("Track opening") < content.index("Keeping")
    assert 'value="30"' in content


def test_settings_save_what_was_chosen(sign_in: SignIn, ada: Membership) -> None:
    response = sign_in(ada).post("/acme/settings/", VALID)

    assert response["Location"] == "/acme/settings/"
    with tenant_scope(ada.tenant):
        assert configuring.read_setting(TONE) == "warm"
        assert configuring.read_setting(DAYS) == 7
        assert configuring.read_setting(TRACKS) is True
        assert configuring.read_setting(GREETING) == "Hi"


def test_settings_of_one_workspace_are_not_those_of_another(sign_in: SignIn, ada: Membership, globex: Tenant) -> None:
    sign_in(ada).post("/acme/settings/", VALID)

    with tenant_scope(globex):
        assert configuring.read_setting(DAYS) == 30


def test_settings_left_empty_are_the_defaults(sign_in: SignIn, ada: Membership) -> None:
    sign_in(ada).post("/acme/settings/", VALID)

    sign_in(ada).post("/acme/settings/", {})

    with tenant_scope(ada.tenant):
        assert configuring.read_all() == {
            "tests.tone": "plain",
            "tests.days": 30,
            "tests.tracks": False,
            "tests.greeting": "Hello",
            "tests.key": "",
        }


@pytest.mark.parametrize("wrong", [{"tests.days": "0"}, {"tests.days": "x"}, {"tests.tone": "rude"}])
def test_settings_refuse_a_wrong_value_and_save_nothing(
    sign_in: SignIn, ada: Membership, wrong: dict[str, str]
) -> None:
    response = sign_in(ada).post("/acme/settings/", {**VALID, **wrong})

    assert response.status_code == 422
    with tenant_scope(ada.tenant):
        assert not WorkspaceSetting.objects.exists()


def test_unchanged_settings_write_nothing(in_acme: Tenant) -> None:
    assert configuring.write_settings(values={"tests.days": 7}) == ["tests.days"]
    assert configuring.write_settings(values={"tests.days": 7}) == []


@pytest.mark.parametrize("path", ["/acme/settings/", "/acme/settings/members/"])
def test_settings_do_not_exist_for_agents_and_others(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership, path: str
) -> None:
    for member in (bela, cleo):
        client = sign_in(member)
        assert client.get(path).status_code == 404
        assert client.post(path, VALID).status_code == 404


def test_role_taken_away_counts_at_once(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    assert client.get("/acme/settings/").status_code == 200

    Membership.objects.filter(pk=ada.pk).update(role=Role.AGENT)

    assert client.get("/acme/settings/").status_code == 404


def test_members_are_listed_without_those_of_other_workspaces(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership, django_assert_num_queries: object
) -> None:
    content = sign_in(ada).get("/acme/settings/members/").content

    assert b"bela@acme.example" in content
    assert b"Owner" in content
    assert b"cleo@globex.example" not in content


def test_two_settings_cannot_have_one_key() -> None:
    with pytest.raises(ValueError, match=r"tests\.tone"):
        settings_registry.register(SettingKey("tests.tone", "Other", "Other", 1, whole_number(1, 2)))


def test_secret_is_stored_encrypted_and_told_to_nobody(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    client.post("/acme/settings/", {**VALID, "tests.key": "s3cret"})
    page = client.get("/acme/settings/").content.decode()

    with tenant_scope(ada.tenant):
        token = WorkspaceSetting.objects.get(key=KEY.key).value
        told = [event.data for event in Event.objects.filter(data__key=KEY.key)]
        assert configuring.read_secret(KEY) == "s3cret"
    assert "s3cret" not in token
    assert "s3cret" not in page
    assert token not in page
    assert [(data["before"], data["after"]) for data in told] == [("", "set")]


def test_secret_stays_where_its_field_is_left_empty_and_goes_with_a_dash(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    client.post("/acme/settings/", {**VALID, "tests.key": "s3cret"})

    client.post("/acme/settings/", VALID)
    with tenant_scope(ada.tenant):
        assert configuring.read_secret(KEY) == "s3cret"
    client.post("/acme/settings/", {**VALID, "tests.key": "-"})
    with tenant_scope(ada.tenant):
        assert configuring.read_secret(KEY) == ""


def test_secret_is_encrypted_again_with_the_newest_key(in_acme: Tenant, settings: Any) -> None:
    configuring.write_settings(values={KEY.key: "s3cret"})
    newest = base64.urlsafe_b64encode(b"n" * 32).decode()
    settings.ENCRYPTION_KEYS = [newest, *settings.ENCRYPTION_KEYS]

    assert rotate_tenant(tenant_id=in_acme.pk).changed == 1

    settings.ENCRYPTION_KEYS = [newest]
    assert configuring.read_secret(KEY) == "s3cret"
