"""Undo and try again, from the page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from events.models import Reaction
from tests.factories.customers import make_customer
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Draft, Message, Participant, Ticket

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
UNDO, RETRY = "/acme/tickets/1/messages/2/withdraw/", "/acme/tickets/1/messages/2/retry/"


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        ticket = make_ticket(customer=make_customer())
        Participant.objects.create(
            ticket=ticket, address="ana@shopper.example", has_written=True, customer=ticket.customer
        )
        make_message(ticket)
    return ticket


@pytest.fixture
def bela_wrote(ticket: Ticket, bela: Membership, sign_in: SignIn) -> Client:
    """Bela's browser, a moment after a reply."""
    client = sign_in(bela)
    client.post("/acme/tickets/1/reply/", {"html": "<div>Almost <b>right</b></div>", "to": "ana@shopper.example"})
    return client


def test_reply_says_how_long_it_waits_and_how_to_undo(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/reply/", {"text": "Almost"}, headers=HTMX).content.decode()

    assert answer.count(f'action="{UNDO}"') == 2  # on the message, and among the toasts
    assert "Sending in" in answer and 'data-undo="10"' in answer


def test_nobody_else_is_offered_to_undo_it(bela_wrote: Client, ada: Membership, sign_in: SignIn) -> None:
    assert UNDO in bela_wrote.get("/acme/tickets/1/").content.decode()
    assert UNDO not in sign_in(ada).get("/acme/tickets/1/").content.decode()


def test_undo_puts_the_words_into_the_composer_again(bela_wrote: Client, acme: Tenant) -> None:
    answer = bela_wrote.post(UNDO, headers=HTMX)

    assert answer.status_code == 200
    assert "Almost &lt;strong&gt;right&lt;/strong&gt;" in answer.content.decode()
    with tenant_scope(acme):
        assert not Message.objects.filter(direction="out").exists()


def test_undo_works_without_scripts(bela_wrote: Client, acme: Tenant) -> None:
    answer = bela_wrote.post(UNDO)

    assert (answer.status_code, answer["Location"]) == (302, "/acme/tickets/1/")
    with tenant_scope(acme):
        assert "Almost" in Draft.objects.get().html


def test_undo_too_late_says_so(bela_wrote: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        message = Message.objects.get(direction="out")
        Message.objects.update(undo_until=message.created_at - timedelta(seconds=1))

    answer = bela_wrote.post(UNDO, headers=HTMX).content.decode()

    assert "Already on its way." in answer
    with tenant_scope(acme):
        assert Message.objects.filter(direction="out").exists()


def test_undo_of_a_colleagues_message_is_refused(
    bela_wrote: Client, acme: Tenant, ada: Membership, sign_in: SignIn
) -> None:
    answer = sign_in(ada).post(UNDO, headers=HTMX).content.decode()

    assert "Only who wrote a message takes it back." in answer
    with tenant_scope(acme):
        assert Message.objects.filter(direction="out").exists()


def test_failed_message_is_tried_again(bela_wrote: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        Message.objects.filter(number=2).update(delivery_state="failed", delivery_detail="550 no")
    assert RETRY in bela_wrote.get("/acme/tickets/1/").content.decode()

    answer = bela_wrote.post(RETRY, headers=HTMX)

    assert RETRY not in answer.content.decode()
    with tenant_scope(acme):
        assert Message.objects.get(number=2).delivery_state == "queued"
        assert Reaction.objects.get(task="channels.tasks.deliver_message").failed_at is None


def test_trying_again_what_went_out_says_so(bela_wrote: Client) -> None:
    assert "on its way already" in bela_wrote.post(RETRY, headers=HTMX).content.decode()


@pytest.mark.parametrize("url", [UNDO, RETRY])
def test_messages_of_others_do_not_exist(
    bela_wrote: Client, acme: Tenant, ada: Membership, cleo: Membership, sign_in: SignIn, url: str
) -> None:
    with tenant_scope(acme):
        ada.role, ada.sees_all_inboxes = "agent", False  # an agent outside the inbox
        ada.save()

    assert sign_in(cleo).post(url).status_code == 404
    assert sign_in(ada).post(url).status_code == 404
    assert bela_wrote.get(url).status_code == 405
    with tenant_scope(acme):
        assert Message.objects.filter(direction="out", delivery_state="queued").exists()
