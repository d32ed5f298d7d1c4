"""Who came in, who was refused, and whose password is another one stands in the audit."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import current_app
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.services.opening import add_member
from accounts.tenancy import tenant_scope
from core import broker
from events.models import Event
from events.wording import say
from tests.conftest import PASSWORD
from tests.factories.integrations import make_connection

SignIn = Callable[[Membership], Client]
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _worked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left to a worker is done before the answer."""
    current_app.loader.import_default_modules()
    monkeypatch.setattr(broker, "send", lambda work: [current_app.tasks[name](**facts) for name, facts in work])


def told(tenant: Tenant) -> list[tuple[str, str]]:
    """(who, what) of all that stands in the audit, oldest first."""
    with tenant_scope(tenant):
        return [(one.actor_name, say(one.event_type, one.data).words) for one in Event.objects.audited().order_by("pk")]


def test_who_signed_in_and_from_where(client: Client, ada: Membership) -> None:
    client.post(LOGIN, {"login": ada.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")

    assert told(ada.tenant) == [("Ada", "Ada signed in from 203.0.113.9")]


def test_wrong_password_is_told_and_an_address_of_nobody_is_not(client: Client, ada: Membership) -> None:
    client.post(LOGIN, {"login": "ADA@acme.example", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    client.post(LOGIN, {"login": "nobody@acme.example", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")

    assert told(ada.tenant) == [("Somebody", "Wrong password for Ada, from 203.0.113.9")]


def test_refusals_are_left_to_a_worker_for_known_and_unknown_addresses_alike(
    client: Client, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    monkeypatch.setattr(broker, "send", lambda work: sent.extend(work))

    for address in (ada.email, "nobody@acme.example"):
        client.post(LOGIN, {"login": address, "password": "wrong"})

    assert [(task, facts["email"]) for task, facts in sent] == [
        ("accounts.tasks.tell_refusal", ada.email),
        ("accounts.tasks.tell_refusal", "nobody@acme.example"),
    ]
    assert told(ada.tenant) == []


def test_refusal_is_told_while_the_broker_is_down(
    client: Client, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: object) -> None:
        raise broker.BrokerUnreachable

    monkeypatch.setattr(broker, "send", refuse)

    client.post(LOGIN, {"login": ada.email, "password": "wrong"})

    assert [what.partition(",")[0] for _, what in told(ada.tenant)] == ["Wrong password for Ada"]


def test_each_workspace_of_the_person_is_told_and_no_other(
    client: Client, ada: Membership, cleo: Membership, globex: Tenant
) -> None:
    add_member(tenant=globex, email=ada.email)
    former = add_member(tenant=globex, email="bela@acme.example", password=PASSWORD)
    former.mark_inactive()

    for address in (ada.email, "bela@acme.example"):
        Client().post(LOGIN, {"login": address, "password": PASSWORD})

    assert [who for who, _ in told(ada.tenant)] == [who for who, _ in told(globex)] == ["Ada"]


def test_change_of_a_password(sign_in: SignIn, ada: Membership) -> None:
    new = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}

    sign_in(ada).post("/accounts/password/change/", new, REMOTE_ADDR="203.0.113.9")

    assert told(ada.tenant) == [("Ada", "Ada changed their password, from 203.0.113.9")]


def test_new_password_by_a_link(client: Client, ada: Membership) -> None:
    client.post("/accounts/password/reset/", {"email": ada.email})
    key = f"{user_pk_to_url_str(ada.user)}-{default_token_generator.make_token(ada.user)}"
    page = client.get(f"/accounts/password/reset/key/{key}/")["Location"]
    client.post(page, {"password1": "another long password", "password2": "another long password"})

    assert told(ada.tenant) == [
        ("Helpdesk", "A link to choose a new password was mailed to Ada"),
        ("Ada", "Ada chose a new password by a link, from 127.0.0.1"),
    ]


def test_signing_out_everywhere(sign_in: SignIn, ada: Membership) -> None:
    sign_in(ada).post("/acme/profile/sign-out-everywhere/")

    assert told(ada.tenant) == [("Ada", "Ada signed out everywhere else")]


def test_stored_secrets_with_a_new_key(ada: Membership, settings: Any) -> None:
    with tenant_scope(ada.tenant):
        make_connection(token="token of acme")
    settings.ENCRYPTION_KEYS = (Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS)

    call_command("rotate_keys")
    call_command("rotate_keys")

    assert told(ada.tenant) == [("Helpdesk", "Stored secrets encrypted with a new key: 2")]
