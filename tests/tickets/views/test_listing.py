"""Lists of tickets: pages both ways, rows with all they show, counts, and only what the agent may see."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.services.numbering import next_number
from accounts.tenancy import tenant_scope
from files.services.storing import store
from tests.factories.accounts import make_team
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_tag, make_ticket
from tickets.models import Attachment, Draft, InboxMember, SavedView, Ticket, TicketTag
from tickets.services import viewing

SignIn = Callable[[Membership], Client]
LIST = "/acme/tickets/"
BOOKKEEPING = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "SELECT set_config")


def rows_in(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="ticket-(\d+)-row"', page)]


def rows(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"{LIST}?{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return rows_in(answer.content.decode())


def counts(client: Client) -> dict[str, str]:
    """Name of a view -> the count beside it, of those that have one."""
    page = client.get(f"{LIST}views/menu/").content.decode()
    found = re.findall(r'<span class="truncate" dir="auto">([^<]+)</span><span class="views__count">([^<]+)<', page)
    return dict(found)


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="[^"?]*\?([^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else None


def make_many(count: int, **fields: Any) -> None:
    """Tickets whose numbers fall as they get older: 1 is the newest."""
    inbox, now = make_inbox(), timezone.now()
    for age in range(count):
        make_ticket(inbox, last_message_at=now - timedelta(minutes=age), **fields)


def test_views_show_what_they_name(acme: Tenant, bela: Membership, cleo: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        inbox = make_inbox()
        for fields in (
            {},
            {"assignee": bela},
            {"status": "closed"},
            {"status": "closed", "snoozed_until": timezone.now()},
        ):
            make_ticket(inbox, **fields)
    client = sign_in(bela)

    assert [
        sorted(rows(client, f"view={view}")) for view in ("open", "mine", "unassigned", "snoozed", "closed", "all")
    ] == [
        *([1, 2], [2], [1], [4], [3, 4], [1, 2, 3, 4]),
    ]
    assert sign_in(cleo).get(LIST).status_code == 404
    assert rows_in(sign_in(cleo).get("/globex/tickets/?view=all").content.decode()) == []


@pytest.mark.parametrize(
    "name", ["assignee__user__password__startswith", "order_by", "filter[]", "status__in", "pk", "'"]
)
def test_field_nobody_knows_is_refused(acme: Tenant, bela: Membership, sign_in: SignIn, name: str) -> None:
    assert sign_in(bela).get(LIST, {name: "x"}).status_code == 400


def test_values_that_make_no_sense_change_nothing(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_ticket()

    assert rows(sign_in(bela), "status=%27&assignee=1e9&tag=x&inbox=-1&created_from=9999-99-99&sort=id&before=%00") == [
        1
    ]


def test_filter_form_leads_to_the_short_address(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    answer = sign_in(bela).get(f"{LIST}?status=open&assignee=&team=&mark=vip&q=&sort=newest&created_from=")

    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?mark=vip")


def test_row_shows_all_there_is_to_know(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        customer = make_customer(is_vip=True)
        ticket = make_ticket(customer=customer, assignee=bela, priority=4, topic="returns")
        message = make_message(ticket, "See the picture")
        file = store(name="a.png", content_type="image/png", content=b"a")
        Attachment.objects.create(message=message, file=file, position=1)
        for name in ("alpha", "beta", "gamma"):
            TicketTag.objects.create(ticket=ticket, tag=make_tag(name))
        Draft.objects.create(ticket=ticket, member=bela, kind="reply", updated_at=timezone.now())

    page = sign_in(bela).get(LIST).content.decode()

    shown = ("Ana Lopes", "VIP", "Urgent priority", "Has files", "Draft", "alpha", "beta", "+1", "Waits for a reply")
    assert [
        one for one in (*shown, "Assigned to Bela", "Returns/Delivered orders", "See the picture") if one not in page
    ] == []


def test_somebody_elses_draft_and_inline_pictures_are_not_marked(
    acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        ticket = make_ticket()
        file = store(name="a.png", content_type="image/png", content=b"a")
        Attachment.objects.create(message=make_message(ticket), file=file, position=1, is_inline=True)
        Draft.objects.create(ticket=ticket, member=ada, kind="reply", updated_at=timezone.now())

    page = sign_in(bela).get(LIST).content.decode()

    assert "Has files" not in page
    assert "badge--draft" not in page


def count_queries(client: Client, path: str, **headers: str) -> int:
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=headers).status_code == 200
    return len([one for one in queries.captured_queries if not one["sql"].startswith(BOOKKEEPING)])


@pytest.mark.parametrize("path", [LIST, f"{LIST}?sort=topic", f"{LIST}?mark=vip", f"{LIST}views/menu/"])
def test_lists_take_the_same_few_queries_for_1_and_for_50_rows(
    acme: Tenant, bela: Membership, sign_in: SignIn, path: str
) -> None:
    client = sign_in(bela)
    with tenant_scope(acme):
        make_ticket(customer=make_customer(is_vip=True))
        save_open_view(bela, 1)
    one = count_queries(client, path)
    with tenant_scope(acme):
        tag = make_tag("return")
        make_many(49)
        for ticket in Ticket.objects.all():
            ticket.customer, ticket.assignee = make_customer(is_vip=True), bela
            ticket.save()
            TicketTag.objects.create(ticket=ticket, tag=tag)
        for number in range(2, 20):
            save_open_view(bela, number)

    assert count_queries(client, path) == one
    assert one <= 8


def save_open_view(member: Membership, number: int) -> None:
    viewing.save_view(name=f"View {number}", query=f"assignee={number}", member=member)


def test_counts_are_of_work_that_is_still_to_be_done(
    acme: Tenant, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    with tenant_scope(acme):
        team = make_team("Returns", bela)
        make_many(3)
        make_many(2, assignee=bela, team=team)
        make_many(4, status="closed")
        make_many(1, status="closed", snoozed_until=timezone.now())
        viewing.save_view(name="Ours", query="team=1", member=bela)
        viewing.save_view(name="Old ones", query="status=closed", member=bela)
        viewing.save_view(name="Everybody's", query="assignee=nobody&sort=waiting", member=None)

    found = counts(sign_in(bela))

    assert found == {
        "Open": "5",
        "Mine": "2",
        "Unassigned": "3",
        "My teams": "2",
        "Snoozed": "1",
        "Ours": "2",
        "Everybody&#x27;s": "3",
    }
    assert "My teams" not in counts(sign_in(ada))


def test_counts_end_at_9999(acme: Tenant, bela: Membership, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(acme):
        make_many(4)
    monkeypatch.setattr(viewing, "COUNTED", 3)

    assert counts(sign_in(bela))["Open"] == "3+"


def test_agent_outside_an_inbox_sees_neither_rows_nor_counts(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        mine, other = make_inbox(), make_inbox("secret@acme.example", name="Secret inbox")
        InboxMember.objects.create(inbox=mine, member=bela)
        make_ticket(mine)
        make_ticket(other, assignee=bela, subject="Hidden")
        viewing.save_view(name="That inbox", query=f"inbox={other.number}", member=None)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    client = sign_in(bela)

    lists = [rows(client, query) for query in ("", "view=all", "view=mine", f"inbox={other.number}", "q=Hidden")]

    assert lists == [[1], [1], [], [], []]
    assert counts(client) == {"Open": "1", "Mine": "0", "Unassigned": "1", "Snoozed": "0", "That inbox": "0"}
    for path in (f"{LIST}?inbox={other.number}", f"{LIST}filter/", f"{LIST}views/new/?inbox={other.number}"):
        assert "Secret inbox" not in client.get(path).content.decode()
    assert client.get(f"{LIST}2/row/?listed=yes").status_code == 404


@pytest.mark.parametrize("sort", ["newest", "waiting", "priority", "topic"])
def test_pages_go_there_and_back_without_gaps(acme: Tenant, bela: Membership, sign_in: SignIn, sort: str) -> None:
    with tenant_scope(acme):
        make_many(120)
        for ticket in Ticket.objects.all():
            ticket.priority, ticket.topic = 1 + ticket.number % 4, ("", "returns", "shipping")[ticket.number % 3]
            ticket.save()
    client, there, query = sign_in(bela), [], f"sort={sort}"
    while query:
        page = client.get(f"{LIST}?{query}").content.decode()
        there.append(rows_in(page))
        query = link(page, "next") or ""

    back = [there[-1]]
    while query := link(page, "prev") or "":
        page = client.get(f"{LIST}?{query}").content.decode()
        back.append(rows_in(page))

    assert [len(one) for one in there] == [50, 50, 20]
    assert sorted(number for one in there for number in one) == list(range(1, 121))
    assert back == list(reversed(there))


def test_tickets_that_move_meanwhile_leave_no_gap(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_many(80)
    client = sign_in(bela)
    page = client.get(LIST).content.decode()
    with tenant_scope(acme):
        touch(60, timezone.now())  # jumps from the second page to the top
        touch(10, timezone.now() - timedelta(hours=2))  # sinks from the first page to the end
        make_ticket(Ticket.objects.get(number=1).inbox)

    second = client.get(f"{LIST}?{link(page, 'next')}").content.decode()
    first = client.get(f"{LIST}?{link(second, 'prev')}").content.decode()

    assert rows_in(second) == [*(number for number in range(51, 81) if number != 60), 10]
    # What stands before the second page fills a page, and is its very beginning when there is not enough.
    assert rows_in(first) == [81, 60, *(number for number in range(1, 51) if number != 10)][-50:]


def touch(number: int, at: datetime) -> None:
    Ticket.objects.filter(number=number).update(last_message_at=at)


def test_row_says_when_it_fits_the_list_no_more(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_ticket(status="closed")
    client = sign_in(bela)

    def row(query: str) -> str:
        return client.get(f"{LIST}1/row/?{query}").content.decode()

    assert "row--gone" in row("listed=yes")
    assert "row--gone" not in row("listed=yes&view=closed")
    assert "row--gone" not in row("")
    assert 'href="/acme/tickets/1/?view=closed"' in row("listed=yes&view=closed")


def test_groups_stand_under_headings(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        inbox = make_inbox()
        for topic in ("", "returns", "", "returns"):
            make_ticket(inbox, topic=topic)

    page = sign_in(bela).get(f"{LIST}?sort=topic").content.decode()

    assert re.findall(r"<h2>([^<]+)</h2>|id=\"ticket-(\d+)-row\"", page.partition("data-rows")[2]) == [
        *(("Returns/Delivered orders", ""), ("", "4"), ("", "2")),
        *(("No topic", ""), ("", "3"), ("", "1")),
    ]


def test_saved_view_of_an_older_day_is_still_read(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        number = next_number("saved_view")
        SavedView.objects.create(number=number, name="Odd", query="sort=name&mark=vip&x__in=1&status=open", member=bela)

    assert counts(sign_in(bela))["Odd"] == "0"
    assert "?mark=vip" in sign_in(bela).get(f"{LIST}views/menu/").content.decode()


def test_page_carries_the_moment_before_anything_was_read(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    client, before = sign_in(bela), timezone.now().timestamp()

    found = re.search(r'data-live-since="(\d+)"', client.get(LIST).content.decode())

    assert found is not None
    assert int(before * 1000) - 1 <= int(found[1]) <= timezone.now().timestamp() * 1000


def test_ticket_leads_back_to_the_list_it_was_opened_from(acme: Tenant, bela: Membership, sign_in: SignIn) -> None:
    with tenant_scope(acme):
        make_ticket(customer=make_customer(is_vip=True))
    client = sign_in(bela)
    opened = re.search(r'href="(/acme/tickets/1/[^"]*)"', client.get(f"{LIST}?mark=vip&sort=waiting").content.decode())

    assert opened is not None
    page = client.get(opened[1].replace("&amp;", "&")).content.decode()

    assert re.search(r'header__back" href="/acme/tickets/\?mark=vip&amp;sort=waiting"', page)
    assert rows_in(page) == [1]
