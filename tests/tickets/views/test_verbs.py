"""What can be done with a ticket from its header."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.broken_redis import dead_redis  # noqa: F401  a fixture
from tests.factories.accounts import make_team
from tests.factories.customers import make_customer
from tests.factories.tickets import make_message, make_tag, make_ticket
from tickets.models import Ticket
from tickets.services import tagging, timelining

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
MENUS = ("assign", "snooze", "priority", "topic", "tags", "subject")


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    with tenant_scope(acme):
        return make_ticket(customer=make_customer())


def post(client: Client, verb: str, **data: Any) -> Any:
    return client.post(f"/acme/tickets/1/{verb}/", data, headers=HTMX)


def fresh(ticket: Ticket) -> Ticket:
    with tenant_scope(ticket.tenant):
        return Ticket.objects.with_people().get(pk=ticket.pk)


@pytest.mark.parametrize("verb", [*MENUS, "people"])
def test_verbs_do_not_exist_for_cleo_nor_outside_the_inbox(
    ticket: Ticket, bela: Membership, cleo: Membership, sign_in: SignIn, verb: str
) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    for member in (cleo, bela):
        client = sign_in(member)
        assert client.get(f"/acme/tickets/1/{verb}/").status_code == 404
        assert post(client, verb, take="1", until="2030-01-01", subject="x", name="x").status_code == 404

    assert (fresh(ticket).subject, fresh(ticket).assignee, fresh(ticket).is_open) == (ticket.subject, None, True)


@pytest.mark.parametrize("verb", MENUS)
def test_menu_is_a_page_without_scripts(ticket: Ticket, bela: Membership, sign_in: SignIn, verb: str) -> None:
    client = sign_in(bela)

    page = client.get(f"/acme/tickets/1/{verb}/").content.decode()
    menu = client.get(f"/acme/tickets/1/{verb}/", headers=HTMX).content.decode()

    assert "<html" in page and f'action="/acme/tickets/1/{verb}/"' in page
    assert ("<html" not in menu and f'hx-post="/acme/tickets/1/{verb}/"' in menu) or verb == "subject"


def test_take_assigns_to_oneself(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    answer = post(sign_in(bela), "assign", take="1")

    assert fresh(ticket).assignee == bela
    assert 'id="ticket-1-header"' in answer.content.decode()


def test_assign_gives_to_a_team_and_keeps_the_assignee(
    ticket: Ticket, acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        team = make_team("Orders", bela)
    client = sign_in(ada)

    post(client, "assign", assignee=bela.number)
    post(client, "assign", team=team.number)

    assert (fresh(ticket).assignee, fresh(ticket).team) == (bela, team)
    post(client, "assign", team="")
    assert (fresh(ticket).assignee, fresh(ticket).team) == (bela, None)


@pytest.mark.parametrize("wrong", [{"assignee": "99"}, {"team": "99"}, {"assignee": "x"}, {"assignee": "9" * 30}])
def test_assign_refuses_whom_it_does_not_know(
    ticket: Ticket, bela: Membership, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = post(sign_in(bela), "assign", **wrong)

    assert answer.status_code == 422
    assert "may not answer this inbox" in answer.content.decode()
    assert fresh(ticket).assignee is None


def test_picker_says_why_somebody_is_missing_and_admins_where_to_change_it(
    ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    menu = sign_in(ada).get("/acme/tickets/1/assign/", headers=HTMX).content.decode()

    assert "Not in the inbox Support" in menu
    assert f'name="assignee" value="{bela.number}"' not in menu
    assert "/inboxes/1/" in menu


def test_lost_right_of_the_assignee_is_said_in_the_header(
    ticket: Ticket, acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        Ticket.objects.filter(pk=ticket.pk).update(assignee=bela)
    client = sign_in(ada)
    assert "Not in the inbox" not in client.get("/acme/tickets/1/header/").content.decode()

    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    header = client.get("/acme/tickets/1/header/").content.decode()
    assert "Bela" in header and "Not in the inbox Support" in header


def test_snooze_until_a_time_in_the_zone_of_the_agent(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    Membership.objects.filter(pk=bela.pk).update(time_zone="Asia/Tokyo")
    tomorrow = timezone.now() + timedelta(days=2)

    answer = post(sign_in(bela), "snooze", until=f"{tomorrow:%Y-%m-%d}T09:00")

    until = fresh(ticket).snoozed_until
    assert until is not None and f"{until:%H:%M %Z}" == "00:00 UTC"
    assert "Snoozed until" in answer.content.decode()


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2020-01-01T09:00", "That time has passed"),
        ("2999-01-01T09:00", "more than a year ahead"),
        ("soon", "Choose a day and a time"),
        ("", "Choose a day and a time"),
    ],
)
def test_snooze_refuses_other_times_in_clear_words(
    ticket: Ticket, bela: Membership, sign_in: SignIn, until: str, words: str
) -> None:
    client = sign_in(bela)
    answer = post(client, "snooze", until=until)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fresh(ticket).is_open
    assert words in client.post("/acme/tickets/1/snooze/", {"until": until}, follow=True).content.decode()


def test_priority_topic_and_subject_are_set(ticket: Ticket, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    assert "Urgent" in post(client, "priority", priority="4").content.decode()
    assert "Returns/Delivered orders" in post(client, "topic", topic="returns").content.decode()
    assert "Broken <b>can</b>" not in post(client, "subject", subject="Broken <b>can</b>").content.decode()

    found = fresh(ticket)
    assert (found.priority, found.topic, found.subject) == (4, "returns", "Broken <b>can</b>")
    assert [post(client, verb, **{verb: "x" * 600}).status_code for verb in ("priority", "topic", "subject")] == [
        422
    ] * 3


def test_tags_are_put_on_made_and_taken_off(ticket: Ticket, acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        gift = make_tag("Gift")
    client = sign_in(bela)

    post(client, "tags", add=gift.number, name="gi")
    post(client, "tags", name="Brand new")

    def names() -> list[str]:
        with tenant_scope(acme):
            return [one.name for one in tagging.read_tags(ticket=ticket)]

    assert names() == ["Brand new", "Gift"]
    assert "Take off Brand new" in post(client, "tags", remove=gift.number, name="x").content.decode()
    assert names() == ["Brand new"]
    refused = post(client, "tags", name="x" * 51)
    assert (refused.status_code, "at most 50 characters" in refused.content.decode()) == (422, True)


def test_people_on_the_ticket_are_shown_to_each_other(
    ticket: Ticket, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    of_ada, of_bela = sign_in(ada), sign_in(bela)
    assert post(of_bela, "people", typing="1").status_code == 204

    page = of_ada.get("/acme/tickets/1/people/").content.decode()

    assert "Bela is typing" in page
    assert "Bela" not in of_bela.get("/acme/tickets/1/people/").content.decode()
    post(of_bela, "people", gone="1")
    assert "Bela" not in of_ada.get("/acme/tickets/1/people/").content.decode()


def test_people_without_redis_are_nobody_and_no_error(
    ticket: Ticket,
    bela: Membership,
    sign_in: SignIn,
    dead_redis: None,  # noqa: F811
) -> None:
    client = sign_in(bela)

    assert post(client, "people").status_code == 204
    assert client.get("/acme/tickets/1/people/").status_code == 200


def test_every_line_of_the_timeline_has_words(ticket: Ticket, acme: Tenant, ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    with tenant_scope(acme):
        team, tag = make_team("Orders", ada), make_tag("Gift")
    later = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    for verb, data in (
        ("assign", {"take": "1"}),
        ("assign", {"assignee": ""}),
        ("assign", {"team": team.number}),
        ("assign", {"team": ""}),
        ("priority", {"priority": "3"}),
        ("topic", {"topic": "wholesale"}),
        ("topic", {"topic": ""}),
        ("tags", {"add": tag.number}),
        ("tags", {"remove": tag.number}),
        ("subject", {"subject": "New words"}),
        ("snooze", {"until": later}),
        ("reopen", {}),
    ):
        assert post(client, verb, **data).status_code == 200

    page = " ".join(client.get("/acme/tickets/1/timeline/").content.decode().split())

    for words in (
        *("Taken", "Unassigned", "Assigned to the team", "Taken from its team", "Priority set to High"),
        *("Wholesale", "Topic taken away", "Tagged", "Tag taken off:", "Subject changed from", "Snoozed until"),
        "Reopened",
    ):
        assert words in page, words


def test_long_timeline_leads_to_its_earlier_part(
    ticket: Ticket, acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn, monkeypatch: Any
) -> None:
    monkeypatch.setattr(timelining, "TIMELINE_LIMIT", 2)
    with tenant_scope(acme):
        for text in ("first", "second", "third"):
            make_message(ticket, text)
        earlier = timelining.read_timeline(ticket=ticket).earlier
    client = sign_in(bela)

    newest = client.get("/acme/tickets/1/").content.decode()
    before = client.get("/acme/tickets/1/earlier/", {"before": earlier}, headers=HTMX).content.decode()
    page = client.get("/acme/tickets/1/earlier/", {"before": earlier}).content.decode()

    assert "Earlier messages" in newest and "data-from=" in newest
    assert 'id="ticket-1-message-1"' in before and 'id="ticket-1-message-2"' not in before
    assert "<html" in page and "first" in page
    assert sign_in(cleo).get("/acme/tickets/1/earlier/").status_code == 404
