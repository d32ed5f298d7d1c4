"""Pages of inboxes and of who answers them: for admins, and what they change for agents at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.kinds import RouteKind
from accounts.models import Membership, Route, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Inbox, InboxMember, Ticket
from tickets.services.creating_inbox import create_inbox

SignIn = Callable[[Membership], Client]
FORM = {"name": "Sales", "address": "sales@acme.example", "sender_name": "Acme Sales", "signature": ""}


@pytest.fixture
def support(in_acme: Tenant) -> Inbox:
    return create_inbox(name="Support", address="support@acme.example")


def path_of(inbox: Inbox) -> str:
    return f"/acme/settings/inboxes/{inbox.number}/"


def route_of(address: str) -> Route | None:
    return Route.objects.find(RouteKind.INBOX_ADDRESS, address)


def press(client: Client, member: Membership, *, htmx: bool = False, **names: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"/acme/settings/inboxes/access/{member.number}/", names, headers=headers)


def seen_by(member: Membership) -> list[str]:
    return sorted(one.name for one in Inbox.objects.visible_to(Membership.objects.get(pk=member.pk)))


def test_inbox_is_made_and_answers_at_its_address(sign_in: SignIn, ada: Membership, in_acme: Tenant) -> None:
    response = sign_in(ada).post(
        "/acme/settings/inboxes/new/", {**FORM, "address": "Sales@Acme.example", "signature": "Bye <b>\nAcme"}
    )

    inbox = Inbox.objects.get()
    route = route_of("sales@acme.example")
    assert response["Location"] == path_of(inbox)
    assert (inbox.address, inbox.sender_name, inbox.kind) == ("sales@acme.example", "Acme Sales", "email")
    assert inbox.signature == "<div>Bye &lt;b&gt;</div><div>Acme</div>"
    assert route and (route.tenant_id, route.object_id) == (in_acme.pk, inbox.pk)


def test_inbox_moves_to_another_address(sign_in: SignIn, ada: Membership, support: Inbox) -> None:
    client = sign_in(ada)

    client.post(path_of(support), {**FORM, "name": "Sales"})

    support.refresh_from_db()
    assert (support.name, support.address) == ("Sales", "sales@acme.example")
    assert route_of("support@acme.example") is None
    assert route_of("sales@acme.example")
    assert b"sales@acme.example" in client.get(path_of(support)).content


def test_inbox_learns_what_to_say_and_how_to_be_answered(sign_in: SignIn, ada: Membership, support: Inbox) -> None:
    client = sign_in(ada)
    words = "Dear {{customer.first_name|friend}} <b>\nWe have it."

    client.post(path_of(support), {**FORM, "acknowledgement": words, "takes_plus_addresses": "on"})

    support.refresh_from_db()
    assert support.takes_plus_addresses
    assert support.acknowledgement == "<div>Dear {{customer.first_name|friend}} &lt;b&gt;</div><div>We have it.</div>"
    page = client.get(path_of(support)).content.decode()
    assert "Dear {{customer.first_name|friend}} &lt;b&gt;\nWe have it." in page
    assert "{{ticket.number}}" in page
    assert re.search(r'name="takes_plus_addresses"[^>]*checked', page)
    client.post(path_of(support), FORM)
    support.refresh_from_db()
    assert (support.takes_plus_addresses, support.acknowledgement) == (False, "")


@pytest.mark.parametrize("variable", ["{{agent.name}}", "{{ticket.subject|x}}", "{{settings.SECRET_KEY}}"])
def test_acknowledgement_holds_only_what_can_be_filled_in(
    sign_in: SignIn, ada: Membership, support: Inbox, variable: str
) -> None:
    response = sign_in(ada).post(path_of(support), {**FORM, "acknowledgement": f"Hello {variable}"})

    assert response.status_code == 422
    assert "Nothing is filled in here for" in response.content.decode()
    support.refresh_from_db()
    assert (support.acknowledgement, support.name) == ("", "Support")


@pytest.mark.parametrize("address", ["help@globex.example", "HELP@globex.example", "second@acme.example"])
def test_taken_address_is_refused_and_nothing_is_lost(
    sign_in: SignIn, ada: Membership, support: Inbox, globex: Tenant, address: str
) -> None:
    create_inbox(name="Second", address="second@acme.example")
    with tenant_scope(globex):
        create_inbox(name="Help", address="help@globex.example")
    client = sign_in(ada)

    edited = client.post(path_of(support), {**FORM, "address": address})
    made = client.post("/acme/settings/inboxes/new/", {**FORM, "address": address})

    support.refresh_from_db()
    assert {edited.status_code, made.status_code} == {422}
    assert b"This address is taken" in edited.content
    assert b"Acme Sales" in edited.content
    assert (support.name, support.address) == ("Support", "support@acme.example")
    assert route_of("support@acme.example")


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c.example", "x@acme.example\nBcc: y@acme.example", "\0@a.example"]
)
def test_wrong_address_is_refused(sign_in: SignIn, ada: Membership, support: Inbox, address: str) -> None:
    assert sign_in(ada).post(path_of(support), {**FORM, "address": address}).status_code == 422


def test_names_stand_on_one_line(sign_in: SignIn, ada: Membership, support: Inbox) -> None:
    sign_in(ada).post(path_of(support), {**FORM, "name": "Sa\r\nles", "sender_name": "Acme\r\nBcc: x@evil.example"})

    support.refresh_from_db()
    assert (support.name, support.sender_name) == ("Sa les", "Acme Bcc: x@evil.example")


def test_page_says_who_may_answer_and_why(sign_in: SignIn, ada: Membership, bela: Membership, support: Inbox) -> None:
    bela.mark_inboxes(sees_all=False)
    client = sign_in(ada)
    before = client.get(path_of(support)).content.decode()

    client.post(f"{path_of(support)}members/{bela.number}/add/")
    after = client.get(path_of(support)).content.decode()

    assert "Owner: all inboxes" in before
    assert "Not in" in before
    assert "Chosen for this inbox" in after
    assert seen_by(bela) == ["Support"]


def test_inbox_taken_away_is_gone_at_once(sign_in: SignIn, ada: Membership, bela: Membership, support: Inbox) -> None:
    ticket = make_ticket(support, subject="Secret lamp", assignee=bela)
    make_message(ticket, "About a lamp")
    theirs = sign_in(bela)
    path = f"/acme/tickets/{ticket.number}/"
    assert theirs.get(path).status_code == 200

    said = sign_in(ada).post(f"{path_of(support)}members/{bela.number}/remove/", follow=True)

    assert b"Bela does not see Support any more." in said.content
    assert {theirs.get(f"{path}{part}").status_code for part in ("", "header/", "timeline/", "row/")} == {404}
    assert theirs.post(f"{path}reply/", {"text": "Hello"}).status_code == 404
    listed = theirs.get("/acme/tickets/?view=all").content.decode()
    assert "Secret lamp" not in listed
    assert Ticket.objects.get(pk=ticket.pk).assignee == bela


def test_agent_without_an_inbox_is_told_why_nothing_is_there(sign_in: SignIn, bela: Membership, support: Inbox) -> None:
    make_ticket(support)
    bela.mark_inboxes(sees_all=False)

    content = sign_in(bela).get("/acme/tickets/").content.decode()

    assert "No inbox is open to you" in content


def test_nothing_is_taken_from_admins(sign_in: SignIn, ada: Membership, support: Inbox) -> None:
    client = sign_in(ada)

    client.post(f"{path_of(support)}members/{ada.number}/remove/")
    press(client, ada, sees_all="no")

    assert Membership.objects.get(pk=ada.pk).sees_all_inboxes


def test_one_press_changes_one_cell(sign_in: SignIn, ada: Membership, bela: Membership, support: Inbox) -> None:
    sales, client = create_inbox(name="Sales", address="sales@acme.example"), sign_in(ada)

    plain = press(client, bela, remove=sales.number)
    after_one = seen_by(bela)
    row = press(client, bela, htmx=True, remove=support.number).content.decode()
    after_two = seen_by(bela)
    press(client, bela, sees_all="yes")

    assert plain["Location"] == f"/acme/settings/inboxes/access/#access-{bela.number}"
    assert (after_one, after_two, seen_by(bela)) == (["Support"], [], ["Sales", "Support"])
    assert row.strip().startswith(f'<tr id="access-{bela.number}"')
    assert "Sees no ticket" in row


def test_presses_that_mean_nothing_change_nothing(
    sign_in: SignIn, ada: Membership, bela: Membership, support: Inbox
) -> None:
    client = sign_in(ada)
    wrongs: list[dict[str, Any]] = [{}, {"add": "x"}, {"remove": "-1"}, {"sees_all": "maybe"}, {"remove": "9" * 30}]
    for wrong in wrongs:
        press(client, bela, **wrong)
    unknown = press(client, bela, remove=999)

    assert unknown.status_code == 404
    assert seen_by(bela) == ["Support"]
    assert client.get(f"/acme/settings/inboxes/access/{bela.number}/").status_code == 405


def test_table_shows_everybody_of_this_workspace(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership, support: Inbox
) -> None:
    content = sign_in(ada).get("/acme/settings/inboxes/access/").content.decode()

    assert "Support for Bela" in content
    assert "Cleo" not in content


def test_open_tickets_are_offered_and_taken_off(
    sign_in: SignIn, ada: Membership, bela: Membership, support: Inbox
) -> None:
    ticket, client = make_ticket(support, assignee=bela), sign_in(ada)
    base = f"/acme/settings/members/{bela.number}/"
    client.post(f"{base}deactivate/")

    part = client.get(f"{base}tickets/", headers={"HX-Request": "true"}).content.decode()
    page = client.get(f"{base}tickets/").content.decode()
    still = Ticket.objects.get(pk=ticket.pk).assignee
    client.post(f"{base}unassign/")

    assert "Unassign their 1 open ticket" in part
    assert "<html" not in part and "<html" in page
    assert still == bela
    assert Ticket.objects.get(pk=ticket.pk).assignee is None


def test_inboxes_do_not_exist_for_agents_and_others(
    sign_in: SignIn, bela: Membership, cleo: Membership, support: Inbox
) -> None:
    for stranger in (bela, cleo):
        client = sign_in(stranger)
        base = f"/acme/settings/members/{bela.number}/"
        answers = [client.get("/acme/settings/inboxes/"), client.get("/acme/settings/inboxes/access/")]
        answers += [client.get(path_of(support)), client.post(path_of(support), FORM)]
        answers += [client.post("/acme/settings/inboxes/new/", FORM), press(client, bela, sees_all="yes")]
        answers += [client.post(f"{path_of(support)}members/{bela.number}/{verb}/") for verb in ("add", "remove")]
        answers += [client.get(f"{base}tickets/"), client.post(f"{base}unassign/")]
        assert {answer.status_code for answer in answers} == {404}
    foreign = sign_in(cleo).post(f"/globex/settings/inboxes/{support.number}/", FORM)

    assert foreign.status_code == 404
    assert not InboxMember.objects.exists()
    assert Inbox.objects.get().name == "Support"
