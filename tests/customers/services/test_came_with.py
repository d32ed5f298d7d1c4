"""Each value of a survivor says with which profile it came (B2)."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Membership, Tenant
from customers.models import Customer, CustomerAddress
from customers.services import noting, tagging_customer, timeline_noting
from customers.services.presenting import present_customer
from tests.customers.actors import ADA, NOON
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.services.summarizing import read_open_tickets


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    return make_customer()


@pytest.fixture
def anna(ana: Customer) -> Customer:
    return make_customer("Anna", "Lopez")


def again(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def test_contacts_addresses_tags_and_notes_say_so(ana: Customer, anna: Customer, ada: Membership) -> None:
    for one in (ana, anna):
        make_contact(one, f"mail{one.number}@a.example")
        CustomerAddress.objects.create(customer=one, text=f"Street {one.number}", is_main=True)
        tagging_customer.tag_customer(customer=one, add=[f"tag{one.number}"], actor=ADA)
        timeline_noting.add_timeline_note(customer=one, html=f"<p>Note {one.number}</p>", actor=ADA, at=NOON)
    merge(ana, anna)

    page = present_customer(customer=again(ana), reader=ada, at=NOON)
    notes = timeline_noting.read_timeline_notes(customer=again(ana))

    hers = "Anna Lopez (#2)"
    assert {(one.value, one.came_with) for one in page.profile.emails} == {
        ("mail1@a.example", ""),
        ("mail2@a.example", hers),
    }
    assert {(one.line, tuple(one.hints)) for one in page.addresses} == {
        ("Street 1", ()),
        ("Street 2", (f"Came with {hers}",)),
    }
    assert {(one.name, one.came_with) for one in page.tags} == {("tag1", ""), ("tag2", hers)}
    assert {(one.text, one.came_with) for one in notes} == {("Note 1", ""), ("Note 2", hers)}


def test_through_a_chain_it_is_whose_it_was_at_first(ana: Customer, anna: Customer, ada: Membership) -> None:
    bo = make_customer("Bo", "Berg")
    make_contact(anna, "anna@a.example")
    merge(ana, anna)
    merge(bo, ana)

    (email,) = present_customer(customer=again(bo), reader=ada, at=NOON).profile.emails

    assert email.came_with == "Anna Lopez (#2)"


def test_open_tickets_say_so(ana: Customer, anna: Customer, ada: Membership) -> None:
    inbox = make_inbox()
    for one in (ana, anna):
        make_ticket(inbox, customer=one, subject=one.first_name)
    merge(ana, anna)

    found = read_open_tickets(customer=again(ana), reader=ada)

    assert {(one.subject, one.came_with) for one in found} == {("Ana", ""), ("Anna", "Anna Lopez (#2)")}


def test_split_again_nothing_came_from_anywhere(ana: Customer, anna: Customer, ada: Membership) -> None:
    make_contact(anna, "anna@a.example")
    split(merge(ana, anna))

    (email,) = present_customer(customer=again(anna), reader=ada, at=NOON).profile.emails

    assert email.came_with == ""


def test_it_stands_on_the_page(ana: Customer, anna: Customer, ada: Membership, sign_in: Any) -> None:
    make_contact(anna, "anna@a.example")
    make_ticket(make_inbox(), customer=anna)
    timeline_noting.add_timeline_note(customer=anna, html="<p>Called</p>", actor=ADA, at=NOON)
    noting.save_note(customer=anna, text="Deaf", based_on=0, actor=ADA, at=NOON)
    merge(ana, anna)
    browser = sign_in(ada)

    assert 'title="Came with Anna Lopez (#2)"' in browser.get("/acme/customers/1/").content.decode()
    for part in ("notes", "work"):
        assert "Came with <bdi>Anna Lopez (#2)</bdi>" in browser.get(f"/acme/customers/1/{part}/").content.decode()
    assert "Merged with" in browser.get("/acme/customers/1/all/").content.decode()
    assert "from <bdi>Anna Lopez (#2)</bdi>" in browser.get("/acme/customers/1/note/versions/").content.decode()
    assert "· <bdi>from Anna Lopez (#2)</bdi>" in browser.get("/acme/customers/1/history/").content.decode()
