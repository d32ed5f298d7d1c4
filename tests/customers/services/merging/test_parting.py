"""What undoing a merge gives back, what it leaves, and when it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Tenant
from customers.models import (
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerNote,
    Merge,
)
from customers.services import (
    contacting,
    deleting,
    describing,
)
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import NotUndoable, find_merge, undo_merge
from customers.services.merging.previewing import preview_unmerge
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Message, Participant, Ticket
from tickets.services import setting_customer

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    customer = make_customer()
    make_contact(customer, "ana@a.example", is_primary=True)
    return customer


@pytest.fixture
def anna(in_acme: Tenant) -> Customer:
    customer = make_customer("Anna", "")
    make_contact(customer, "anna@a.example", is_primary=True)
    return customer


def merge(survivor: Customer, other: Customer, **chosen: Any) -> Merge:
    return merge_customers(survivor=survivor, other=other, chosen=chosen, actor=ADA, at=NOON)


def undo(merge: Merge, *also: int) -> Customer:
    return undo_merge(merge=merge, also=also, actor=ADA, at=LATER)


def values_of(customer: Customer) -> list[str]:
    return sorted(CustomerContact.objects.filter(customer=customer).values_list("contact__value", flat=True))


def test_a_value_somebody_changed_since_stays_and_the_preview_says_so(ana: Customer, anna: Customer) -> None:
    said = describing.Details(first_name="Anna", location="Porto", language="pt")
    describing.describe_customer(customer=anna, details=said, actor=ADA)
    done = merge(ana, anna)
    now = Customer.objects.get(pk=ana.pk)
    said = describing.Details(**{**vars(describing.read_details(now)), "location": "Lisbon"})
    describing.describe_customer(customer=now, details=said, actor=BELA)

    values = {one.name: (one.now, one.back, one.is_changed) for one in preview_unmerge(merge=done).values}
    undo(done)

    assert values == {"location": ("Lisbon", "Lisbon", True), "language": ("pt", "", False)}
    ana.refresh_from_db()
    assert (ana.location, ana.language) == ("Lisbon", "")


def test_what_stays_merged_fills_what_the_others_leaving_makes_blank(ana: Customer, anna: Customer) -> None:
    third = make_customer("Third", "", location="Braga")
    describing.describe_customer(customer=anna, details=describing.Details(location="Porto"), actor=ADA)
    first = merge(ana, anna)
    second = merge(ana, third)

    undo(first)
    ana.refresh_from_db()
    assert ana.location == "Braga"

    undo(second)
    ana.refresh_from_db()
    assert ana.location == ""


def test_values_chosen_through_two_merges_are_taken_back_in_either_order(ana: Customer, anna: Customer) -> None:
    third = make_customer("Third", "Person")
    first = merge(ana, anna, first_name="Anna", last_name="")
    second = merge(third, ana, first_name="Anna", last_name="")

    undo(first)
    third.refresh_from_db()
    assert third.full_name == "Ana Lopes"

    undo(second)
    third.refresh_from_db()
    ana.refresh_from_db()
    assert (third.full_name, ana.full_name) == ("Third Person", "Ana Lopes")


def test_what_a_survivor_said_between_two_merges_stays(ana: Customer, anna: Customer) -> None:
    describing.describe_customer(customer=anna, details=describing.Details(location="Porto"), actor=ADA)
    third = make_customer("Third", "", location="Braga")
    first = merge(ana, anna)
    now = Customer.objects.get(pk=ana.pk)
    said = describing.Details(**{**vars(describing.read_details(now)), "location": "Lisbon"})
    describing.describe_customer(customer=now, details=said, actor=BELA)
    second = merge(ana, third, location="Braga")

    undo(first)
    undo(second)

    ana.refresh_from_db()
    assert ana.location == "Lisbon"


def test_each_has_a_main_address_whatever_came_and_went_between(anna: Customer) -> None:
    survivor = make_customer("New", "")
    make_contact(anna, "second@a.example", position=1)
    CustomerAddress.objects.bulk_create(
        CustomerAddress(customer=anna, text=text, is_main=text == "First street") for text in ("First street", "Second")
    )
    done = merge(survivor, anna)
    contacting.add_contact(customer=survivor, kind="email", typed="new@a.example", actor=ADA)
    contacting.remove_contact(line=CustomerContact.objects.get(typed="anna@a.example"), actor=ADA)
    CustomerAddress.objects.create(customer=survivor, text="New", is_main=False)
    CustomerAddress.objects.get(is_main=True).delete()

    undo(done)

    mains = CustomerContact.objects.filter(is_primary=True).values_list("customer", "typed")
    assert set(mains) == {(survivor.pk, "new@a.example"), (anna.pk, "second@a.example")}
    places = CustomerAddress.objects.filter(is_main=True).values_list("customer", "text")
    assert set(places) == {(survivor.pk, "New"), (anna.pk, "Second")}


def test_tickets_since_the_merge_stay_unless_they_are_chosen(ana: Customer, anna: Customer) -> None:
    inbox = make_inbox()
    old = make_ticket(inbox, customer=ana, created_at=NOON - timedelta(days=1))
    done = merge(ana, anna)
    stays, goes = (make_ticket(inbox, customer=ana, created_at=LATER, subject=f"New {n}") for n in range(2))
    make_message(goes, author_customer=ana)
    Participant.objects.create(ticket=goes, customer=ana, address="anna@a.example")

    offered = [one.text for one in preview_unmerge(merge=done).since]
    undo(done, goes.pk, old.pk)

    assert offered == [f"#{goes.number} · New 1", f"#{stays.number} · New 0"]
    assert list(Ticket.objects.filter(customer=anna)) == [goes]
    assert Message.objects.get().author_customer_id == anna.pk
    assert Participant.objects.get().customer_id == anna.pk


def test_a_ticket_given_to_somebody_by_hand_is_theirs_whatever_is_undone(ana: Customer, anna: Customer) -> None:
    inbox, third = make_inbox(), make_customer("Third", "")
    ticket, own = make_ticket(inbox, customer=anna), make_ticket(inbox, customer=third)
    setting_customer.set_customer(ticket=own, customer=anna, actor=ADA)  # before the merge: hers
    done = merge(ana, anna)

    setting_customer.set_customer(ticket=Ticket.objects.get(pk=ticket.pk), customer=third, actor=ADA)
    setting_customer.set_customer(ticket=Ticket.objects.get(pk=ticket.pk), customer=ana, actor=ADA)
    undo(done)

    ticket.refresh_from_db()
    own.refresh_from_db()
    assert (ticket.customer_id, own.customer_id) == (ana.pk, anna.pk)


def test_a_merge_is_not_undone_while_the_holder_is_deleted(ana: Customer, anna: Customer) -> None:
    done = merge(ana, anna)
    deleting.delete_customer(customer=ana, actor=ADA, at=NOON)

    with pytest.raises(NotUndoable, match=f"Customer {ana.number}, who has what was customer {anna.number}'s, is del"):
        undo(done)
    deleting.restore_customer(customer=ana, actor=ADA)
    undo(done)

    assert (values_of(ana), values_of(anna)) == (["ana@a.example"], ["anna@a.example"])
    assert CustomerContact.objects.filter(is_primary=True).count() == 2


def test_what_was_erased_is_not_given_back(ana: Customer, anna: Customer) -> None:
    done = merge(ana, anna)
    Customer.objects.filter(pk=ana.pk).update(erased_at=NOON, deleted_at=NOON)

    with pytest.raises(NotUndoable, match="erased"):
        undo(done)


def test_a_merged_profile_is_not_restored_as_if_it_were_deleted(ana: Customer, anna: Customer) -> None:
    merge(ana, anna)

    with pytest.raises(deleting.WasMerged, match=f"merged into customer {ana.number}"):
        deleting.restore_customer(customer=anna, actor=ADA)


def test_the_merge_of_a_profile_is_found_as_long_as_it_stands(ana: Customer, anna: Customer) -> None:
    done = merge(ana, anna)
    assert find_merge(other=anna) == done

    undo(done)

    assert find_merge(other=anna) is None
    assert not CustomerNote.objects.exists()
