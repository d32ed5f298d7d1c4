"""Search finds by what people remember, and only what they may see."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from integrations.models import Order
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.filters import TicketFilter


def find(agent: Membership, words: str) -> list[int]:
    query = QueryDict(mutable=True)
    query["q"] = words
    return sorted(TicketFilter.parse(query).apply(agent).values_list("number", flat=True))


@pytest.fixture
def tickets(in_acme: Tenant) -> None:
    ana = make_customer("Ana", "Lopes")
    make_contact(ana, "ana@shopper.example")
    make_contact(ana, "+351912345678", kind="phone")
    link = make_link(make_connection(), ana)
    Order.objects.create(
        connection=link.connection,
        store_customer=link,
        remote_id="1",
        name="#1001",
        name_folded="#1001",
        placed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    make_message(make_ticket(customer=ana, subject="Watering can"), "The spout is bent")
    make_message(make_ticket(make_inbox("b@acme.example"), subject="Подушка", status="closed"), "Где моя подушка?")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("watering", [1]),
        ("spout bent", [1]),
        ("ANA@shopper.example", [1]),
        ("+351 912 345 678", [1]),
        ("ana lo", [1]),
        ("1001", [1]),
        ("#2", [2]),
        ("подушка", [2]),
        ("nowhere", []),
        ("'; DROP TABLE tickets_ticket; --", []),
        ("\x00 \\ % _ & | ! (", []),
    ],
)
def test_search_finds(tickets: None, ada: Membership, words: str, found: list[int]) -> None:
    assert find(ada, words) == found


def test_search_of_another_workspace_finds_nothing(tickets: None, globex: Tenant, cleo: Membership) -> None:
    with tenant_scope(globex):
        assert find(cleo, "watering") == []
        assert find(cleo, "ana@shopper.example") == []


def test_search_shows_no_ticket_of_a_hidden_inbox(tickets: None, bela: Membership) -> None:
    bela.sees_all_inboxes = False

    assert find(bela, "watering") == []


@pytest.mark.parametrize("view", ["search_messages", "search_tickets"])
def test_search_view_answers_its_own_tenant_only(tickets: None, globex: Tenant, view: str) -> None:
    def count() -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {view}")
            return cursor.fetchone()[0]

    assert count() == 2
    with tenant_scope(globex):
        assert count() == 0


def test_search_view_without_a_tenant_raises(tickets: None, acme: Tenant) -> None:
    from core.database.session import active_tenant

    token = active_tenant.set("")
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', '', true)")
            cursor.execute("SELECT count(*) FROM search_messages")
    finally:
        active_tenant.reset(token)
