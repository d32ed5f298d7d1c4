"""Replying, noting, closing and assigning from the page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.customers import make_customer
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Message, Participant, Ticket

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        ticket = make_ticket(customer=make_customer())
        Participant.objects.create(
            ticket=ticket, address="ana@shopper.example", has_written=True, customer=ticket.customer
        )
        make_message(ticket)
    return ticket


def test_reply_shows_in_the_answer_to_htmx(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/reply/", {"text": "It is on its way."}, headers=HTMX)

    assert answer.status_code == 200
    assert "It is on its way." in answer.content.decode()


def test_reply_works_without_scripts(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/reply/", {"text": "On its way.", "close": "1"})

    assert answer.status_code == 302
    assert answer["Location"] == "/acme/tickets/1/"
    with tenant_scope(acme):
        ticket.refresh_from_db()
        assert ticket.is_closed
        assert Message.objects.filter(ticket=ticket, direction="out").get().author_member_id == bela.pk


def test_empty_reply_is_refused_with_what_was_typed(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/reply/", {"text": "  "}, headers=HTMX)

    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_reply_too_long_is_refused_and_not_lost(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/reply/", {"text": "x" * 100_001}, headers=HTMX)

    assert answer.status_code == 422
    assert "x" * 100_001 in answer.content.decode()


def test_note_stays_inside(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    sign_in(bela).post("/acme/tickets/1/note/", {"text": "Ask the warehouse."}, headers=HTMX)

    with tenant_scope(acme):
        note = Message.objects.get(direction="note")
        assert (note.text, note.delivery_state) == ("Ask the warehouse.", "")
        ticket.refresh_from_db()
        assert ticket.preview == "Hello"


def test_close_and_reopen_both_ways(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    assert "Reopen" in client.post("/acme/tickets/1/close/", headers=HTMX).content.decode()
    again = client.post("/acme/tickets/1/close/", headers=HTMX).content.decode()
    assert "A colleague closed this ticket a moment ago." in again
    client.post("/acme/tickets/1/reopen/")
    with tenant_scope(acme):
        ticket.refresh_from_db()
        assert ticket.is_open


def test_assign_refuses_a_member_of_another_workspace(
    ticket: Ticket, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    sign_in(bela).post("/acme/tickets/1/assign/", {"assignee": "99"})

    with tenant_scope(acme):
        ticket.refresh_from_db()
        assert ticket.assignee_id is None


@pytest.mark.parametrize("verb", ["reply", "note", "close", "reopen", "assign"])
def test_verbs_are_404_for_another_workspace(
    ticket: Ticket, cleo: Membership, sign_in: SignIn, acme: Tenant, verb: str
) -> None:
    answer = sign_in(cleo).post(f"/acme/tickets/1/{verb}/", {"text": "x", "assignee": ""})

    assert answer.status_code == 404
    with tenant_scope(acme):
        ticket.refresh_from_db()
        assert (ticket.is_open, ticket.message_count) == (True, 1)


@pytest.mark.parametrize("verb", ["reply", "note", "close", "reopen"])
def test_verbs_do_nothing_by_get(ticket: Ticket, bela: Membership, sign_in: SignIn, verb: str) -> None:
    assert sign_in(bela).get(f"/acme/tickets/1/{verb}/").status_code == 405


def test_forms_are_refused_without_their_token(ticket: Ticket, bela: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bela.user)

    assert client.post("/acme/tickets/1/close/").status_code == 403


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_refused_text_is_not_lost_without_scripts(ticket: Ticket, bela: Membership, sign_in: SignIn, verb: str) -> None:
    long = "typed for an hour " * 6000

    answer = sign_in(bela).post(f"/acme/tickets/1/{verb}/", {"text": long})

    assert answer.status_code == 422
    assert long in answer.content.decode()
