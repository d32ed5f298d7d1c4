"""Lists, searches and forms know the survivor, by whatever the other was known."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.filters import CustomerFilter, narrow
from customers.models import Customer
from customers.services.deleting import delete_customer
from customers.services.following import find_alive, replace_merged
from tests.customers.actors import ADA, NOON
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket
from tickets.services.searching import find, find_people


@pytest.fixture
def anna(acme: Tenant, ana: Customer) -> Customer:
    """Ana's second profile, merged into her first."""
    with tenant_scope(acme):
        anna = make_customer("Annika", "Lindqvist", reference="C-2")
        make_contact(anna, "annika@a.example")
        make_ticket(make_inbox(), customer=anna, subject="Theirs")
        merge(ana, anna)
        return anna


@pytest.mark.parametrize("words", ["Annika", "Lindqvist Annika", "C-2", "annika@a.example", "annika"])
def test_list_finds_the_survivor_by_what_the_other_was_called(
    ada: Membership, ana: Customer, anna: Customer, words: str
) -> None:
    with tenant_scope(ada.tenant):
        assert list(narrow(CustomerFilter(q=words), ada)) == [ana]


def test_list_has_the_survivor_once_and_counts_the_other_among_nobody(
    ada: Membership, as_ada: Client, ana: Customer, anna: Customer
) -> None:
    with tenant_scope(ada.tenant):
        delete_customer(customer=make_customer("Bo", "Berg"), actor=ADA, at=NOON)
        assert list(narrow(CustomerFilter(), ada)) == [ana]
        assert [one.first_name for one in narrow(CustomerFilter(deleted=True), ada)] == ["Bo"]

    shown = as_ada.get("/acme/customers/?deleted=on").content.decode()
    assert "Annika" not in shown


def test_searches_of_tickets_and_the_side_panel_do_too(ada: Membership, ana: Customer, anna: Customer) -> None:
    with tenant_scope(ada.tenant):
        found = find(agent=ada, words="Annika")
        people = find_people(words="Lindqvist")

        assert [one.customer for one in found.customers] == [ana]
        assert [one.ticket.subject for one in found.tickets] == ["Theirs"]
        assert [one.customer for one in people] == [ana]


def test_after_a_split_each_is_found_by_their_own_name(ada: Membership, ana: Customer) -> None:
    with tenant_scope(ada.tenant):
        anna = make_customer("Annika", "Lindqvist")
        split(merge(ana, anna))

        assert list(narrow(CustomerFilter(q="Annika"), ada)) == [anna]


def test_survivors_are_read_through_chains(ada: Membership, ana: Customer, anna: Customer) -> None:
    with tenant_scope(ada.tenant):
        bo = make_customer("Bo", "Berg")
        merge(bo, ana)

        assert replace_merged([ana.pk, anna.pk, bo.pk]) == {ana.pk: bo.pk, anna.pk: bo.pk}
        assert replace_merged([anna.pk]) == {anna.pk: bo.pk}
        assert find_alive(anna.number) == bo
        assert find_alive(99) is None
        delete_customer(customer=bo, actor=ADA, at=NOON)
        assert find_alive(anna.number) is None


def test_ticket_is_given_to_the_survivor_by_the_others_number(
    as_ada: Client, acme: Tenant, ana: Customer, anna: Customer
) -> None:
    with tenant_scope(acme):
        make_ticket(make_inbox("sales@acme.example"))

    as_ada.post("/acme/tickets/2/customer/set/", {"customer": str(anna.number)})
    as_ada.post("/acme/tickets/bulk/", {"act": "customer", "ticket": ["2"], "customer": str(anna.number)})

    with tenant_scope(acme):
        assert Ticket.objects.get(number=2).customer == ana


def test_list_of_tickets_that_was_saved_for_the_other_has_the_survivors(
    as_ada: Client, ana: Customer, anna: Customer
) -> None:
    shown = as_ada.get(f"/acme/tickets/?customer={anna.number}").content.decode()

    assert "Theirs" in shown
    assert "customer Ana Lopes" in shown


def test_audit_of_either_number_is_of_the_whole_person(as_ada: Client, ana: Customer, anna: Customer) -> None:
    for one in (ana, anna):
        shown = as_ada.get(f"/acme/settings/audit/?customer={one.number}").content.decode()

        assert "Customer 2 merged into 1" in shown, one


def test_choice_between_notes_of_a_store_leads_to_the_survivor(as_ada: Client, acme: Tenant, ana: Customer) -> None:
    with tenant_scope(acme):
        connection = make_connection()
        anna = make_customer("Annika", "Lindqvist")
        make_link(connection, anna)
        merge(ana, anna)

    response = as_ada.post(f"/acme/stores/{connection.number}/notes/{anna.number}/", {"choice": "ours"})

    assert response.status_code == 409
    assert "was merged into Ana Lopes (#1)" in response.content.decode()
