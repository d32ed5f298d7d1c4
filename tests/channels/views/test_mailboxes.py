"""The page of an inbox's mailbox, and the list of blocked senders."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.base import GiveUp
from channels.models import BlockedSender, MailAccount
from channels.registry import channel
from tickets.models import Inbox
from tickets.services.creating_inbox import create_inbox

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"host": "imap.acme.example", "port": "993", "security": "tls", "user": "support", "folder": "INBOX"}
URL = "/acme/settings/inboxes/1/mailbox/"


@pytest.fixture(autouse=True)
def inbox(acme: Tenant) -> Inbox:
    with tenant_scope(acme):
        return create_inbox(name="Support", address="support@acme.example")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was opened. Here only the wire is played; tests/channels/services/test_fetching.py has a real server."""
    seen: list[Any] = []

    @contextmanager
    def open_mailbox(login: Any, *, allow_private: bool) -> Iterator[None]:
        seen.append(login)
        if login.secret == "wrong":
            raise GiveUp("imap.acme.example does not accept the user or the password.")
        yield

    monkeypatch.setattr(channel("email"), "open_mailbox", open_mailbox, raising=False)
    return seen


def account(acme: Tenant) -> MailAccount | None:
    with tenant_scope(acme), transaction.atomic():
        return MailAccount.objects.first()


def test_admin_connects_and_disconnects(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn, opened: list[Any]
) -> None:
    form = {**FORM, "secret": "right"}
    assert sign_in(bela).post(URL, form).status_code == 404
    assert sign_in(cleo).post(URL, form).status_code == 404

    assert sign_in(ada).post(URL, form).status_code == 302
    made = account(acme)
    assert made is not None
    assert (made.host, made.secret) == ("imap.acme.example", "right")
    page = sign_in(ada).get(URL).content.decode()
    assert "right" not in page.replace("copyright", "")

    sign_in(ada).post(f"{URL}disconnect/")
    assert account(acme) is None


def test_mailbox_that_does_not_open_is_not_saved(
    acme: Tenant, ada: Membership, sign_in: SignIn, opened: list[Any]
) -> None:
    answer = sign_in(ada).post(URL, {**FORM, "secret": "wrong"})

    assert answer.status_code == 422
    assert "does not accept the user or the password" in answer.content.decode()
    assert account(acme) is None


def test_kept_secret_goes_to_no_other_server(acme: Tenant, ada: Membership, sign_in: SignIn, opened: list[Any]) -> None:
    sign_in(ada).post(URL, {**FORM, "secret": "right"})

    answer = sign_in(ada).post(URL, {**FORM, "host": "evil.example"})
    assert answer.status_code == 422
    assert [login.host for login in opened] == ["imap.acme.example"]

    assert sign_in(ada).post(URL, {**FORM, "folder": "Shop"}).status_code == 302
    made = account(acme)
    assert made is not None
    assert (made.folder, made.secret) == ("Shop", "right")


def test_senders_are_blocked_listed_and_unblocked(
    acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    client.post("/acme/blocked/add/", {"address": "spam@evil.example"})

    assert "spam@evil.example" in client.get("/acme/blocked/").content.decode()
    assert "spam@evil.example" not in sign_in(cleo).get("/globex/blocked/").content.decode()
    assert sign_in(cleo).post("/acme/blocked/1/remove/").status_code == 404
    client.post("/acme/blocked/1/remove/")
    with tenant_scope(acme), transaction.atomic():
        assert not BlockedSender.objects.exists()


def test_wrong_address_is_said_beside_its_field(bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/blocked/add/", {"address": "nobody"})

    assert answer.status_code == 422
    assert "Write an e-mail address" in answer.content.decode()
