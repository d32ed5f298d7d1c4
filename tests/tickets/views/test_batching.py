"""Selecting tickets and changing them all, from the page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from jobs.models import Job
from tests.factories.accounts import make_team
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_tag, make_ticket
from tests.tickets.services.test_batching import work
from tickets.models import InboxMember, Tag, Ticket

SignIn = Callable[[Membership], Client]


@pytest.fixture
def tickets(acme: Tenant) -> list[Ticket]:
    """#1 to #4, the last in an inbox of its own."""
    with tenant_scope(acme):
        support, sales = make_inbox(), make_inbox("sales@acme.example")
        return [make_ticket(inbox) for inbox in (support, support, support, sales)]


def send(client: Client, **data: Any) -> Any:
    return client.post("/acme/tickets/bulk/", data)


def newest_job(tenant: Tenant) -> Job:
    with tenant_scope(tenant):
        job: Job = Job.objects.latest("pk")
        return job


def run(tenant: Tenant) -> Job:
    with tenant_scope(tenant):
        return work(Job.objects.latest("pk"))


def closed(tenant: Tenant) -> list[int]:
    with tenant_scope(tenant):
        return sorted(Ticket.objects.closed().values_list("number", flat=True))


def test_ticked_tickets_are_closed(tickets: list[Ticket], acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    answer = send(sign_in(bela), act="close", number=["1", "3"], query="view=mine")

    assert answer["Location"] == "/acme/tickets/?view=mine"
    run(acme)
    assert closed(acme) == [1, 3]


def test_everything_in_the_view_is_what_the_view_shows(
    tickets: list[Ticket], acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        Ticket.objects.filter(number__in=(2, 3)).update(assignee=bela)

    send(sign_in(bela), act="close", number=["1"], everything="1", query="view=mine")

    run(acme)
    assert closed(acme) == [2, 3]


def test_answer_to_htmx_shows_the_bar(tickets: list[Ticket], bela: Membership, sign_in: SignIn) -> None:
    data = {"act": "close", "number": ["1"]}

    answer = sign_in(bela).post("/acme/tickets/bulk/", data, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert "Closing tickets" in page and "0 of 1" in page
    assert 'hx-swap-oob="true"' in page


def test_tickets_out_of_sight_are_not_selected(
    tickets: list[Ticket], acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    with tenant_scope(acme):
        InboxMember.objects.create(inbox=tickets[0].inbox, member=bela)
    client = sign_in(bela)

    for data in ({"number": ["1", "4"]}, {"everything": "1", "query": ""}):
        send(client, act="close", **data)
        assert tickets[3].pk not in newest_job(acme).report["items"]
    stranger = sign_in(cleo)
    assert stranger.post("/acme/tickets/bulk/", {"act": "close", "number": "1"}).status_code == 404
    stranger.post("/globex/tickets/bulk/", {"act": "close", "number": "1"})
    assert "No ticket is selected" in stranger.get("/globex/tickets/").content.decode()


def test_values_are_read_for_each_verb(
    tickets: list[Ticket], acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        team, customer, tag = make_team("Returns", bela), make_customer(), make_tag("refund")
    until = (timezone.now() + timedelta(days=1)).isoformat()
    client = sign_in(ada)
    wanted: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"act": "reopen"}, {}),
        ({"act": f"assign:{bela.number}"}, {"assignee": bela.pk}),
        ({"act": "assign:me"}, {"assignee": ada.pk}),
        ({"act": "assign:none"}, {"assignee": None}),
        ({"act": f"team:{team.number}"}, {"team": team.pk}),
        ({"act": "priority:4"}, {"priority": 4}),
        ({"act": "topic:shipping"}, {"topic": "shipping"}),
        ({"act": "topic:none"}, {"topic": ""}),
        ({"act": f"tag:{tag.number}"}, {"tag": tag.pk}),
        ({"act": "tag", "tag": " REFUND "}, {"tag": tag.pk}),
        ({"act": "customer", "customer": customer.number}, {"customer": customer.pk}),
        ({"act": "customer", "customer": "0"}, {"customer": None}),
        ({"act": "merge", "into": "2"}, {"into": tickets[1].pk}),
    ]
    for data, values in wanted:
        send(client, number=["1"], **data)
        assert newest_job(acme).cursor["values"] == values, data
    send(client, number=["1"], act=f"snooze:{until}")
    assert set(newest_job(acme).cursor["values"]) == {"until"}
    send(client, number=["1"], act="tag", tag="brand new")
    with tenant_scope(acme):
        assert Tag.objects.filter(name="brand new").exists()


@pytest.mark.parametrize(
    "data",
    [
        {"act": "delete"},
        {"act": "assign:999"},
        {"act": "team:abc"},
        {"act": "priority:9"},
        {"act": "topic:weather"},
        {"act": "tag:999"},
        {"act": "tag"},
        {"act": "snooze:soon"},
        {"act": "customer"},
        {"act": "merge", "into": "999"},
        {},
    ],
)
def test_nonsense_is_refused_in_words(
    tickets: list[Ticket], acme: Tenant, bela: Membership, sign_in: SignIn, data: dict[str, Any]
) -> None:
    client = sign_in(bela)

    answer = client.post("/acme/tickets/bulk/", {**data, "number": ["1"]}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "toast--error" in answer.content.decode()
    with tenant_scope(acme):
        assert not Job.objects.exists()


def test_progress_is_mine_and_survives_a_reload(
    tickets: list[Ticket], acme: Tenant, ada: Membership, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)
    send(client, act="close", number=["1", "2"])
    job = newest_job(acme)

    running = client.get("/acme/tickets/bulk/work/").content.decode()
    run(acme)
    done = client.get("/acme/tickets/bulk/work/").content.decode()

    assert "0 of 2" in running and f'data-live="job-{job.pk}"' in running
    assert "2 closed" in done and "data-live" not in done.split("bulk-jobs")[1]
    assert "2 closed" not in sign_in(ada).get("/acme/tickets/bulk/work/").content.decode()
    for path in ("", "undo/", "dismiss/"):
        stranger = sign_in(cleo)
        ask = stranger.post if path else stranger.get
        assert ask(f"/acme/tickets/bulk/work/{job.pk}/{path}").status_code == 404
        assert ask(f"/globex/tickets/bulk/work/{job.pk}/{path}").status_code == 404


def test_batch_is_undone_and_dismissed(tickets: list[Ticket], acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    send(client, act="close", number=["1", "2"])
    job = run(acme)

    client.post(f"/acme/tickets/bulk/work/{job.pk}/undo/")
    run(acme)
    assert closed(acme) == []
    client.post(f"/acme/tickets/bulk/work/{job.pk}/dismiss/")

    page = client.get("/acme/tickets/bulk/work/").content.decode()
    assert "2 put back" in page and "2 closed" not in page


def test_skipped_tickets_are_named(tickets: list[Ticket], acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    client.post("/acme/tickets/1/close/")
    send(client, act="close", number=["1", "2"])
    run(acme)

    page = client.get("/acme/tickets/bulk/work/").content.decode()

    assert "1 closed, 1 skipped" in page
    assert "#1</a>: is closed already" in " ".join(page.split())


def test_choices_are_offered_with_and_without_scripts(
    tickets: list[Ticket], bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    bar = client.get("/acme/tickets/bulk/choices/", {"query": ""}).content.decode()
    page = client.get("/acme/tickets/bulk/", {"number": ["1", "2"], "query": ""}).content.decode()

    assert "All 4 in this view" in bar and 'value="close"' in bar
    assert "2 selected tickets" in page and 'name="number" value="2"' in page
    assert "number=1&amp;number=2" in page
    assert sign_in(cleo).get("/acme/tickets/bulk/choices/").status_code == 404


def test_customer_of_many_is_chosen_on_a_page(
    tickets: list[Ticket], acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        ana = make_customer("Ana")
    client, chosen = sign_in(bela), {"number": ["1", "2"], "q": "Ana"}

    page = client.get("/acme/tickets/bulk/customer/", chosen).content.decode()
    send(client, act="customer", number=["1", "2"], customer=ana.number)

    assert "Ana Lopes" in page and 'name="act" value="customer"' in page
    run(acme)
    with tenant_scope(acme):
        assert sorted(Ticket.objects.for_customer(ana.pk).values_list("number", flat=True)) == [1, 2]
    assert sign_in(cleo).get("/acme/tickets/bulk/customer/", chosen).status_code == 404


def test_one_of_many_stays_when_they_are_merged(
    tickets: list[Ticket], acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    client, path = sign_in(bela), "/acme/tickets/bulk/merge/"

    page = client.get(path, {"number": ["1", "2", "3"], "into": "1"}).content.decode()
    few = client.get(path, {"number": ["1"]})

    assert 'name="into" value="1"' in page and 'value="merge"' in page
    assert few["Location"] == "/acme/tickets/"
    assert sign_in(cleo).get(path, {"number": ["1", "2"]}).status_code == 404
