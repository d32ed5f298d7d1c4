"""Signing in and out: what a stranger learns, what a session outlives, what happens without Redis."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import Membership, User
from tests.broken_redis import dead_redis, hung_redis
from tests.conftest import PASSWORD
from tests.passwords import QuickArgon2PasswordHasher as Hasher

__all__ = ["dead_redis", "hung_redis"]

LOGIN = "/accounts/login/"


def attempt(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_in_leads_to_the_start(client: Client, ada: Membership) -> None:
    response = attempt(client, "ada@acme.example")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_sign_in_does_not_mind_the_case_of_the_address(client: Client, ada: Membership) -> None:
    attempt(client, "Ada@ACME.example")

    assert is_signed_in(client)


def test_sign_in_changes_the_session(client: Client, ada: Membership) -> None:
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)

    attempt(client, "ada@acme.example")

    assert client.cookies["sessionid"].value != session.session_key
    assert not client.session.__class__(session.session_key).load()


def test_sign_in_needs_the_form_token(ada: Membership) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = attempt(strict, "ada@acme.example")

    assert response.status_code == 403
    assert b"Please try once more" in response.content


def test_unknown_address_and_wrong_password_get_the_same_answer(
    client: Client, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = 0
    encode, verify = Hasher.encode, Hasher.verify

    def counted(work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal hashed
            hashed += 1
            return work(*args)

        return call

    monkeypatch.setattr(Hasher, "encode", counted(encode))
    monkeypatch.setattr(Hasher, "verify", counted(verify))

    known = attempt(client, "ada@acme.example", "wrong password")
    unknown = attempt(client, "eve@acme.example", "wrong password")

    assert known.status_code == unknown.status_code == 200
    assert comparable(known, "ada@acme.example") == comparable(unknown, "eve@acme.example")
    assert hashed == 2, "each attempt costs one hash, whether or not the address is known"


def comparable(response: Any, typed: str) -> list[str]:
    """The page without the form's token and what was typed."""
    lines = response.content.decode().replace(typed, "").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_five_wrong_passwords_close_the_account_for_a_while(client: Client, ada: Membership) -> None:
    for number in range(5):
        attempt(client, "ada@acme.example", f"wrong {number}")

    response = attempt(Client(REMOTE_ADDR="203.0.113.9"), "ada@acme.example")

    assert response.status_code == 200
    assert b"Too many failed login attempts" in response.content


def test_ten_wrong_addresses_close_the_door_to_one_visitor(client: Client, ada: Membership) -> None:
    for number in range(10):
        attempt(client, f"eve{number}@acme.example", headers={"X-Forwarded-For": f"203.0.113.{number}"})

    response = attempt(client, "ada@acme.example", headers={"X-Forwarded-For": "203.0.113.99"})

    assert b"Too many failed login attempts" in response.content
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_racing_guesses_are_counted_as_one_by_one(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def refuse(user: User, raw: str) -> bool:
        checked.append(raw)
        return False

    monkeypatch.setattr(User, "check_password", refuse)

    def guess(number: int) -> int:
        try:
            return attempt(Client(REMOTE_ADDR=f"203.0.113.{number}"), "ada@acme.example", f"guess {number}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(guess, range(18)))

    assert statuses == {200}
    assert len(checked) <= 5


@pytest.mark.parametrize("redis", ["dead_redis", "hung_redis"])
def test_sign_in_works_without_redis(
    client: Client, ada: Membership, redis: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(redis)

    attempt(client, "ada@acme.example")

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "http://localhost/acme/",
        "javascript:alert(1)",
        "/\\evil.example",
        "///evil.example",
        "\thttps://evil.example",
    ],
)
def test_sign_in_leads_nowhere_else(client: Client, ada: Membership, address: str) -> None:
    response = client.post(LOGIN, {"login": "ada@acme.example", "password": PASSWORD, "next": address})

    assert response["Location"] == "/"


def test_sign_in_leads_back_to_the_page_that_asked(client: Client, ada: Membership) -> None:
    form = {"login": "ada@acme.example", "password": PASSWORD, "next": "/acme/tickets/7/?view=mine"}

    assert client.post(LOGIN, form)["Location"] == "/acme/tickets/7/?view=mine"


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/key/",
        "password/set/",
        "login/code/",
        "login/code/confirm/",
        "reauthenticate/",
        "phone/verify/",
        "3rdparty/",
        "",
    ],
)
def test_pages_of_the_library_that_we_do_not_serve_are_not_there(client: Client, db: None, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


def test_inactive_person_cannot_sign_in(client: Client, ada: Membership) -> None:
    User.objects.filter(pk=ada.user_id).update(is_active=False)

    attempt(client, "ada@acme.example")

    assert not is_signed_in(client)


def test_session_of_a_person_switched_off_ends(sign_in: Callable[[Membership], Client], ada: Membership) -> None:
    client = sign_in(ada)
    User.objects.filter(pk=ada.user_id).update(is_active=False)

    assert client.get("/acme/profile/")["Location"].startswith(LOGIN)


def test_signing_out_needs_a_button(sign_in: Callable[[Membership], Client], ada: Membership) -> None:
    client = sign_in(ada)

    client.get("/accounts/logout/")
    still = is_signed_in(client)
    response = client.post("/accounts/logout/")

    assert still
    assert response["Location"] == LOGIN
    assert not is_signed_in(client)


def test_lost_session_tells_htmx_to_leave_the_page(client: Client, acme: Any) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/acme/tickets/7/"}

    response = client.get("/acme/tickets/7/header/", headers=headers)

    assert response["HX-Redirect"] == "/accounts/login/?next=/acme/tickets/7/"
    assert response.content == b""
