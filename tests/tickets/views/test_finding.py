"""Beside a ticket: find a customer, look at the profile, set it or merge it (F33, F46)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.models import Customer
from customers.options import ADMINS, MERGED_BY
from integrations.models import Order
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.services.setting_customer import set_customer

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
TICKET = "/acme/tickets/1/"
FIND, BESIDE = f"{TICKET}customer/find/", f"{TICKET}customer/2/"
MERGE = "/acme/customers/1/merge/?other=2&amp;next=/acme/tickets/1/"


@pytest.fixture
def ticket(acme: Tenant) -> Ticket:
    """Ana's; Bruno is known besides, and has an order."""
    with tenant_scope(acme):
        ticket = make_ticket(customer=make_customer())
        bruno = make_customer("Bruno", "Reis")
        make_contact(bruno, "bruno@post.example")
        link = make_link(make_connection(), bruno)
        names = {"name": "#1001", "name_folded": "#1001"}
        Order.objects.create(connection=link.connection, store_customer=link, remote_id="1", placed_at=NOON, **names)
        return ticket


@pytest.fixture
def as_bela(bela: Membership, sign_in: SignIn) -> Client:
    return sign_in(bela)


def part(client: Client, url: str) -> str:
    page = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in page
    return page


def test_customers_are_found_beside_the_ticket(as_bela: Client, ticket: Ticket) -> None:
    assert f'hx-get="{FIND}"' in as_bela.get(TICKET).content.decode()

    for words in ("reis", "bruno@post.example", "1001"):
        assert f'hx-get="{BESIDE}"' in part(as_bela, f"{FIND}?q={words}")
    assert "Nobody found" in part(as_bela, f"{FIND}?q=zzz")
    assert "Nobody found" not in part(as_bela, f"{FIND}?q=z")


def test_without_scripts_the_page_that_sets_the_customer_finds_them(as_bela: Client, ticket: Ticket) -> None:
    page = as_bela.get(f"{FIND}?q=reis", follow=True).content.decode()

    assert "Whose is #1?" in page
    assert 'value="2"' in page
    assert f'href="{BESIDE}"' in page and f'href="{MERGE}"' in page


def test_profile_opens_beside_the_ticket_with_both_ways_on(as_bela: Client, ticket: Ticket) -> None:
    for page in (part(as_bela, BESIDE), as_bela.get(BESIDE).content.decode()):
        assert "bruno@post.example" in page
        assert f'action="{TICKET}customer/set/"' in page and 'name="customer" value="2"' in page
        assert f'href="{MERGE}"' in page
        assert "Back to" in page
    assert "bruno@post.example" not in part(as_bela, f"{TICKET}customer/close/")
    assert as_bela.get(f"{TICKET}customer/close/").headers["Location"] == TICKET

    as_bela.post(f"{TICKET}customer/set/", {"customer": "2"})
    assert "This is the ticket's customer." in as_bela.get(BESIDE).content.decode()
    assert "bruno@post.example" not in part(as_bela, BESIDE)


def test_ticket_of_nobody_has_nobody_to_merge_with(as_bela: Client, acme: Tenant, ticket: Ticket) -> None:
    with tenant_scope(acme):
        set_customer(ticket=ticket, customer=None, actor=ADA)

    page = part(as_bela, BESIDE)
    assert "Set as customer" in page
    assert "/merge/" not in page


def test_merging_is_not_offered_where_it_is_for_admins(as_bela: Client, acme: Tenant, ticket: Ticket) -> None:
    with tenant_scope(acme):
        write_settings(values={MERGED_BY.key: ADMINS})

    page = part(as_bela, BESIDE)
    assert "Set as customer" in page
    assert "/merge/" not in page
    assert "/merge/" not in as_bela.get(f"{TICKET}customer/set/?q=reis").content.decode()


def test_finding_asks_as_much_for_many(as_bela: Client, acme: Tenant, ticket: Ticket) -> None:
    with CaptureQueriesContext(connection) as few:
        part(as_bela, f"{FIND}?q=reis")
    with tenant_scope(acme):
        for n in range(10):
            make_contact(make_customer("Bruno", f"Reis {n}"), f"reis{n}@post.example")

    with CaptureQueriesContext(connection) as many:
        assert part(as_bela, f"{FIND}?q=reis").count('role="option"') == 11
    assert len(many) <= len(few) + 1  # where they matched: in an address, too


def test_deleted_profile_is_neither_set_nor_merged(as_bela: Client, acme: Tenant, ticket: Ticket) -> None:
    with tenant_scope(acme):
        Customer.objects.filter(number=2).update(deleted_at=NOON)

    page = part(as_bela, BESIDE)
    assert "Set as customer" not in page and "/merge/" not in page


def test_pages_are_nothing_to_cleo(cleo: Membership, sign_in: SignIn, ticket: Ticket) -> None:
    as_cleo = sign_in(cleo)

    for workspace in ("acme", "globex"):
        for url in (FIND, BESIDE, f"{TICKET}customer/close/", "/acme/customers/1/merge/find/"):
            assert as_cleo.get(url.replace("acme", workspace)).status_code == 404
