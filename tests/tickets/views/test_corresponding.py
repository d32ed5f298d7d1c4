"""The tabs of the customer's page that tickets fill: letters, files, chats."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import Customer
from customers.tabs import all_tabs
from files.services.storing import store
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment, Inbox, InboxMember, Message, Recipient, Ticket

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
TABS = ("letters", "files", "chats")


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        return make_customer()


@pytest.fixture
def inbox(acme: Tenant) -> Inbox:
    with tenant_scope(acme):
        return make_inbox()


@pytest.fixture
def ticket(acme: Tenant, ana: Customer, inbox: Inbox) -> Ticket:
    with tenant_scope(acme):
        return make_ticket(inbox, customer=ana, subject="Broken cup")


def read(client: Client, tab: str, query: str = "") -> str:
    answer = client.get(f"/acme/customers/1/{tab}/{query}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def count_queries(client: Client, tab: str) -> int:
    read(client, tab)  # fills what is cached for the process
    with CaptureQueriesContext(connection) as queries:
        read(client, tab)
    return len(queries)


def attach(message: Message, name: str, **fields: bool) -> Attachment:
    file = store(name=name, content_type="text/plain", content=b"a" * 2048)
    return Attachment.objects.create(message=message, file=file, position=message.attached.count() + 1, **fields)


def titles(page: str) -> list[str]:
    return re.findall(r"past__title[^>]*>(?:<bdi>)?([^<]*)", page)


@pytest.mark.parametrize("tab", TABS)
def test_tab_alone_for_htmx_and_on_a_page_for_others(
    ana: Customer, bela: Membership, sign_in: SignIn, tab: str
) -> None:
    client = sign_in(bela)

    assert "<html" not in read(client, tab)
    assert "<html" in client.get(f"/acme/customers/1/{tab}/").content.decode()
    assert f"tickets:customer_{tab}" in {one.url_name for one in all_tabs()}


@pytest.mark.parametrize("tab", TABS)
def test_tab_is_a_404_for_another_workspace(ana: Customer, cleo: Membership, sign_in: SignIn, tab: str) -> None:
    client = sign_in(cleo)

    assert client.get(f"/acme/customers/1/{tab}/").status_code == 404
    assert client.get(f"/globex/customers/1/{tab}/").status_code == 404


@pytest.mark.parametrize(("tab", "says"), [("letters", "No letters"), ("files", "No files"), ("chats", "No chats")])
def test_empty_tab_says_so(ana: Customer, bela: Membership, sign_in: SignIn, tab: str, says: str) -> None:
    assert says in read(sign_in(bela), tab)


def test_letters_stand_newest_first_with_direction_and_clip(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        inbound = make_message(ticket, "It arrived broken 🌧", created_at=clock.now() - timedelta(days=1))
        attach(inbound, "photo.txt")
        attach(make_message(ticket, "We are sorry", direction="out"), "logo.png", is_inline=True)
        make_message(ticket, "Between us", direction="note")
        chat = make_ticket(make_inbox("chat", kind="chat"), customer=ticket.customer)
        make_message(chat, "On chat")

    page = read(sign_in(bela), "letters")

    assert page.index("We are sorry") < page.index("It arrived broken 🌧")
    assert page.index("To the customer") < page.index("From the customer")
    assert page.count("Has files") == 2  # one clip: its label and its title
    assert "Between us" not in page and "On chat" not in page
    assert "/acme/tickets/1/#ticket-1-message-1" in page


def test_tabs_show_nothing_of_inboxes_the_reader_is_not_in(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        attach(make_message(ticket), "plan.txt")
        chat = make_ticket(make_inbox("chat", kind="chat"), customer=ticket.customer)
        make_message(chat)
        InboxMember.objects.create(inbox=make_inbox("other@acme.example"), member=bela)
    client = sign_in(bela)
    assert "past__item" in read(client, "letters") and "plan.txt" in read(client, "files")
    assert "ticket-2-chat-line" in read(client, "chats")

    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    assert not any("past__item" in read(client, tab) or "chat-line" in read(client, tab) for tab in TABS)


@pytest.mark.parametrize(
    ("state", "is_said"), [("sent", True), ("delivered", True), ("opened", False), ("queued", False)]
)
def test_letter_says_how_far_it_got_and_never_not_opened(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn, state: str, is_said: bool
) -> None:
    at = clock.now() - timedelta(hours=2)
    with tenant_scope(acme):
        message = make_message(ticket, direction="out", delivery_state=state)
        Recipient.objects.create(message=message, kind="to", address="ana@shopper.example", state=state, state_at=at)
    client = sign_in(bela)

    untracked = read(client, "letters")
    with tenant_scope(acme):
        write_settings(values={"open_tracking": True})
    tracked = read(client, "letters")

    assert f"past__state--{state}" in untracked
    assert ("Opening not tracked" in untracked) is is_said and "Opening not tracked" not in tracked
    assert (at.isoformat()[:16] in untracked) is (state in ("delivered", "opened"))


def test_files_come_with_size_and_where_from(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        inbound = make_message(ticket)
        attach(inbound, "first.txt")
        attach(inbound, "picture in the text.png", is_inline=True)
        attach(make_message(ticket, direction="note", author_name="Bela"), "second.txt")

    page = read(sign_in(bela), "files")

    assert titles(page) == ["second.txt", "first.txt"]
    assert "2.0\xa0KB" in page and "Internal note of <bdi>Bela</bdi>" in page and "Broken cup" in page
    assert "/acme/tickets/1/messages/1/files/1/" in page


def test_chats_are_tickets_of_other_channels(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_message(ticket)
        chat = make_ticket(make_inbox("chat", kind="chat"), customer=ticket.customer, status="closed")
        make_message(chat)
        make_message(chat, direction="out")
        make_message(chat, direction="note")

    page = read(sign_in(bela), "chats")

    assert page.count("chat-line") == 1
    assert '<a href="/acme/tickets/2/"><time' in page
    assert "<td>Closed</td>" in page and "Messages: </span>2</td>" in page and ">Chat <" in page


def test_pages_of_letters_follow_each_other_without_gaps(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        for number in range(60):
            make_message(ticket, f"letter {number}", created_at=clock.now() - timedelta(minutes=60 - number // 2))
    client, query, seen = sign_in(bela), "", list[str]()

    for _ in range(3):
        page = read(client, "letters", query)
        seen += re.findall(r"letter (\d+)<", page)
        found = re.search(r'rel="next" href="[^"?]*(\?[^"]*)"', page)
        query = found[1].replace("&amp;", "&") if found else ""

    assert seen == [str(number) for number in reversed(range(60))]
    assert query == ""


def test_letter_that_comes_while_one_reads_is_counted_not_put_in(
    ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        make_message(ticket, "known")
    again = re.search(r'hx-get="[^"?]*(\?[^"]*)" hx-trigger="live"', read(client, "letters"))
    assert again is not None
    with tenant_scope(acme):
        make_message(ticket, "fresh")

    refreshed, anew = read(client, "letters", again[1].replace("&amp;", "&")), read(client, "letters")

    assert "fresh" not in refreshed and "known" in refreshed and "1 new letter" in refreshed
    assert "fresh" in anew and "new letter" not in anew


@pytest.mark.parametrize("tab", TABS)
def test_tab_takes_the_same_queries_however_much_there_is(
    ticket: Ticket, inbox: Inbox, acme: Tenant, bela: Membership, sign_in: SignIn, tab: str
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        attach(make_message(ticket, direction="out", delivery_state="sent"), "a.txt")
        chats = make_inbox("chat", kind="chat")
        make_message(make_ticket(chats, customer=ticket.customer))
    few = count_queries(client, tab)
    with tenant_scope(acme):
        for place in (inbox, chats):
            for _ in range(15):
                other = make_ticket(place, customer=ticket.customer)
                attach(make_message(other), "b.txt")
                attach(make_message(other, direction="out", delivery_state="sent"), "c.txt")

    many = count_queries(client, tab)

    assert few == many
