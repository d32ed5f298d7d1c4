"""Deleted profiles leave lists and matching, and come back whole."""

import pytest
from django.utils import timezone

from accounts.kinds import Actor, ActorKind
from accounts.models import Membership, Tenant
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services import contacting, deleting, identifying
from customers.services.creating import NewContact, create_customer
from events.models import Event
from tests.customers.actors import Told

STORE = Actor(ActorKind.STORE, 1, "Acme Home")


@pytest.fixture
def customer(in_acme: Tenant, ada: Membership) -> Customer:
    contacts = [
        NewContact(ContactKind.EMAIL, "ana@shopper.example"),
        NewContact(ContactKind.EMAIL, "ana@work.example"),
        NewContact(ContactKind.PHONE, "+351 912 345 678", "mobile"),
    ]
    return create_customer(actor=ada.as_actor(), at=timezone.now(), first_name="Ana", contacts=contacts, note="Tall")


def delete(customer: Customer, by: Membership) -> Customer:
    return deleting.delete_customer(customer=customer, actor=by.as_actor(), at=timezone.now())


def lines(customer: Customer) -> list[tuple[str, str, bool]]:
    rows = CustomerContact.objects.filter(customer=customer).order_by("typed")
    return list(rows.values_list("typed", "tag", "is_primary"))


def held(customer: Customer) -> list[tuple[object, ...]]:
    rows = CustomerContact.objects.filter(customer=customer).order_by("contact__kind", "position")
    return list(rows.values_list("typed", "tag", "is_primary", "verified_at", "origin"))


def test_deleted_customer_leaves_lists_and_frees_the_addresses(customer: Customer, bela: Membership) -> None:
    delete(customer, bela)

    assert not Customer.objects.alive().filter(pk=customer.pk).exists()
    assert lines(customer) == []
    found = identifying.resolve_sender(
        kind=ContactKind.EMAIL,
        typed="ana@shopper.example",
        name="Ana",
        origin=ActorKind.CUSTOMER,
        at=timezone.now(),
        may_create=True,
    )
    assert found.customer != customer
    assert Event.objects.get(type="customer.deleted").actor_name == bela.name


def test_restored_customer_has_everything_again(customer: Customer, bela: Membership) -> None:
    before = lines(customer)
    delete(customer, bela)

    restored = deleting.restore_customer(customer=customer, actor=bela.as_actor())

    assert restored.deleted_at is None
    assert lines(customer) == before
    assert Event.objects.filter(type="customer.restored").count() == 1


def test_addresses_come_back_in_their_order_and_as_proven_as_they_were(customer: Customer, bela: Membership) -> None:
    work = CustomerContact.objects.get(customer=customer, typed="ana@work.example")
    contacting.verify_contact(line=work, actor=Actor(ActorKind.CUSTOMER, None, "Ana"), at=timezone.now())
    contacting.make_primary(line=work, actor=bela.as_actor())
    for typed in ("zoe@shopper.example", "abe@shopper.example"):
        contacting.add_contact(customer=customer, kind=ContactKind.EMAIL, typed=typed, actor=STORE)
    before = held(customer)
    events = Event.objects.count()
    delete(customer, bela)

    deleting.restore_customer(customer=customer, actor=bela.as_actor())

    assert held(customer) == before
    # Forty addresses make no forty lines on the timeline.
    assert Event.objects.count() == events + 2


def test_whoever_holds_the_same_address_sees_it_at_once(customer: Customer, bela: Membership, told: Told) -> None:
    other = create_customer(
        actor=bela.as_actor(),
        at=timezone.now(),
        first_name="Rui",
        contacts=[NewContact(ContactKind.EMAIL, "ana@shopper.example")],
    )

    assert other.live_name in told(lambda: delete(customer, bela))
    assert other.live_name in told(lambda: deleting.restore_customer(customer=customer, actor=bela.as_actor()))


def test_what_was_removed_before_does_not_come_back(customer: Customer, bela: Membership) -> None:
    removed = CustomerContact.objects.get(customer=customer, typed="ana@work.example")
    contacting.remove_contact(line=removed, actor=bela.as_actor())
    delete(customer, bela)

    deleting.restore_customer(customer=customer, actor=bela.as_actor())

    assert [typed for typed, _, _ in lines(customer)] == ["+351 912 345 678", "ana@shopper.example"]


def test_second_press_says_so(customer: Customer, bela: Membership) -> None:
    delete(customer, bela)

    with pytest.raises(deleting.AlreadyDeleted):
        delete(customer, bela)
    deleting.restore_customer(customer=customer, actor=bela.as_actor())
    with pytest.raises(deleting.NotDeleted):
        deleting.restore_customer(customer=customer, actor=bela.as_actor())
