"""What was done while two profiles were one, and what is done to one of them after they were split again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Tenant
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import (
    Customer,
    CustomerContact,
    CustomerFieldValue,
    LegalDetails,
    Merge,
    NoteVersion,
)
from customers.services import claiming, contacting, defining, deleting, describing, erasing, noting, setting_fields
from customers.services.merging.concluding import Picks, merge_as_chosen
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from events.models import Event
from files.services import storing
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Message, Participant, Ticket
from tickets.services import receiving

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


def undo(merge: Merge) -> Customer:
    return undo_merge(merge=merge, actor=ADA, at=LATER)


def erase(customer: Customer) -> None:
    erasing.plan_erasure(customer=customer, actor=ADA, at=LATER)
    cause = Event.objects.order_by("-pk")[0]
    erasing.erase_customer(customer_id=customer.pk, at=LATER, cause=cause)


def write(customer: Customer, address: str) -> Message:
    letter = receiving.Letter("Anna", address, "Hello", "", "", ())
    return receiving.receive_message(
        ticket=Ticket.objects.get(), letter=letter, customer=customer, joined_because="", reopens=True, at=LATER
    )


def test_letter_from_the_others_address_on_the_others_ticket_is_theirs_again(ana: Customer, anna: Customer) -> None:
    make_ticket(customer=anna)
    done = merge(ana, anna)
    theirs, mine = write(ana, "anna@a.example"), write(ana, "ana@a.example")

    undo(done)

    authors = [Message.objects.get(pk=one.pk).author_customer_id for one in (theirs, mine)]
    assert authors == [anna.pk, ana.pk]
    people = dict(Participant.objects.values_list("address", "customer"))
    assert people == {"anna@a.example": anna.pk, "ana@a.example": ana.pk}


def test_letter_is_theirs_again_wherever_the_survivor_went_on_to(ana: Customer, anna: Customer) -> None:
    make_ticket(customer=anna)
    third = make_customer("Third", "")
    done = merge(ana, anna)
    first = write(ana, "anna@a.example")
    merge(third, ana)
    second = write(third, "anna@a.example")

    undo(done)

    assert {Message.objects.get(pk=one.pk).author_customer_id for one in (first, second)} == {anna.pk}


def test_letter_from_an_address_both_have_stays_the_survivors(ana: Customer, anna: Customer) -> None:
    make_contact(ana, "anna@a.example")
    make_ticket(customer=anna)
    done = merge(ana, anna)
    letter = write(ana, "anna@a.example")

    undo(done)

    assert Message.objects.get(pk=letter.pk).author_customer_id == ana.pk


def test_letter_of_before_the_merge_is_whose_it_was(ana: Customer, anna: Customer) -> None:
    ticket = make_ticket(customer=anna)
    lent = make_message(ticket, author_customer=ana, author_address="anna@a.example", created_at=NOON - timedelta(1))
    done = merge(ana, anna)
    write(ana, "ana@a.example")

    undo(done)

    assert Message.objects.get(pk=lent.pk).author_customer_id == ana.pk


def test_erasing_the_survivor_leaves_letters_of_who_was_split_off(ana: Customer, anna: Customer) -> None:
    make_ticket(customer=anna)
    done = merge(ana, anna)
    letter = write(ana, "anna@a.example")
    undo(done)

    erase(ana)

    assert Message.objects.get(pk=letter.pk).text == "Hello"


def test_erasing_the_survivor_leaves_the_photo_of_who_was_split_off(ana: Customer, anna: Customer) -> None:
    anna.photo = storing.store(name="a.png", content_type="image/png", content=b"a")
    anna.sign(ADA)
    anna.save()
    done = merge(ana, anna)
    assert Customer.objects.get(pk=ana.pk).photo_id == anna.photo_id
    undo(done)

    erase(ana)

    assert Customer.objects.get(pk=anna.pk).photo_id == anna.photo_id


def test_erasing_who_was_split_off_leaves_nothing_of_them_in_the_survivors_past(ana: Customer, anna: Customer) -> None:
    third = make_customer("Third", "")
    defining.define_field(
        target=FieldTarget.CUSTOMER, kind=FieldKind.TEXT, draft=defining.FieldDraft("size", code="size"), actor=ADA
    )
    tell(anna)
    noting.save_note(customer=ana, text="Of Ana", based_on=0, actor=ADA, at=NOON)
    done = merge(ana, anna, note="Of Ana\n\nSecret")
    merge(third, ana)
    undo(done)

    erase(anna)

    assert not Customer.history.filter(location="Porto").exists()
    assert not Customer.history.filter(birthday=date(1990, 1, 2)).exists()
    assert not LegalDetails.history.filter(legal_name="Company of Anna").exists()
    assert not CustomerFieldValue.history.filter(text="42").exists()
    texts = set(NoteVersion.objects.values_list("text", flat=True))
    assert texts == {"Of Ana"}


def tell(anna: Customer) -> None:
    said = describing.Details(first_name="Anna", location="Porto", birthday=date(1990, 1, 2))
    describing.describe_customer(customer=anna, details=said, actor=ADA)
    LegalDetails.objects.create(customer=anna, legal_name="Company of Anna")
    setting_fields.set_fields(customer=anna, typed={"size": "42"}, zone=ZoneInfo("UTC"), actor=ADA)
    noting.save_note(customer=anna, text="Secret", based_on=0, actor=ADA, at=NOON)


def test_erasing_who_was_split_off_leaves_what_the_survivor_says_by_themselves(ana: Customer, anna: Customer) -> None:
    said = describing.Details(first_name="Ana", last_name="Lopes", location="Porto")
    describing.describe_customer(customer=ana, details=said, actor=ADA)
    describing.describe_customer(customer=anna, details=describing.Details(location="Porto", language="pt"), actor=ADA)
    undo(merge(ana, anna))

    erase(anna)

    ana.refresh_from_db()
    assert ana.location == "Porto"
    assert set(Customer.history.filter(id=ana.pk).values_list("location", flat=True)) == {"", "Porto"}
    assert not Customer.history.filter(id=ana.pk, language="pt").exists()


def choose_main(survivor: Customer, other: Customer, line: CustomerContact) -> Merge:
    picks = Picks({}, mains=[line.pk])
    return merge_as_chosen(survivor=survivor, other=other, picks=picks, zone=ZoneInfo("UTC"), actor=ADA, at=NOON)


def main_of(customer: Customer) -> str:
    return CustomerContact.objects.get(customer=customer, is_primary=True).typed


@pytest.mark.parametrize("chosen", ["anna@a.example", "ana@a.example"])
def test_main_address_is_again_the_one_before_the_merge(ana: Customer, anna: Customer, chosen: str) -> None:
    second = make_contact(ana, "second@a.example", position=1)
    contacting.make_primary(line=second, actor=ADA)
    done = choose_main(ana, anna, CustomerContact.objects.get(typed=chosen))
    assert main_of(ana) == chosen

    undo(done)

    assert (main_of(ana), main_of(anna)) == ("second@a.example", "anna@a.example")


def test_main_address_that_was_chosen_since_stays(ana: Customer, anna: Customer) -> None:
    second = make_contact(ana, "second@a.example", position=1)
    contacting.make_primary(line=second, actor=ADA)
    third = make_contact(ana, "third@a.example", position=2)
    done = choose_main(ana, anna, CustomerContact.objects.get(customer=anna))
    contacting.make_primary(line=third, actor=ADA)

    undo(done)

    assert main_of(ana) == "third@a.example"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_main_address_comes_back_through_two_merges(ana: Customer, anna: Customer, order: tuple[int, int]) -> None:
    second = make_contact(ana, "second@a.example", position=1)
    contacting.make_primary(line=second, actor=ADA)
    third = make_customer("Third", "")
    theirs = make_contact(third, "third@a.example", is_primary=True)
    done = [choose_main(ana, anna, CustomerContact.objects.get(customer=anna)), choose_main(ana, third, theirs)]

    for number in order:
        undo(done[number])

    assert main_of(ana) == "second@a.example"


def test_main_address_comes_back_to_who_went_on_into_another(ana: Customer, anna: Customer) -> None:
    second = make_contact(ana, "second@a.example", position=1)
    contacting.make_primary(line=second, actor=ADA)
    third = make_customer("Third", "")
    first = choose_main(ana, anna, CustomerContact.objects.get(customer=anna))
    onward = merge(third, ana)

    undo(first)
    assert main_of(third) == "second@a.example"
    undo(onward)

    assert main_of(ana) == "second@a.example"


def test_claim_and_order_come_back_though_the_survivor_was_deleted_and_restored(ana: Customer, anna: Customer) -> None:
    claiming.claim_contact(customer=anna, kind=ContactKind.EMAIL, typed="ana@a.example", actor=ADA, at=NOON)
    make_contact(ana, "behind@a.example", position=7)
    done = merge(anna, ana)
    deleting.delete_customer(customer=anna, actor=ADA, at=NOON)
    deleting.restore_customer(customer=Customer.objects.get(pk=anna.pk), actor=ADA)

    undo(done)

    claimed = [CustomerContact.objects.get(customer=one, typed="ana@a.example").is_claim for one in (anna, ana)]
    assert claimed == [True, False]
    assert CustomerContact.objects.get(typed="behind@a.example").position == 7
