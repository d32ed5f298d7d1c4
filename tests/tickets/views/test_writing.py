"""What the forms of replies and notes take: formats, people, files."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from files.services.storing import read
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment, Message, Participant, Recipient, Ticket

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        ticket = make_ticket(make_inbox(), customer=make_customer())
        Participant.objects.create(
            ticket=ticket, address="ana@shopper.example", has_written=True, customer=ticket.customer
        )
        message = make_message(ticket, "Broken", html="<p onclick=x>Broken</p>")
        Recipient.objects.create(message=message, kind="to", address="support@acme.example")
        Recipient.objects.create(message=message, kind="cc", address="rui@shopper.example", name="Rui")
    return ticket


def reply(client: Client, **data: Any) -> Any:
    return client.post("/acme/tickets/1/reply/", {"text": "Hello", **data}, headers=HTMX)


def test_formats_show_among_the_messages_and_scripts_do_not(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    page = reply(sign_in(bela), html="<div>On <b>its</b> way<script>alert(1)</script></div>").content.decode()

    assert "<p>On <strong>its</strong> way</p>" in page
    assert "alert(1)" not in page


def test_row_that_holds_a_script_shows_none(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_message(
            ticket, "x", direction="out", html='<p>y<img src=x onerror=alert(1)><a href="javascript:1">z</a></p>'
        )

    page = sign_in(bela).get("/acme/tickets/1/").content.decode()

    assert "onerror" not in page and "javascript:" not in page
    assert "<p>yz</p>" in page


def test_message_says_whom_it_was_written_to(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    page = reply(sign_in(bela), to="Ana <ana@shopper.example>", bcc="boss@acme-hq.example").content.decode()

    assert "to support@acme.example, cc Rui" in page
    assert "to Ana, bcc boss@acme-hq.example" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"to": "nobody"}, "“nobody” is no e-mail address."),
        ({"cc": "a@x.example\r\nBcc: eve@evil.example"}, "“Bcc: eve@evil.example” is no e-mail address."),
        ({"cc": "support+1@acme.example"}, "support+1@acme.example is an inbox of this workspace"),
        ({"bcc": ",".join(f"p{n}@x.example" for n in range(41))}, "at most 40 people"),
        ({"to": " "}, "Say whom it goes to."),
        ({"html": "<div><br></div>", "text": ""}, "Write something first."),
        ({"text": "x" * 100_001}, "at most 100,000 characters"),
        ({"html": "x" * 100_001}, "at most 100,000 characters"),
        ({"html": "<b></b>" * 200_000}, "at most 100,000 characters"),
    ],
)
def test_what_cannot_be_sent_is_said_in_words(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, data: dict[str, str], words: str
) -> None:
    client = sign_in(bela)

    with_scripts = reply(client, **data)
    without = client.post("/acme/tickets/1/reply/", {"text": "Hello", **data})

    assert (with_scripts.status_code, without.status_code) == (422, 422)
    for answer in (with_scripts, without):
        assert words in answer.content.decode()
    with tenant_scope(acme):
        assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_files_go_along_without_scripts(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, verb: str
) -> None:
    files = [SimpleUploadedFile("../a.html", b"<script>", "text/html"), SimpleUploadedFile("b.txt", b"two")]

    sign_in(bela).post(f"/acme/tickets/1/{verb}/", {"text": "See these", "files": files})

    with tenant_scope(acme):
        rows = list(Attachment.objects.select_related("file").order_by("position"))
        assert [(one.name, read(one.file)) for one in rows] == [("a.html", b"<script>"), ("b.txt", b"two")]


def test_draft_is_gone_once_it_is_sent(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    upload = {"kind": "reply", "file": SimpleUploadedFile("b.txt", b"two")}
    client.post("/acme/tickets/1/draft/file/", upload, headers=HTMX)
    assert "b.txt" in client.get("/acme/tickets/1/").content.decode()

    refused = reply(client, to="nobody")
    sent = reply(client)

    assert (refused.status_code, sent.status_code) == (422, 200)
    with tenant_scope(acme):
        assert Attachment.objects.get().name == "b.txt"
    assert client.get("/acme/tickets/1/composer/").content.decode().count("b.txt") == 0


def test_mention_is_marked_and_told(ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    note = sign_in(bela).post("/acme/tickets/1/note/", {"html": "<div>@Ada: look</div>"}, headers=HTMX)

    assert "<mark>@Ada</mark>: look" in note.content.decode()
    assert "mentioned you" in sign_in(ada).get("/acme/notices/").content.decode()
