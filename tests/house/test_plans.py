"""No page of the agent's day reads a table from end to end: its statements are explained on generated rows."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from accounts.models import Tenant, User
from accounts.tenancy import tenant_scope
from bench import agent, customers, floors
from bench.asking import Ask
from bench.busy import add_busy_customer
from bench.population import Population
from bench.staffing import make_workspace
from core.database.roles import as_owner

TICKETS = 1500
LARGE = 1000  # rows; the tables of what is searched and listed have more
BESIDE = [
    "/tickets/?view=unassigned",
    "/tickets/?view=snoozed",
    "/tickets/?view=all",
    "/tickets/?q=a+tag",
    "/customers/1/chats/",
]


@pytest.mark.django_db(transaction=True)
def test_no_page_scans_a_table() -> None:
    with transaction.atomic():
        workspace = make_workspace("large", TICKETS)
    with as_owner():
        population = Population(seed=1)
        population.add_piece(workspace, TICKETS)
        population.finish()
        add_busy_customer(workspace)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    tenant = Tenant.objects.get(slug="large")
    with tenant_scope(tenant):
        pages = [
            *agent.asks("large", TICKETS),
            *customers.asks("large", TICKETS),
            *(Ask(path, path) for path in BESIDE),
        ]
    found = {}
    with floors.bare_connection() as bare:
        # A small table is read from end to end because that is quickest: what counts is that an index could answer.
        bare.execute("SET enable_seqscan = off")
        for ask in pages:
            client = Client()
            client.force_login(User.objects.get(email=ask.who))
            page = floors.take_apart(client, f"/large{ask.path}", tenant.pk, ask.headers)
            assert len(page.statements) > 3, ask.name
            found[ask.name] = floors.scans(bare, page, LARGE)
        Session.objects.all().delete()

    assert {name: scans for name, scans in found.items() if scans} == {}


def test_scan_is_seen() -> None:
    """The test above can fail."""
    assert floors.scanned("  ->  Seq Scan on tickets_ticket t  (cost=0.00..1.00 rows=1 width=8)") == "tickets_ticket"
    assert floors.scanned("  ->  Parallel Seq Scan on tickets_ticket  (cost=0.00..1.00)") == "tickets_ticket"
    assert floors.scanned("  ->  Index Scan using ticket_number on tickets_ticket") == ""
