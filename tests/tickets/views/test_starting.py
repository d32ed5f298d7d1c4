"""The page of a first letter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox
from tickets.models import Draft, Message, Ticket

SignIn = Callable[[Membership], Client]
NEW = "/acme/tickets/new/"


@pytest.fixture
def customer(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        make_inbox()
        customer = make_customer()
        make_contact(customer, "ana@shopper.example", is_primary=True)
    return customer


def letter(**fields: Any) -> dict[str, Any]:
    return {"inbox": 1, "to": "new@person.example", "subject": "Your order", "text": "Hello", **fields}


def test_first_letter_leads_to_its_ticket(customer: Customer, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    answer = client.post(NEW, letter(cc="Rui <rui@shopper.example>"))

    assert (answer.status_code, answer["Location"]) == (302, "/acme/tickets/1/")
    with tenant_scope(acme):
        ticket = Ticket.objects.get()
        assert (ticket.subject, ticket.assignee_id, ticket.inbox.address) == (
            "Your order",
            bela.pk,
            "support@acme.example",
        )
        assert Message.objects.get().text == "Hello"
    page = client.get("/acme/tickets/1/").content.decode()
    assert "to new@person.example, cc Rui" in page and "Sending in" in page


def test_undone_first_letter_is_a_draft_on_its_ticket(
    customer: Customer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    client.post(NEW, letter())

    client.post("/acme/tickets/1/messages/1/withdraw/")

    with tenant_scope(acme):
        assert not Message.objects.exists()
        draft = Draft.objects.get()
        assert (draft.ticket_id, draft.to) == (Ticket.objects.get().pk, "new@person.example")


def test_customer_is_filled_in(customer: Customer, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    page = client.get(f"{NEW}?customer={customer.number}").content.decode()

    assert "Ana Lopes &lt;ana@shopper.example&gt;" in page
    assert client.get(f"{NEW}?customer=999").status_code == 404
    assert client.get(f"{NEW}?customer={'9' * 30}").status_code == 200
    assert f"{NEW}?customer={customer.number}" in client.get("/acme/customers/1/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"subject": "  "}, "Give it a subject."),
        ({"text": " "}, "Write something first."),
        ({"to": ""}, "Say whom it goes to."),
        ({"to": "nobody"}, "“nobody” is no e-mail address."),
        ({"inbox": 99}, "Choose an inbox from the list."),
    ],
)
def test_incomplete_letter_comes_back_as_it_was(
    customer: Customer, acme: Tenant, bela: Membership, sign_in: SignIn, fields: dict[str, Any], words: str
) -> None:
    typed = letter(bcc="boss@acme-hq.example", text="Hello there", customer=7) | fields

    answer = sign_in(bela).post(NEW, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    for value in ("boss@acme-hq.example", typed["text"].strip(), typed["subject"].strip()):
        assert value in page
    with tenant_scope(acme):
        assert not Ticket.objects.exists()


def test_agent_writes_only_from_inboxes_they_see(
    customer: Customer, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    bela.sees_all_inboxes = False
    bela.save()
    client = sign_in(bela)

    assert "No inbox to write from" in client.get(NEW).content.decode()
    assert client.post(NEW, letter()).status_code == 422
    with tenant_scope(acme):
        assert not Ticket.objects.exists()


def test_letter_of_another_workspace_stays_there(
    customer: Customer, acme: Tenant, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(cleo)

    assert client.get(NEW).status_code == client.post(NEW, letter()).status_code == 404
    assert client.get("/globex/tickets/new/?customer=1").status_code == 404
    assert client.post("/globex/tickets/new/", letter()).status_code == 422
    assert client.get("/acme/tickets/new/addresses/?q=ana").status_code == 404
    assert "ana@" not in client.get("/globex/tickets/new/addresses/?q=ana").content.decode()
    with tenant_scope(acme):
        assert not Ticket.objects.exists()


@pytest.mark.parametrize("words", ["Ana", "ana lo", "ANA@Shopper.example"])
def test_customers_are_suggested_as_one_types(
    customer: Customer, bela: Membership, sign_in: SignIn, words: str
) -> None:
    client = sign_in(bela)

    found = client.get("/acme/tickets/new/addresses/", {"q": words}).content.decode()

    assert "Ana Lopes &lt;ana@shopper.example&gt;" in found
    assert client.get("/acme/tickets/new/addresses/", {"q": "\x00%_'"}).status_code == 200
