"""Merging, splitting and setting the customer from the page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import InboxMember, Message, Ticket

SignIn = Callable[[Membership], Client]


@pytest.fixture
def pair(acme: Tenant) -> tuple[Ticket, Ticket]:
    """#1 and #2 of one customer, in one inbox."""
    with tenant_scope(acme):
        ana, inbox = make_customer("Ana"), make_inbox()
        make_contact(ana, "ana@shopper.example")
        tickets = [make_ticket(inbox, customer=ana, subject=subject) for subject in ("Blue vase", "Vase, again")]
        for ticket in tickets:
            make_message(ticket, f"about {ticket.number}", author_customer=ana)
            make_message(ticket, f"more about {ticket.number}", author_customer=ana)
    return tickets[0], tickets[1]


def limit_to(member: Membership, *tickets: Ticket) -> None:
    Membership.objects.filter(pk=member.pk).update(sees_all_inboxes=False)
    with tenant_scope(member.tenant):
        for ticket in tickets:
            InboxMember.objects.create(inbox=ticket.inbox, member=member)


def test_other_tickets_of_the_customer_are_offered_first(
    pair: tuple[Ticket, Ticket], bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    page = sign_in(bela).get("/acme/tickets/1/merge/").content.decode()

    assert "/acme/tickets/1/merge/?into=2" in page
    assert "into=1" not in page
    assert sign_in(cleo).get("/acme/tickets/1/merge/").status_code == 404
    assert sign_in(cleo).get("/globex/tickets/1/merge/").status_code == 404


def test_other_ticket_is_searched_by_number(
    pair: tuple[Ticket, Ticket], acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_ticket(pair[0].inbox, customer=make_customer("Ben"), subject="A lamp")

    answer = sign_in(bela).get("/acme/tickets/1/merge/", {"q": "#3"}, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert "into=3" in page and "into=2" not in page
    assert "<html" not in page


def test_preview_warns_of_different_customers(
    pair: tuple[Ticket, Ticket], acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        make_ticket(pair[0].inbox, customer=make_customer("Ben"))
    client = sign_in(bela)

    same = client.get("/acme/tickets/1/merge/", {"into": 2}).content.decode()
    other = client.get("/acme/tickets/1/merge/", {"into": 3}).content.decode()

    assert "2 messages" in same and "Merge tickets" in same
    assert "different customers" in other and "different customers" not in same


def test_merge_leads_to_the_target_and_can_be_undone(
    pair: tuple[Ticket, Ticket], acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    merged = client.post("/acme/tickets/1/merge/", {"into": 2})

    assert merged["Location"] == "/acme/tickets/2/"
    page = client.get("/acme/tickets/2/").content.decode()
    assert 'action="/acme/tickets/1/unmerge/"' in page
    assert "about 1" in page
    assert client.get("/acme/tickets/1/")["Location"] == "/acme/tickets/2/"
    assert sign_in(cleo).post("/acme/tickets/1/unmerge/").status_code == 404
    assert client.post("/acme/tickets/1/unmerge/")["Location"] == "/acme/tickets/1/"
    assert client.get("/acme/tickets/1/").status_code == 200
    with tenant_scope(acme):
        assert Message.objects.filter(ticket=pair[0]).count() == 2


def test_merge_needs_both_tickets_in_sight(
    pair: tuple[Ticket, Ticket], acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        hidden = make_ticket(make_inbox("sales@acme.example"))
    limit_to(bela, pair[0])
    client = sign_in(bela)

    for source, into in ((1, hidden.number), (hidden.number, 1)):
        assert client.post(f"/acme/tickets/{source}/merge/", {"into": into}).status_code == 404
        assert client.get(f"/acme/tickets/{source}/merge/", {"into": into}).status_code == 404


def test_merged_ticket_cannot_be_moved_by_who_does_not_see_the_target(
    pair: tuple[Ticket, Ticket], acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        hidden = make_ticket(make_inbox("sales@acme.example"))
    sign_in(ada).post("/acme/tickets/1/merge/", {"into": hidden.number})
    limit_to(bela, pair[0])
    client = sign_in(bela)

    assert client.get("/acme/tickets/1/").status_code == 404
    assert client.post("/acme/tickets/1/unmerge/").status_code == 404


def test_merging_into_itself_is_refused_in_words(
    pair: tuple[Ticket, Ticket], bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    assert client.post("/acme/tickets/1/merge/", {"into": 1})["Location"] == "/acme/tickets/1/merge/"
    assert "into itself" in client.get("/acme/tickets/1/merge/").content.decode()


def test_nothing_can_be_said_on_a_merged_ticket(pair: tuple[Ticket, Ticket], bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    client.post("/acme/tickets/1/merge/", {"into": 2})

    for act in ("reply", "note", "reopen", "close", "merge"):
        assert client.post(f"/acme/tickets/1/{act}/", {"text": "Hello", "into": 2}).status_code == 404


def test_split_asks_first_and_links_back(
    pair: tuple[Ticket, Ticket], bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client, path = sign_in(bela), "/acme/tickets/1/messages/2/split/"

    page = client.get(path).content.decode()
    split = client.post(path, {"subject": "A lamp", "scope": "later"})

    assert 'value="Blue vase"' in page
    assert split["Location"] == "/acme/tickets/3/"
    fresh = client.get("/acme/tickets/3/").content.decode()
    assert "more about 1" in fresh and "A lamp" in fresh
    assert 'action="/acme/tickets/3/merge/?into=1"' in fresh
    assert client.post("/acme/tickets/3/merge/?into=1")["Location"] == "/acme/tickets/1/"
    assert sign_in(cleo).get(path).status_code == 404


def test_split_that_would_leave_nothing_says_so(pair: tuple[Ticket, Ticket], bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).post("/acme/tickets/1/messages/1/split/", {"subject": "", "scope": "later"})

    assert answer.status_code == 422
    assert "Nothing would remain" in answer.content.decode()


def test_customer_is_searched_and_set_and_put_back(
    pair: tuple[Ticket, Ticket], acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        ben = make_customer("Ben")
        make_contact(ben, "ben@shopper.example")
    client, path = sign_in(bela), "/acme/tickets/1/customer/set/"

    found = client.get(path, {"q": "ben@shopper.example"}).content.decode()
    done = client.post(path, {"customer": ben.number})

    assert "Ben Lopes" in found
    assert done["Location"] == "/acme/tickets/1/"
    with tenant_scope(acme):
        assert Ticket.objects.get(number=1).customer == ben
    assert f'action="{path}?customer=1"' in client.get("/acme/tickets/1/").content.decode()
    client.post(f"{path}?customer=1")
    client.post(path, {"customer": 0})
    with tenant_scope(acme):
        assert Ticket.objects.get(number=1).customer is None
    assert sign_in(cleo).get(path).status_code == 404


def test_customer_of_another_workspace_cannot_be_set(
    pair: tuple[Ticket, Ticket], globex: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(globex):
        for _ in range(5):
            foreign = make_customer("Cara")
            make_contact(foreign, f"c{foreign.number}@globex.example")
    client, path = sign_in(bela), "/acme/tickets/1/customer/set/"

    assert "Cara" not in client.get(path, {"q": "c5@globex.example"}).content.decode()
    assert "not there any more" in client.post(path, {"customer": 5}).content.decode()
