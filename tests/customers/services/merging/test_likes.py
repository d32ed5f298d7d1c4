"""Of what several profiles have once, one row stands: whose it is, and what becomes of the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Tenant
from customers.models import Customer, CustomerContact, CustomerTag, Merge
from customers.services import contacting, tagging_customer
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from customers.services.merging.previewing import Counted, preview_unmerge
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

LATER = NOON + timedelta(hours=1)
ADDRESS, TAG = "all@a.example", "late"


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


@pytest.fixture
def third(in_acme: Tenant) -> Customer:
    return make_customer("Third", "")


def merge(survivor: Customer, other: Customer) -> Merge:
    return merge_customers(survivor=survivor, other=other, actor=ADA, at=NOON)


def undo(merge: Merge) -> Customer:
    return undo_merge(merge=merge, actor=ADA, at=LATER)


def held(customer: Customer) -> list[str]:
    """Their addresses, and their tags."""
    values = CustomerContact.objects.filter(customer=customer).values_list("contact__value", flat=True)
    return sorted([*values, *CustomerTag.objects.filter(customer=customer).values_list("name", flat=True)])


def give(*customers: Customer) -> None:
    for one in customers:
        contacting.add_contact(customer=one, kind="email", typed=ADDRESS, actor=ADA)
        tagging_customer.tag_customer(customer=one, add=[TAG], actor=ADA)


def take_off(customer: Customer) -> None:
    line = CustomerContact.objects.get(customer=customer, contact__value=ADDRESS)
    contacting.remove_contact(line=line, actor=ADA)
    tagging_customer.tag_customer(customer=customer, add=(), remove=[TAG], actor=ADA)


@pytest.mark.parametrize("again", ["never", "by hand", "by another merge"])
def test_what_was_taken_off_both_does_not_come_back(ana: Customer, anna: Customer, third: Customer, again: str) -> None:
    give(ana, anna, third)
    done = merge(ana, anna)
    take_off(ana)
    if again == "by hand":
        give(ana)
    elif again == "by another merge":
        merge(ana, third)

    told = preview_unmerge(merge=done).returns
    undo(done)

    assert told == (Counted("contacts", 1),)
    assert held(anna) == ["anna@a.example"]
    assert held(ana) == (["ana@a.example"] if again == "never" else [ADDRESS, "ana@a.example", TAG])


@pytest.mark.parametrize("stays", [True, False])
def test_what_was_taken_off_does_not_come_back_when_somebody_who_has_it_leaves(
    ana: Customer, anna: Customer, third: Customer, stays: bool
) -> None:
    give(ana, anna, third)
    merge(ana, anna)
    take_off(ana)
    second = merge(ana, third) if stays else merge(third, ana)

    undo(second)

    assert held(ana) == ["ana@a.example", "anna@a.example"]
    assert held(third) == [ADDRESS, TAG]


def test_what_was_taken_off_after_the_split_stays_the_others(ana: Customer, anna: Customer) -> None:
    give(ana, anna)
    undo(merge(ana, anna))

    take_off(ana)

    assert held(ana) == ["ana@a.example"]
    assert held(anna) == [ADDRESS, "anna@a.example", TAG]


@pytest.mark.parametrize("is_older", [True, False])
def test_in_place_of_who_leaves_the_nearest_one_says_it(ana: Customer, third: Customer, is_older: bool) -> None:
    """As if whoever leaves had never been there."""
    older, newer = (make_customer(name, "") for name in ("Older", "Newer"))
    near, far = (older, newer) if is_older else (newer, older)
    for one, tag in ((third, "old"), (near, "work"), (far, "home")):
        make_contact(one, ADDRESS, tag=tag)
    first = merge(ana, third)
    merge(near, far)
    merge(ana, near)

    undo(first)

    assert CustomerContact.objects.get(customer=ana, typed=ADDRESS).tag == "work"
