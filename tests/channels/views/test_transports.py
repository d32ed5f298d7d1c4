"""The page where an admin says how an inbox sends: tried before it is saved, its secret never shown or given away."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.models import MailAccount, MailTransport
from channels.registry import channel
from channels.types import ProviderLogin
from tests.submission import PASSWORD, USER, Post, submission
from tickets.models import Inbox
from tickets.services.creating_inbox import create_inbox

SignIn = Callable[[Membership], Client]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]
URL = "/acme/settings/inboxes/1/sending/"


@pytest.fixture(autouse=True)
def inbox(acme: Tenant, settings: Any) -> Iterator[Inbox]:
    settings.MAIL_ALLOW_PRIVATE = True
    with tenant_scope(acme):
        yield create_inbox(name="Support", address="support@acme.example")
    cache.clear()


@pytest.fixture
def post() -> Iterator[Post]:
    with submission() as running:
        yield running


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[ProviderLogin]:
    """What was tried. Here only the wire is played; tests/channels/email/test_providers.py has a real server."""
    seen: list[ProviderLogin] = []

    def check(transport: ProviderLogin, *, sender: str) -> str:
        seen.append(transport)
        return "Seen."

    monkeypatch.setattr(channel("email"), "check_transport", check, raising=False)
    return seen


def form(post: Post, **given: Any) -> dict[str, Any]:
    server = {"host": "127.0.0.1", "port": post.port, "security": "none", "user": USER, "secret": PASSWORD}
    return {**server, **given}


def saved(acme: Tenant) -> MailTransport | None:
    with tenant_scope(acme), transaction.atomic():
        return MailTransport.objects.first()


def test_admin_gives_a_server_which_is_tried_and_goes_back_to_ours(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn, post: Post
) -> None:
    given = form(post)
    for member in (bela, cleo):
        assert sign_in(member).get(URL).status_code == 404
        assert sign_in(member).post(f"{URL}?by=smtp", given).status_code == 404
        assert sign_in(member).post(f"{URL}reset/").status_code == 404
    client = sign_in(ada)

    answer = client.post(f"{URL}?by=smtp", given, follow=True)

    assert "signed us in and takes mail from support@acme.example" in answer.content.decode()
    row = saved(acme)
    assert row is not None
    assert (row.host, row.user, row.secret, row.last_error) == ("127.0.0.1", USER, PASSWORD, "")
    assert (post.senders, post.mails) == (["support@acme.example"], [])
    client.post(f"{URL}reset/")
    assert saved(acme) is None


def test_secret_is_never_shown(acme: Tenant, ada: Membership, sign_in: SignIn, post: Post, inbox: Inbox) -> None:
    secret = "correct-horse-battery"
    with tenant_scope(acme), transaction.atomic():
        MailTransport.objects.create(inbox=inbox, kind="smtp", host="smtp.acme.example", user=USER, secret=secret)

    pages = [sign_in(ada).get(page).content.decode() for page in (URL, "/acme/settings/inboxes/1/ways/")]
    wrong = sign_in(ada).post(f"{URL}?by=smtp", form(post, secret="battery-staple")).content.decode()

    assert all(secret not in page for page in pages)
    assert "battery-staple" not in wrong
    assert "smtp.acme.example" in pages[0]


def test_server_that_refuses_is_said_and_not_saved(acme: Tenant, ada: Membership, sign_in: SignIn, post: Post) -> None:
    answer = sign_in(ada).post(f"{URL}?by=smtp", form(post, secret="wrong"))

    assert answer.status_code == 422
    assert "refuses our password: 535" in answer.content.decode()
    assert saved(acme) is None


@pytest.mark.parametrize(
    "changed", [{"host": "localhost"}, {"port": 2525}, {"user": "other"}, {"security": "starttls"}]
)
def test_kept_secret_goes_nowhere_else(
    acme: Tenant, ada: Membership, sign_in: SignIn, post: Post, changed: dict[str, Any]
) -> None:
    client = sign_in(ada)
    client.post(f"{URL}?by=smtp", form(post))

    answer = client.post(f"{URL}?by=smtp", form(post, secret="", **changed))

    assert answer.status_code == 422
    assert "Give the password or token for this server and user." in answer.content.decode()
    assert post.sign_ins == [USER]
    assert client.post(f"{URL}?by=smtp", form(post, secret="")).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"host": "smtp.acme.example\r\nEHLO x"}, "Only the name of the server"),
        ({"host": "a/b"}, "Only the name of the server"),
        ({"port": 6379}, "Mail is taken at the ports"),
        ({"port": 587, "security": "none"}, "A password goes over TLS only"),
        ({"port": 587, "security": "starttls", "host": "10.0.0.7"}, "not on the public internet"),
        ({"port": 587, "security": "tls", "host": "169.254.169.254"}, "not on the public internet"),
    ],
)
def test_workspaces_reach_no_servers_inside(
    acme: Tenant, ada: Membership, sign_in: SignIn, post: Post, settings: Any, given: dict[str, Any], said: str
) -> None:
    settings.MAIL_ALLOW_PRIVATE = False

    answer = sign_in(ada).post(f"{URL}?by=smtp", form(post, **given))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert saved(acme) is None


def test_provider_is_chosen_with_what_it_wants(
    acme: Tenant, ada: Membership, sign_in: SignIn, checked: list[ProviderLogin]
) -> None:
    client = sign_in(ada)
    url = f"{URL}?by=mailgun"
    page = client.get(url).content.decode()
    assert "Sending domain" in page and "Sending key" in page

    assert client.post(url, {"secret": "k1", "domain": "x/../y", "region": "eu"}).status_code == 422
    assert client.post(url, {"secret": "", "domain": "acme.example", "region": "eu"}).status_code == 422
    assert client.post(url, {"secret": "k1", "domain": "acme.example", "region": "eu"}).status_code == 302

    row = saved(acme)
    assert row is not None
    assert (row.kind, row.secret, row.options) == ("mailgun", "k1", {"domain": "acme.example", "region": "eu"})
    assert [(one.provider, one.secret) for one in checked] == [("mailgun", "k1")]
    assert "Mailgun (now)" in client.get(URL).content.decode()


def test_kept_key_goes_to_no_other_server_or_provider(
    acme: Tenant, ada: Membership, sign_in: SignIn, checked: list[ProviderLogin]
) -> None:
    client = sign_in(ada)
    client.post(f"{URL}?by=postal", {"secret": "k1", "server": "https://postal.acme.example"})

    moved = client.post(f"{URL}?by=postal", {"secret": "", "server": "https://evil.example"})
    other = client.post(f"{URL}?by=postmark", {"secret": ""})
    same = client.post(f"{URL}?by=postal", {"secret": "", "server": "https://postal.acme.example"})

    assert (moved.status_code, other.status_code, same.status_code) == (422, 422, 302)
    assert [one.options for one in checked] == [{"server": "https://postal.acme.example"}] * 2


def test_unknown_provider_is_not_found(ada: Membership, sign_in: SignIn) -> None:
    assert sign_in(ada).get(f"{URL}?by=pigeon").status_code == 404


def test_settings_server_is_not_told_to_admins_of_workspaces(
    acme: Tenant, ada: Membership, sign_in: SignIn, settings: Any, inbox: Inbox
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "relay.inside", "op", "op-secret"
    with tenant_scope(acme), transaction.atomic():
        MailTransport.objects.create(inbox=inbox, kind="server", last_error="It is away.")

    pages = [sign_in(ada).get(page).content.decode() for page in (URL, f"{URL}?by=smtp")]

    assert all("relay.inside" not in page and "op-secret" not in page for page in pages)
    assert "It is away." in pages[0]


def test_troubles_stand_on_the_list_and_on_the_inbox(
    acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn, inbox: Inbox
) -> None:
    with tenant_scope(acme), transaction.atomic():
        MailTransport.objects.create(inbox=inbox, kind="smtp", host="smtp.acme.example", last_error="Refused <b>")
        MailAccount.objects.create(inbox=inbox, host="imap.acme.example", user="u", secret="s", last_error="No folder")
        create_inbox(name="Returns", address="returns@acme.example")
    ways, troubles = "/acme/settings/inboxes/1/ways/", "/acme/settings/inboxes/troubles/"

    for page in (ways, troubles):
        assert sign_in(bela).get(page).status_code == 404
        assert sign_in(cleo).get(page).status_code == 404
        for headers in ({}, {"HX-Request": "true"}):
            shown = sign_in(ada).get(page, headers=headers).content.decode()
            assert ("Refused &lt;b&gt;" in shown and "No folder" in shown) or shown.count("Needs a look") == 2
            assert ("<html" in shown) is not bool(headers)
    for number, count in ((1, 2), (2, 0)):
        assert sign_in(ada).get(f"{troubles}?inbox={number}").content.decode().count("cannot") == count
    assert sign_in(ada).get(f"{troubles}?inbox=77").status_code == 404
    assert f'hx-get="{ways}"' in sign_in(ada).get("/acme/settings/inboxes/1/").content.decode()
    assert f'hx-get="{troubles}"' in sign_in(ada).get("/acme/settings/inboxes/").content.decode()
