"""What one of two profiles surely had, the one of both surely has."""

import pytest

from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services import claiming, contacting
from customers.services.merging.joining import merge_customers
from customers.services.merging.parting import undo_merge
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.usefixtures("in_acme")
ADDRESS = "ana@post.example"


@pytest.fixture
def visitor() -> Customer:
    visitor = make_customer("Visitor", "")
    claiming.claim_contact(customer=visitor, kind=ContactKind.EMAIL, typed=ADDRESS, actor=ADA, at=NOON)
    return visitor


@pytest.fixture
def ana() -> Customer:
    ana = make_customer()
    make_contact(ana, ADDRESS)
    return ana


def claims(*customers: Customer) -> list[bool]:
    return [CustomerContact.objects.get(customer=one).is_claim for one in customers]


def test_claim_is_none_once_it_is_one_person_who_has_the_address(visitor: Customer, ana: Customer) -> None:
    merge = merge_customers(survivor=visitor, other=ana, actor=ADA, at=NOON)
    assert claims(visitor) == [False]

    undo_merge(merge=merge, actor=ADA, at=NOON)

    assert claims(visitor, ana) == [True, False]


def test_address_is_none_of_a_claim_for_having_met_one(visitor: Customer, ana: Customer) -> None:
    merge = merge_customers(survivor=ana, other=visitor, actor=ADA, at=NOON)
    assert claims(ana) == [False]

    undo_merge(merge=merge, actor=ADA, at=NOON)

    assert claims(visitor, ana) == [True, False]


def test_verified_since_it_stays_so(visitor: Customer, ana: Customer) -> None:
    merge = merge_customers(survivor=visitor, other=ana, actor=ADA, at=NOON)
    contacting.verify_contact(line=CustomerContact.objects.get(), actor=ADA, at=NOON)

    undo_merge(merge=merge, actor=ADA, at=NOON)

    assert claims(visitor, ana) == [False, False]


def test_two_who_claim_it_are_one_who_claims_it(visitor: Customer) -> None:
    other = make_customer("Visitor", "")
    claiming.claim_contact(customer=other, kind=ContactKind.EMAIL, typed=ADDRESS, actor=ADA, at=NOON)

    merge_customers(survivor=visitor, other=other, actor=ADA, at=NOON)

    assert claims(visitor) == [True]


def test_what_came_with_an_earlier_merge_proves_it_too(visitor: Customer, ana: Customer) -> None:
    between = make_customer("Between")
    claiming.claim_contact(customer=between, kind=ContactKind.EMAIL, typed=ADDRESS, actor=ADA, at=NOON)
    first = merge_customers(survivor=between, other=ana, actor=ADA, at=NOON)
    between.refresh_from_db()

    merge_customers(survivor=visitor, other=between, actor=ADA, at=NOON)

    assert claims(visitor) == [False]
    undo_merge(merge=first, actor=ADA, at=NOON)
    assert claims(ana) == [False]


def test_what_a_third_one_proved_does_not_leave_with_who_had_the_address_first(
    visitor: Customer, ana: Customer
) -> None:
    survivor = make_customer("Survivor")
    first = merge_customers(survivor=survivor, other=visitor, actor=ADA, at=NOON)
    merge_customers(survivor=survivor, other=ana, actor=ADA, at=NOON)
    assert claims(survivor) == [False]

    undo_merge(merge=first, actor=ADA, at=NOON)

    assert claims(visitor, survivor) == [True, False]
