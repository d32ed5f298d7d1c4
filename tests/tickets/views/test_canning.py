"""The page of canned replies: agents their own, admins also everybody's."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tickets.models import CannedReply
from tickets.services import canning

SignIn = Callable[[Membership], Client]
URL = "/acme/settings/replies/"


@pytest.fixture
def shared(acme: Tenant) -> CannedReply:
    with tenant_scope(acme):
        return canning.add_reply(title="Thanks", html="<div>Thank you</div>", member=None, inbox=None)


def test_cleo_finds_none(cleo: Membership, shared: CannedReply, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    for path in (URL, f"{URL}new/", f"{URL}1/", f"{URL}1/delete/", "/globex/settings/replies/1/"):
        assert client.get(path).status_code in (404, 405)
        assert client.post(path, {"title": "x", "html": "x"}).status_code == 404 or path == URL


def test_agent_adds_a_reply_of_their_own(bela: Membership, ada: Membership, acme: Tenant, sign_in: SignIn) -> None:
    words = {"title": "Mine", "html": "<div>Hi</div>", "for_all": "on"}

    assert sign_in(bela).post(f"{URL}new/", words).status_code == 302

    with tenant_scope(acme):
        assert CannedReply.objects.get().member == bela
    assert "Mine" in sign_in(bela).get(URL).content.decode()
    assert "Mine" not in sign_in(ada).get(URL).content.decode()
    assert sign_in(ada).get(f"{URL}1/").status_code == 404


def test_admin_adds_one_for_everybody(bela: Membership, ada: Membership, acme: Tenant, sign_in: SignIn) -> None:
    sign_in(ada).post(f"{URL}new/", {"title": "Ours", "html": "<div>Hi</div>", "for_all": "on"})

    with tenant_scope(acme):
        assert CannedReply.objects.get().member is None
    assert "Ours" in sign_in(bela).get(URL).content.decode()


def test_agent_reads_but_does_not_change_what_is_everybodys(
    bela: Membership, shared: CannedReply, acme: Tenant, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    assert "Only admins change" in client.get(f"{URL}1/").content.decode()
    assert client.post(f"{URL}1/", {"title": "x", "html": "x"}).status_code == 404
    assert client.post(f"{URL}1/delete/").status_code == 404
    with tenant_scope(acme):
        assert CannedReply.objects.get().title == "Thanks"


def test_admin_changes_and_deletes(ada: Membership, shared: CannedReply, acme: Tenant, sign_in: SignIn) -> None:
    client = sign_in(ada)

    client.post(f"{URL}1/", {"title": "Many thanks", "html": "<div>T</div>", "for_all": "on"})
    with tenant_scope(acme):
        assert (CannedReply.objects.get().title, CannedReply.objects.get().member) == ("Many thanks", None)
    client.post(f"{URL}1/delete/")

    with tenant_scope(acme):
        assert not CannedReply.objects.exists()


def test_unknown_variables_are_marked(ada: Membership, acme: Tenant, sign_in: SignIn) -> None:
    client = sign_in(ada)
    words = {"title": "Odd", "html": "<div>{{customer.first_name}} {{settings.SECRET_KEY}}</div>"}

    page = client.post(f"{URL}new/", words, follow=True).content.decode()

    assert "<code>{{settings.SECRET_KEY}}</code>" in page
    assert "Unknown variable" in client.get(URL).content.decode()


def test_plain_text_without_scripts_becomes_lines(bela: Membership, acme: Tenant, sign_in: SignIn) -> None:
    sign_in(bela).post(f"{URL}new/", {"title": "Plain", "text": "a <b>\r\n\r\nc"})

    with tenant_scope(acme):
        assert CannedReply.objects.get().html == "<div>a &lt;b&gt;</div><div><br></div><div>c</div>"


@pytest.mark.parametrize("words", [{"html": "x"}, {"title": "x"}, {"title": "x", "html": "x", "inbox": "99"}])
def test_refused_reply_keeps_what_was_typed(bela: Membership, sign_in: SignIn, words: dict[str, str]) -> None:
    answer = sign_in(bela).post(f"{URL}new/", words)

    assert answer.status_code == 422
    assert 'value="x"' in answer.content.decode()
    assert "field__error" in answer.content.decode()
