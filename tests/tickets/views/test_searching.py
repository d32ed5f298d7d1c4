"""The results below the search box: what they say, and to whom."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import InboxMember

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


def results(client: Client, words: str, workspace: str = "acme") -> str:
    answer = client.get(f"/{workspace}/tickets/search/?q={quote(words, errors='replace')}", headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def ticket(in_acme: Tenant) -> Any:
    ana = make_customer("Ana", "Lopes")
    make_contact(ana, "ana@shopper.example")
    ticket = make_ticket(make_inbox(name="Repairs"), customer=ana, subject="Watering can")
    make_message(ticket, "The spout is bent, <b>sadly</b>")
    return ticket


def test_results_say_where_they_matched(ticket: Any, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)

    assert "<mark>spout</mark> is bent, &lt;b&gt;sadly" in results(client, "spout")
    assert "Subject</span> <mark>Watering</mark> can" in results(client, "watering")
    assert "E-mail</span> <mark>ana@shopper.example</mark>" in results(client, "ana@shopper.example")
    assert f"/acme/tickets/{ticket.number}/" in results(client, f"#{ticket.number}")


def test_results_offer_customers(ticket: Any, ada: Membership, sign_in: SignIn) -> None:
    page = results(sign_in(ada), "lope")

    assert f'href="/acme/customers/{ticket.customer.number}/"' in page
    assert "Ana Lopes" in page


def test_results_carry_the_marks_of_a_customer(ticket: Any, ada: Membership, sign_in: SignIn) -> None:
    ticket.customer.is_vip = ticket.customer.is_bad = True
    ticket.customer.save()

    page = results(sign_in(ada), "lopes")

    # Beside the customer, and beside the customer's ticket.
    assert page.count('title="A good customer">VIP') == page.count('title="A bad customer">BAD') == 2


def test_results_lead_to_all_of_them(ticket: Any, ada: Membership, sign_in: SignIn) -> None:
    assert 'href="/acme/tickets/?q=bent%20spout"' in results(sign_in(ada), "bent spout")


@pytest.mark.parametrize("words", ["", "s", " "])
def test_results_wait_for_a_second_letter(ticket: Any, ada: Membership, sign_in: SignIn, words: str) -> None:
    assert 'data-count=""' in results(sign_in(ada), words)


def test_results_without_scripts_are_the_list(ticket: Any, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)

    assert client.get("/acme/tickets/search/?q=bent+spout").headers["Location"] == "/acme/tickets/?q=bent+spout"
    assert client.get("/acme/tickets/search/").headers["Location"] == "/acme/tickets/"
    assert client.post("/acme/tickets/search/").status_code == 405


def test_cleo_finds_nothing_of_acme(ticket: Any, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    assert client.get("/acme/tickets/search/?q=spout", headers=HTMX).status_code == 404
    for words in ("spout", "watering", "lopes", "ana@shopper.example", "#1"):
        assert "Nothing found" in results(client, words, "globex")


def test_agent_of_another_inbox_finds_no_ticket(ticket: Any, bela: Membership, sign_in: SignIn) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    InboxMember.objects.create(inbox=make_inbox("other@acme.example"), member=bela)
    client = sign_in(bela)

    for words in ("spout", "watering", f"#{ticket.number}"):
        assert 'data-count="0"' in results(client, words)
    assert "/tickets/" not in results(client, "lopes")  # the customer is the whole workspace's, the ticket is not


def test_restricted_agent_finds_what_is_theirs(ticket: Any, bela: Membership, sign_in: SignIn) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    InboxMember.objects.create(inbox=ticket.inbox, member=bela)
    other = make_ticket(make_inbox("other@acme.example"))
    make_message(other, "Another spout")

    page = results(sign_in(bela), "spout")

    assert f"/acme/tickets/{ticket.number}/" in page
    assert f"/acme/tickets/{other.number}/" not in page


def test_results_take_as_many_queries_for_three_as_for_one(
    ticket: Any, ada: Membership, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(ada)
    with CaptureQueriesContext(connection) as first:
        results(client, "spout")
    for _ in range(3):
        make_message(make_ticket(ticket.inbox, customer=ticket.customer), "spout again")

    with django_assert_num_queries(len(first)):
        results(client, "spout")
