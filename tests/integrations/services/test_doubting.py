"""A store's customer is linked by itself only where nothing speaks against it: two people are never joined."""

from __future__ import annotations

import pytest

from accounts.kinds import ActorKind
from core import clock
from customers.kinds import ContactKind
from customers.models import Contact, Customer, CustomerContact
from customers.services import claiming, identifying
from integrations.models import Connection, StoreCustomer
from integrations.services import refreshing
from tests.customers.actors import NOON
from tests.factories.customers import make_contact, make_customer
from tests.integrations.conftest import AGENT
from tests.integrations.fake_store import FakeShop

PHONE = "+351912345678"


def someone(first: str, last: str, *emails: str, phone: str = PHONE) -> Customer:
    customer = make_customer(first, last)
    for email in emails:
        make_contact(customer, email)
    if phone:
        make_contact(customer, phone, ContactKind.PHONE)
    return customer


def sell_to(shop: FakeShop, first: str, last: str, *emails: str) -> None:
    """Customer 2002 of the shop, with the phone."""
    shop.facts.clear()
    shop.add("2002", first_name=first, last_name=last, emails=emails, phones=(PHONE,))


def is_linked(customer: Customer) -> bool:
    refreshing.refresh_customer(customer_id=customer.pk, at=clock.now(), cause=None)
    return StoreCustomer.objects.filter(customer=customer).exists()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(("Ana", "Lopes", "ana@post.example"), ("Bruno", "Lopes"), id="husband without an address"),
        pytest.param(("Ana", "Lopes"), ("Bruno", "Lopes", "bruno@post.example"), id="husband with an address"),
        pytest.param(("José", "Silva", "ze@post.example"), ("José", "Silva", "jose@mail.example"), id="father and son"),
        pytest.param(("", "", "ana@post.example"), ("Bruno", "Lopes"), id="nobody knows our name"),
        pytest.param(("Ana", "Lopes"), ("", "", "bruno@post.example"), id="nobody knows theirs"),
        pytest.param(("", "Lopes"), ("", "Lopes"), id="last names alone"),
        pytest.param(("Ana", "Lopes"), ("Ana", "Sousa"), id="one first name in the office"),
    ],
)
def test_phone_that_several_may_share_links_nobody(
    fake_connection: Connection, fake_shop: FakeShop, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    sell_to(fake_shop, *theirs)

    assert not is_linked(someone(*ours))
    assert not CustomerContact.objects.filter(contact__value="bruno@post.example").exists()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(("", ""), ("Ana", "Lopes", "ana@post.example"), id="ours is the number alone"),
        pytest.param(("Ana", "Lopes", "ana@post.example"), ("", ""), id="theirs is the number alone"),
        pytest.param(("Ana", "Lopes", "ana@post.example"), ("ANA", "LOPES"), id="one name"),
        pytest.param(("Ana", "", "ana@post.example"), ("Ana", "Lopes"), id="first name alone"),
        pytest.param(("Ana", "Lopes", "ana@post.example"), ("Ana", "Costa", "ana@post.example"), id="one address"),
    ],
)
def test_who_is_surely_one_person_is_linked(
    fake_connection: Connection, fake_shop: FakeShop, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    sell_to(fake_shop, *theirs)

    assert is_linked(someone(*ours))


def test_address_of_an_account_found_by_phone_gets_no_mail_of_its_own(
    fake_connection: Connection, fake_shop: FakeShop
) -> None:
    """Anybody may write our customer's phone into an account of theirs."""
    sell_to(fake_shop, "Ana", "Lopes", "stranger@mail.example")
    ana = someone("Ana", "Lopes")

    assert is_linked(ana)

    line = CustomerContact.objects.get(contact__value="stranger@mail.example")
    assert (line.customer, line.is_claim) == (ana, True)
    found = identifying.resolve_sender(
        kind=ContactKind.EMAIL,
        typed="stranger@mail.example",
        name="Stranger",
        origin=ActorKind.CUSTOMER,
        at=NOON,
        may_create=True,
    )
    assert found.is_new
    assert found.customer != ana


def test_address_that_changes_in_the_store_is_unverified(fake_connection: Connection, fake_shop: FakeShop) -> None:
    sell_to(fake_shop, "Ana", "Lopes", "ana@post.example")
    ana = someone("Ana", "Lopes", "ana@post.example")
    assert is_linked(ana)
    sell_to(fake_shop, "Ana", "Lopes", "other@mail.example")
    StoreCustomer.objects.update(refreshed_at=None)

    refreshing.refresh_customer(customer_id=ana.pk, at=clock.now(), cause=None)

    claims = {line.contact.value: line.is_claim for line in CustomerContact.objects.filter(contact__kind="email")}
    assert claims == {"ana@post.example": False, "other@mail.example": True}


def test_claim_finds_no_account_in_the_store(fake_connection: Connection, fake_shop: FakeShop) -> None:
    sell_to(fake_shop, "Ana", "Lopes", "ana@post.example")
    visitor = make_customer("", "")
    claiming.claim_contact(
        customer=visitor, kind=ContactKind.EMAIL, typed="ana@post.example", actor=AGENT, at=clock.now()
    )

    assert not is_linked(visitor)


def test_shared_phone_links_nobody(fake_connection: Connection, fake_shop: FakeShop) -> None:
    sell_to(fake_shop, "Ana", "Lopes")
    ana = someone("Ana", "Lopes")
    Contact.objects.update(is_shared=True)

    assert not is_linked(ana)


def test_account_with_one_of_our_addresses_brings_its_others(fake_connection: Connection, fake_shop: FakeShop) -> None:
    sell_to(fake_shop, "Ana", "Lopes", *(f"ana{number}@post.example" for number in range(3)))
    ana = someone("Ana", "Lopes", "ana0@post.example")

    assert is_linked(ana)

    assert CustomerContact.objects.filter(customer=ana, claimed_at=None, contact__kind="email").count() == 3
