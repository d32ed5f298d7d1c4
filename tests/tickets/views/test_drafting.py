"""Drafts, files and suggestions over HTTP: the agent's own, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Draft, DraftFile, InboxMember, Ticket
from tickets.services import attaching, canning

SignIn = Callable[[Membership], Client]
URL = "/acme/tickets/1/draft/"
HTMX: Any = {"HTTP_HX_REQUEST": "true"}
WAYS = (
    "tickets/1/draft/",
    "tickets/1/draft/discard/",
    "tickets/1/draft/restore/",
    "tickets/1/draft/file/",
    "tickets/1/draft/file/remove/",
    "tickets/new/draft/",
    "tickets/new/draft/discard/",
    "tickets/new/draft/restore/",
    "tickets/new/draft/file/",
    "tickets/new/draft/file/remove/",
)


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        return make_ticket(customer=make_customer("Ana", "Lopes"))


def save(client: Client, html: str, version: int = 0, url: str = URL, kind: str = "reply", **words: Any) -> Any:
    return client.post(url, {"kind": kind, "html": html, "version": version, **words})


def upload(client: Client, content: bytes = b"%PDF", name: str = "a.pdf", url: str = f"{URL}file/") -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(url, {"kind": "new" if "new" in url else "reply", "file": file}, **HTMX)


def test_cleo_reaches_none_of_it(cleo: Membership, ticket: Ticket, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    for way in WAYS:
        assert client.post(f"/acme/{way}", {"kind": "reply", "version": 0, "html": "x"}).status_code == 404
    for way in ("tickets/1/replies/", "tickets/new/replies/", "tickets/1/colleagues/"):
        assert client.get(f"/acme/{way}").status_code == 404
    assert save(client, "x", url="/globex/tickets/1/draft/").status_code == 404


def test_draft_is_kept_and_shown_again(bela: Membership, ticket: Ticket, sign_in: SignIn) -> None:
    client = sign_in(bela)

    version = save(client, "<div>Hello <b>Ana</b></div>", cc="boss@writer.example").json()["version"]
    page = client.get("/acme/tickets/1/").content.decode()

    assert version
    assert 'value="&lt;div&gt;Hello &lt;b&gt;Ana&lt;/b&gt;&lt;/div&gt;"' in page
    assert f'data-version="{version}"' in page
    assert "Hello Ana</textarea>" in page
    assert "boss@writer.example" in page
    assert "boss@writer.example" in client.get("/acme/tickets/1/composer/").content.decode()


def test_colleague_neither_sees_nor_changes_my_draft(
    bela: Membership, ada: Membership, ticket: Ticket, acme: Tenant, sign_in: SignIn
) -> None:
    version = save(sign_in(bela), "Of Bela").json()["version"]
    other = sign_in(ada)

    assert "Of Bela" not in other.get("/acme/tickets/1/").content.decode()
    save(other, "Of Ada")
    assert save(other, "Of Ada too", version=version).status_code == 409
    other.post(f"{URL}discard/", {"kind": "reply"})

    with tenant_scope(acme):
        drafts = {draft.member_id: (draft.html, draft.is_discarded) for draft in Draft.objects.all()}
    assert drafts == {bela.pk: ("Of Bela", False), ada.pk: ("Of Ada", True)}


def test_older_window_gets_what_stands(bela: Membership, ticket: Ticket, sign_in: SignIn) -> None:
    client = sign_in(bela)
    version = save(client, "newer").json()["version"]

    answer = save(client, "older")

    assert answer.status_code == 409
    assert (answer.json()["html"], answer.json()["version"]) == ("newer", version)


def test_agent_outside_the_inbox_keeps_no_draft(
    bela: Membership, ticket: Ticket, acme: Tenant, sign_in: SignIn
) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    client = sign_in(bela)

    assert save(client, "x").status_code == 404
    assert upload(client).status_code == 404
    with tenant_scope(acme):
        InboxMember.objects.create(inbox=ticket.inbox, member=bela)
    assert save(client, "x").status_code == 200


@pytest.mark.parametrize(
    "words",
    [{"kind": "new"}, {"kind": "x"}, {"version": "x"}, {"version": 2**31}, {"html": "x" * 500_001}],
    ids=["of another place", "no kind", "no version", "huge version", "too long"],
)
def test_nonsense_is_refused(bela: Membership, ticket: Ticket, sign_in: SignIn, words: dict[str, Any]) -> None:
    data = {"kind": "reply", "html": "x", "version": 0, **words}

    assert sign_in(bela).post(URL, data).status_code == 422


def test_new_ticket_keeps_inbox_and_subject(bela: Membership, ticket: Ticket, acme: Tenant, sign_in: SignIn) -> None:
    words: dict[str, Any] = {"subject": "Your order", "to": "ana@shopper.example", "inbox": ticket.inbox.number}

    save(sign_in(bela), "", url="/acme/tickets/new/draft/", kind="new", **words)

    with tenant_scope(acme):
        draft = Draft.objects.get()
        assert (draft.subject, draft.to, draft.inbox) == ("Your order", "ana@shopper.example", ticket.inbox)


def test_file_is_listed_downloaded_and_removed(bela: Membership, ticket: Ticket, acme: Tenant, sign_in: SignIn) -> None:
    client = sign_in(bela)

    listed = upload(client, b"<script>x</script>", name="page.html")
    with tenant_scope(acme):
        key = DraftFile.objects.get().file.key
    answer = client.get(f"/acme/files/{key}/")
    removed = client.post(f"{URL}file/remove/", {"kind": "reply", "key": key}, **HTMX)

    assert "page.html" in listed.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    answer.close()
    assert "page.html" not in removed.content.decode()


def test_files_of_a_colleagues_draft_stay(
    bela: Membership, ada: Membership, ticket: Ticket, acme: Tenant, sign_in: SignIn
) -> None:
    upload(sign_in(bela))
    with tenant_scope(acme):
        key = DraftFile.objects.get().file.key

    sign_in(ada).post(f"{URL}file/remove/", {"kind": "reply", "key": key}, **HTMX)

    with tenant_scope(acme):
        assert DraftFile.objects.count() == 1


def test_refused_file_says_why(
    bela: Membership, ticket: Ticket, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "LARGEST_FILE", 10)
    client = sign_in(bela)

    for content, words in ((b"", "The file is empty."), (b"a" * 11, "A file may have at most")):
        answer = upload(client, content)
        assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
        assert words in answer.content.decode()
    assert client.post(f"{URL}file/", {"kind": "reply"}).status_code == 422


def test_discarded_draft_comes_back(bela: Membership, ticket: Ticket, sign_in: SignIn) -> None:
    client = sign_in(bela)
    version = save(client, "words").json()["version"]
    upload(client)

    assert client.post(f"{URL}discard/", {"kind": "reply"}, **HTMX).json() == {"version": 0}
    state = client.post(f"{URL}restore/", {"kind": "reply"}).json()

    assert (state["html"], state["version"]) == ("words", version)
    assert "a.pdf" in state["files"]
    assert client.post(f"{URL}restore/", {"kind": "reply"}).status_code == 409


def test_discarding_works_without_scripts(bela: Membership, ticket: Ticket, sign_in: SignIn) -> None:
    client = sign_in(bela)
    save(client, "words")

    answer = client.post(f"{URL}discard/", {"kind": "reply"}, follow=True)

    assert "Draft discarded." in answer.content.decode()


def test_suggestions_are_filled_and_escaped(bela: Membership, ada: Membership, acme: Tenant, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_ticket(customer=make_customer("<img src=x>", ""))
        canning.add_reply(title="<i>Hi</i>", html="<div>{{customer.first_name}}</div>", member=None, inbox=None)
    client = sign_in(bela)

    replies = client.get("/acme/tickets/1/replies/?q=hi").content.decode()
    people = client.get("/acme/tickets/1/colleagues/?q=ad").content.decode()

    assert "&lt;i&gt;Hi&lt;/i&gt;" in replies
    assert "<img" not in replies
    assert "&amp;lt;img src=x&amp;gt;" in replies
    assert 'data-insert="@Ada\xa0"' in people
    assert "Bela" not in client.get("/acme/tickets/1/colleagues/").content.decode()


def test_replies_for_a_new_ticket_follow_the_inbox(bela: Membership, acme: Tenant, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        inbox = make_inbox(name="Returns")
        canning.add_reply(title="For returns", html="{{inbox.name}}", member=None, inbox=inbox)
    client = sign_in(bela)

    assert "For returns" in client.get(f"/acme/tickets/new/replies/?inbox={inbox.number}").content.decode()
    for nothing in ("", "99", "x", "9" * 30):
        assert "For returns" not in client.get(f"/acme/tickets/new/replies/?inbox={nothing}").content.decode()
