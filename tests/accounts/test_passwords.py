"""Changing a password and setting one by link."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Membership
from accounts.services.resetting import first_password_link, password_link
from accounts.tasks import mail_password_link
from tests.broken_redis import dead_redis
from tests.conftest import PASSWORD

__all__ = ["dead_redis"]

NEW = "another long password"
SignIn = Callable[[Membership], Client]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was handed to the workers."""
    handed: list[tuple[str, Any]] = []
    monkeypatch.setattr("core.broker.send", handed.extend)
    return handed


def ask(client: Client, email: str, **extra: Any) -> Any:
    return client.post("/accounts/password/reset/", {"email": email}, **extra)


def follow(client: Client, link: str, password: str = NEW) -> Any:
    path = link.removeprefix("http://127.0.0.1:8000")
    form = client.get(path)
    if form.status_code != 302:
        return form
    return client.post(form["Location"], {"password1": password, "password2": password})


def test_changing_the_password_ends_other_sessions(sign_in: SignIn, ada: Membership) -> None:
    here, elsewhere = sign_in(ada), sign_in(ada)

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert here.get("/acme/profile/").status_code == 200
    assert elsewhere.get("/acme/profile/").status_code == 302


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_weak_password_is_refused(sign_in: SignIn, ada: Membership, password: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = sign_in(ada).post("/accounts/password/change/", form)

    ada.user.refresh_from_db()
    assert response.status_code == 200
    assert ada.user.check_password(PASSWORD)


def test_asking_for_a_link_says_the_same_to_all(client: Client, ada: Membership, sent: list[Any]) -> None:
    known = ask(client, "ada@acme.example")
    unknown = ask(client, "eve@acme.example")

    assert known["Location"] == unknown["Location"] == "/accounts/password/reset/done/"
    assert sent == [("accounts.tasks.mail_password_link", {"user_id": ada.user_id})]
    assert mail.outbox == []


def test_link_goes_to_the_address_we_know(client: Client, ada: Membership) -> None:
    mail_password_link(user_id=ada.user_id)

    [letter] = mail.outbox
    assert letter.to == ["ada@acme.example"]
    assert re.search(r"http://127\.0\.0\.1:8000/accounts/password/reset/key/\S+/", str(letter.body))
    assert "&" not in letter.body


def test_address_that_only_looks_like_a_known_one_gets_nothing(
    client: Client, ada: Membership, sent: list[Any]
) -> None:
    ask(client, "adа@acme.example")  # with a Cyrillic letter

    assert sent == []


def test_without_broker_the_link_is_sent_at_once(client: Client, ada: Membership, dead_redis: None) -> None:
    ask(client, "ada@acme.example")

    assert len(mail.outbox) == 1


def test_host_of_the_request_is_not_in_the_link(client: Client, ada: Membership) -> None:
    assert ask(client, "ada@acme.example", headers={"Host": "evil.example"}).status_code == 400
    assert ask(client, "ada@acme.example", headers={"X-Forwarded-Host": "evil.example"}).status_code == 302

    assert "evil" not in password_link(user=ada.user)


def test_link_sets_the_password_once_and_ends_sessions(client: Client, sign_in: SignIn, ada: Membership) -> None:
    elsewhere = sign_in(ada)
    link = password_link(user=ada.user)

    follow(client, link)
    again = follow(Client(), link, "yet another password")

    ada.user.refresh_from_db()
    assert ada.user.check_password(NEW)
    assert b"used before or is too old" in again.content
    assert elsewhere.get("/acme/profile/").status_code == 302


@pytest.mark.parametrize("key", ["1-", "1-x", "0-0-0", "zzzzzzzzzzzzzzzzzzzz-x", "1-set-password"])
def test_bad_links_are_refused(client: Client, ada: Membership, key: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{key}/")

    assert response.status_code in (200, 404)
    assert b"password1" not in response.content


def test_link_grows_too_old(client: Client, ada: Membership, time_machine: Any) -> None:
    link = password_link(user=ada.user)
    from datetime import UTC, datetime, timedelta

    time_machine.move_to(datetime.now(UTC) + timedelta(hours=73))

    assert b"used before or is too old" in follow(client, link).content


def test_asking_again_and_again_is_stopped(client: Client, ada: Membership, sent: list[Any]) -> None:
    answers = [ask(client, "ada@acme.example").status_code for _ in range(5)]

    assert answers == [302, 302, 302, 429, 429]
    assert len(sent) == 3


def test_first_link_is_for_who_has_no_password(ada: Membership) -> None:
    assert first_password_link(user=ada.user) is None

    ada.user.set_unusable_password()

    assert (first_password_link(user=ada.user) or "").startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
