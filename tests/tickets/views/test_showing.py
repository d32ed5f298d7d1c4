"""The ticket page."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from files.services.storing import store
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment, Participant, Ticket

SignIn = Callable[[Membership], Client]
# BEGIN, SAVEPOINT and set_config are not counted (house §2).
MOST_QUERIES = 15


def bookkeeping(sql: str) -> bool:
    return sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "SELECT set_config"))


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        customer = make_customer()
        make_contact(customer, "ana@shopper.example", is_primary=True)
        ticket = make_ticket(customer=customer)
        Participant.objects.create(ticket=ticket, address="ana@shopper.example", has_written=True, customer=customer)
        make_message(ticket, "It arrived broken 🌧", author_customer=customer)
    return ticket


def test_page_shows_conversation_and_customer(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    page = sign_in(bela).get("/acme/tickets/1/").content.decode()

    assert "It arrived broken 🌧" in page
    assert "ana@shopper.example" in page


def test_page_is_a_404_for_another_workspace(ticket: Ticket, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    assert client.get("/acme/tickets/1/").status_code == 404
    assert client.get("/globex/tickets/1/").status_code == 404


def test_stranger_is_sent_to_sign_in_for_any_workspace(ticket: Ticket, client: Client) -> None:
    known, unknown = client.get("/acme/tickets/1/"), client.get("/nobody/tickets/1/")

    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == "/accounts/login/?next=/acme/tickets/1/"
    assert unknown["Location"] == "/accounts/login/?next=/nobody/tickets/1/"


def test_lost_session_tells_htmx_to_leave_the_page(ticket: Ticket, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/acme/tickets/1/"}

    answer = client.get("/acme/tickets/1/timeline/", headers=headers)

    assert answer["HX-Redirect"] == "/accounts/login/?next=/acme/tickets/1/"


def count_queries(client: Client, path: str, capture: Any) -> int:
    client.get(path)  # fills what is cached for the process
    with capture() as queries:
        assert client.get(path).status_code == 200
    return len([one for one in queries.captured_queries if not bookkeeping(one["sql"])])


@pytest.fixture
def capture() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_page_takes_the_same_few_queries_for_3_and_for_60_messages(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, capture: Any
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        for _ in range(2):
            make_message(ticket)
    few = count_queries(client, "/acme/tickets/1/", capture)
    with tenant_scope(acme):
        for number in range(57):
            message = make_message(ticket, direction="out" if number % 2 else "in")
            file = store(name="a.txt", content_type="text/plain", content=b"a")
            Attachment.objects.create(message=message, file=file, position=1)

    many = count_queries(client, "/acme/tickets/1/", capture)

    assert few == many
    assert many <= MOST_QUERIES


def test_inbox_takes_the_same_queries_for_1_and_for_50_rows(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, capture: Any
) -> None:
    client = sign_in(bela)
    one = count_queries(client, "/acme/tickets/", capture)
    with tenant_scope(acme):
        inbox = make_inbox("sales@acme.example")
        for _ in range(49):
            make_ticket(inbox, customer=make_customer(), assignee=bela)

    fifty = count_queries(client, "/acme/tickets/", capture)

    assert one == fifty


def test_message_says_what_speaks_against_it(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    assert "message__warning" not in client.get("/acme/tickets/1/").content.decode()
    with tenant_scope(acme):
        make_message(ticket, warning="Asks for answers to <b>evil@stranger.example</b>.")
        make_message(ticket, is_automatic=True)

    page = client.get("/acme/tickets/1/").content.decode()

    assert page.count('class="message__warning"') == 1
    assert "Asks for answers to &lt;b&gt;evil@stranger.example&lt;/b&gt;." in page
    assert page.count("message__tag--automatic") == 1


def test_letter_is_framed_under_its_own_policy(
    ticket: Ticket, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_message(ticket, html='<p onclick="x()">Hi<script>alert(1)</script><img src="https://t.example/a.png"></p>')

    answer = sign_in(bela).get("/acme/tickets/1/messages/2/letter/")

    page = answer.content.decode()
    assert "Hi" in page
    assert "onclick" not in page and "alert" not in page and "t.example" not in page
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert sign_in(cleo).get("/acme/tickets/1/messages/2/letter/").status_code == 404


def test_attachment_downloads_and_never_runs(
    ticket: Ticket, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        message = make_message(ticket)
        file = store(name="page.html", content_type="text/html", content=b"<script>alert(1)</script>")
        Attachment.objects.create(message=message, file=file, position=1)
    path = "/acme/tickets/1/messages/2/files/1/"

    answer = sign_in(bela).get(path)

    assert b"".join(cast(Any, answer).streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert sign_in(cleo).get(path).status_code == 404


def test_page_of_a_ticket_without_customer_says_so(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_message(make_ticket(created_at=timezone.now(), customer_reason="Several people share this address."))

    page = sign_in(bela).get("/acme/tickets/1/").content.decode()

    assert "No customer yet" in page
    assert "Several people share this address." in page
