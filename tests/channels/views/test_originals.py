"""The original of a message, and its sender, from the message's menu."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.models import BlockedSender
from channels.services.receiving import receive_mail
from tests.factories.channels import raw_mail
from tests.factories.tickets import make_message
from tickets.models import Ticket
from tickets.services.creating_inbox import create_inbox

SignIn = Callable[[Membership], Client]
MENU = "/acme/tickets/1/messages/{}/menu/"
ORIGINAL = "/acme/tickets/1/messages/{}/original/"
BLOCK = "/acme/tickets/1/messages/{}/block/"
RAW = raw_mail("Where is it?", headers={"X-Odd": "kept"})


@pytest.fixture
def received(acme: Tenant) -> None:
    """A mail that opened a ticket, the same once more, and an answer of ours."""
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
        for _ in range(2):
            receive_mail(inbox=inbox, raw=RAW, at=timezone.now())
        make_message(Ticket.objects.get(), "We look", direction="out")


def test_original_downloads_byte_for_byte(received: None, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    answer: Any = sign_in(bela).get(ORIGINAL.format(1))

    assert b"".join(answer.streaming_content) == RAW
    assert answer["Content-Disposition"] == 'attachment; filename="ticket-1-message-1.eml"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert sign_in(bela).get(ORIGINAL.format(2)).status_code == 404
    assert sign_in(cleo).get(ORIGINAL.format(1)).status_code == 404


def test_original_of_a_hidden_inbox_is_hidden(received: None, bela: Membership, sign_in: SignIn) -> None:
    bela.sees_all_inboxes = False
    bela.save()
    client = sign_in(bela)

    assert [client.get(one.format(1)).status_code for one in (ORIGINAL, MENU)] == [404, 404]
    assert client.post(BLOCK.format(1)).status_code == 404


def test_menu_offers_what_there_is(received: None, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    of_mail, of_answer = (client.get(MENU.format(number)).content.decode() for number in (1, 2))

    assert ORIGINAL.format(1) in of_mail and BLOCK.format(1) in of_mail
    assert ORIGINAL.format(2) not in of_answer and BLOCK.format(2) not in of_answer
    assert MENU.format(1) in client.get("/acme/tickets/1/").content.decode()
    assert sign_in(cleo).get(MENU.format(1)).status_code == 404


def test_sender_of_a_message_is_blocked_and_let_in_again(
    received: None, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    assert sign_in(cleo).post(BLOCK.format(1)).status_code == 404
    assert client.get(BLOCK.format(1)).status_code == 405
    assert client.post(BLOCK.format(2)).status_code == 404

    told = client.post(BLOCK.format(1), headers={"HX-Request": "true"}).content.decode()

    assert "ana@shopper.example is blocked" in told
    with tenant_scope(acme):
        assert BlockedSender.objects.get().address == "ana@shopper.example"
    assert "Unblock" in client.get(MENU.format(1)).content.decode()
    assert client.post("/acme/blocked/1/remove/")["Location"] == "/acme/blocked/"
    assert client.post(BLOCK.format(1))["Location"] == "/acme/tickets/1/"
