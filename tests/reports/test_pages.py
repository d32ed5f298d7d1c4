"""The page of reports and its files."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from accounts.services.opening import add_member
from accounts.tenancy import tenant_scope
from tests.factories.tickets import make_inbox
from tests.reports.conftest import Desk
from tickets.models import Inbox

SignIn = Callable[[Membership], Client]
FILES = ("days.csv", "agents.csv", "inboxes.csv")


def some_work(member: Membership, inbox: Inbox, count: int = 1) -> None:
    """Tickets answered and closed within the last hours."""
    desk = Desk(inbox)
    for number in range(count):
        at = timezone.now() - timedelta(hours=5, minutes=number)
        ticket = desk.open(at, assignee=member)
        desk.say(ticket, "out", at + timedelta(hours=1), member)
        desk.close(ticket, at + timedelta(hours=2), member)


@pytest.fixture
def inbox(ada: Membership) -> Inbox:
    with tenant_scope(ada.tenant):
        return make_inbox()


def test_page_shows_numbers_charts_and_tables(sign_in: SignIn, ada: Membership, inbox: Inbox) -> None:
    with tenant_scope(ada.tenant):
        some_work(ada, inbox, count=3)

    content = sign_in(ada).get("/acme/reports/?days=7").content.decode()

    assert content.count('<dd class="tile__number">3</dd>') == 3
    assert '<dd class="tile__number">1h</dd>' in content
    assert "3 tickets opened and 3 closed." in content
    assert content.count('<svg class="chart__plot"') == 3
    assert "style=" not in content


def test_charts_are_well_formed_and_named(sign_in: SignIn, ada: Membership, inbox: Inbox) -> None:
    with tenant_scope(ada.tenant):
        some_work(ada, inbox)

    content = sign_in(ada).get("/acme/reports/?days=30").content.decode()

    for part in content.split('<svg class="chart__plot"')[1:]:
        drawn = ElementTree.fromstring("<svg" + part.partition("</svg>")[0] + "</svg>")
        named = [(child.tag, (child.text or "").strip()) for child in drawn[:2]]
        assert [tag for tag, text in named if text] == ["title", "desc"]
        assert len(drawn.findall("g")) == 30


def test_page_without_anything_says_so(sign_in: SignIn, ada: Membership) -> None:
    content = sign_in(ada).get("/acme/reports/").content.decode()

    assert "0 tickets opened and 0 closed." in content
    assert content.count("Nothing was measured.") == 4  # to readers of the screen and to others, twice


@pytest.mark.parametrize(
    "query", ["days=x", "from=0001-01-01&to=9999-12-31", "agent=99&inbox=99", "agent=\x00", "inbox=" + "9" * 30]
)
def test_page_bears_odd_addresses(sign_in: SignIn, ada: Membership, query: str) -> None:
    assert sign_in(ada).get(f"/acme/reports/?{query}").status_code == 200


def test_file_holds_the_table(sign_in: SignIn, ada: Membership, inbox: Inbox) -> None:
    with tenant_scope(ada.tenant):
        some_work(ada, inbox, count=2)

    response = sign_in(ada).get("/acme/reports/agents.csv?days=7")

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith('attachment; filename="agents-')
    assert len(rows) == 1
    assert (rows[0]["Name"], rows[0]["Closed"], rows[0]["First response, median (seconds)"]) == ("Ada", "2", "3600")


def test_file_holds_no_formulas(sign_in: SignIn, ada: Membership) -> None:
    add_member(tenant=ada.tenant, email="x@acme.example", name='=HYPERLINK("http://evil.example")')

    text = sign_in(ada).get("/acme/reports/agents.csv").content.decode("utf-8-sig")

    assert "'=HYPERLINK" in text


def test_names_are_escaped(sign_in: SignIn, ada: Membership) -> None:
    add_member(tenant=ada.tenant, email="x@acme.example", name='"><img src=x onerror=alert(1)>')
    with tenant_scope(ada.tenant):
        make_inbox("a@acme.example", name="<script>alert(1)</script>")

    content = sign_in(ada).get("/acme/reports/").content.decode()

    assert "<img src=x" not in content
    assert "<script>alert" not in content


def test_agents_read_reports_of_what_they_see(sign_in: SignIn, bela: Membership, inbox: Inbox) -> None:
    with tenant_scope(bela.tenant):
        some_work(bela, inbox)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    content = sign_in(bela).get(f"/acme/reports/?inbox={inbox.number}").content.decode()

    assert "0 tickets opened and 0 closed." in content
    assert inbox.name not in content
    assert "Support" not in sign_in(bela).get("/acme/reports/inboxes.csv").content.decode()


def test_reports_of_a_workspace_are_not_found_for_others(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    client = sign_in(cleo)

    assert client.get("/acme/reports/").status_code == 404
    assert {client.get(f"/acme/reports/{name}").status_code for name in FILES} == {404}
    assert "Ada" not in client.get("/globex/reports/?agent=1").content.decode()


def test_page_costs_the_same_queries_for_one_and_for_many(sign_in: SignIn, ada: Membership, inbox: Inbox) -> None:
    client, found = sign_in(ada), []
    for count in (0, 1, 5):
        with tenant_scope(ada.tenant):
            some_work(ada, inbox, count)
        with CaptureQueriesContext(connection) as captured:
            client.get("/acme/reports/?days=90")
        found.append(len(captured))

    assert len(set(found)) == 1
