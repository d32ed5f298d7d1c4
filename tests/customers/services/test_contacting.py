"""Contacts come and go."""

import pytest

from accounts.models import Tenant
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting, finding
from customers.spelling import NotAnAddress
from events.models import Event
from tests.customers.actors import ADA, NOON, Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def add(customer: Customer, typed: str, kind: ContactKind = ContactKind.EMAIL, tag: str = "") -> CustomerContact:
    return contacting.add_contact(customer=customer, kind=kind, typed=typed, actor=ADA, tag=tag)


def typed_in_order(customer: Customer) -> list[str]:
    return [line.typed for line in CustomerContact.objects.filter(customer=customer).in_order()]


def test_add_contact_makes_the_first_of_its_kind_primary(customer: Customer) -> None:
    add(customer, "ana@post.example")
    add(customer, "ana@work.example")
    add(customer, "+1 202 555 0123 ext. 9", ContactKind.PHONE, "work")

    lines = {line.typed: line for line in CustomerContact.objects.select_related("contact")}
    assert [lines[typed].is_primary for typed in ("ana@post.example", "ana@work.example")] == [True, False]
    phone = lines["+1 202 555 0123 ext. 9"]
    assert (phone.contact.value, phone.extension, phone.tag, phone.is_primary) == ("+12025550123", "9", "work", True)


def test_add_contact_records_and_tells(customer: Customer, told: Told) -> None:
    assert told(lambda: add(customer, "ana@post.example")) == [customer.live_name]

    event = Event.objects.get(type=str(CustomerEvent.CONTACT_ADDED))
    assert event.data == {"kind": "email", "contact": Contact.objects.get().pk}
    assert event.customer_id == customer.pk


def test_add_contact_twice_to_one_customer_is_refused(customer: Customer) -> None:
    add(customer, "ana@post.example")

    with pytest.raises(contacting.AlreadyHeld):
        add(customer, "ANA@post.example")


def test_add_contact_that_is_no_address_is_refused(customer: Customer) -> None:
    with pytest.raises(NotAnAddress):
        add(customer, "ana at post.example")

    assert not Contact.objects.exists()


def test_add_contact_may_be_held_by_several_customers(customer: Customer) -> None:
    add(customer, "ana@post.example")
    add(make_customer("Bruno"), "ana@post.example")

    assert Contact.objects.get().holders.count() == 2


def test_handles_of_one_name_on_two_networks_are_two_contacts(customer: Customer) -> None:
    add(customer, "@ana", ContactKind.HANDLE, "twitter")
    add(customer, "@ana", ContactKind.HANDLE, "instagram")

    assert set(Contact.objects.values_list("value", flat=True)) == {"twitter:ana", "instagram:ana"}


def test_remove_contact_hands_primary_to_the_next(customer: Customer) -> None:
    first = add(customer, "one@post.example")
    add(customer, "two@post.example")
    add(customer, "three@post.example")

    contacting.remove_contact(line=first, actor=ADA)

    assert typed_in_order(customer) == ["two@post.example", "three@post.example"]
    assert CustomerContact.objects.get(is_primary=True).typed == "two@post.example"
    assert Event.objects.filter(type=str(CustomerEvent.CONTACT_REMOVED)).count() == 1


def test_remove_contact_leaves_other_holders_theirs(customer: Customer) -> None:
    line = add(customer, "ana@post.example")
    other = add(make_customer("Bruno"), "ana@post.example")

    contacting.remove_contact(line=line, actor=ADA)

    assert CustomerContact.objects.get() == other


def test_pages_of_other_holders_are_told_when_one_comes_or_goes(customer: Customer, told: Told) -> None:
    other = make_customer("Bruno")
    add(other, "ana@post.example")

    came = told(lambda: add(customer, "ana@post.example"))
    line = CustomerContact.objects.get(customer=customer)
    gone = told(lambda: contacting.remove_contact(line=line, actor=ADA))

    assert came == gone == [customer.live_name, other.live_name]


def test_remove_contact_twice_is_refused(customer: Customer) -> None:
    line = add(customer, "ana@post.example")
    contacting.remove_contact(line=line, actor=ADA)

    with pytest.raises(contacting.NotHeld):
        contacting.remove_contact(line=line, actor=ADA)


def test_make_primary_leaves_one_main_contact_of_a_kind(customer: Customer) -> None:
    add(customer, "one@post.example")
    second = add(customer, "two@post.example")
    add(customer, "+12025550123", ContactKind.PHONE)

    contacting.make_primary(line=second, actor=ADA)

    main = CustomerContact.objects.filter(is_primary=True).order_by("pk")
    assert [line.typed for line in main] == ["two@post.example", "+12025550123"]


def test_twenty_first_phone_is_stored_and_found(customer: Customer) -> None:
    for last in range(21):
        add(customer, f"+1202555010{last}" if last < 10 else f"+120255501{last}", ContactKind.PHONE)

    contact = finding.find_contact(kind=ContactKind.PHONE, typed="+1 202 555 0120")
    assert contact is not None
    assert contact.holders.get().position == 20


def test_tag_and_verification_are_kept_and_recorded_once(customer: Customer) -> None:
    line = add(customer, "+12025550123", ContactKind.PHONE)

    for _ in range(2):
        contacting.describe_contact(line=line, typed=line.typed, tag="home", extension=line.extension, actor=ADA)
        contacting.verify_contact(line=line, actor=ADA, at=NOON)

    line.refresh_from_db()
    assert (line.tag, line.verified_at) == ("home", NOON)
    changes = Event.objects.filter(type=str(CustomerEvent.CONTACT_CHANGED)).order_by("pk")
    assert [event.data["change"] for event in changes] == ["tagged", "verified"]


def test_marks_of_an_address_reach_all_its_holders(customer: Customer, told: Told) -> None:
    other = make_customer("Bruno")
    contact = add(customer, "ana@post.example").contact
    add(other, "ana@post.example")
    both = [customer.live_name, other.live_name]

    bounced = told(lambda: contacting.mark_bounced(kind=ContactKind.EMAIL, value="Ana@post.example", at=NOON))
    shared = told(lambda: contacting.mark_shared(contact=contact, actor=ADA))

    contact.refresh_from_db()
    assert (contact.is_bounced, contact.is_shared) == (True, True)
    assert bounced == shared == both
    assert told(lambda: contacting.mark_shared(contact=contact, actor=ADA)) == []
    assert told(lambda: contacting.mark_personal(contact=contact, actor=ADA)) == both
    assert told(lambda: contacting.mark_deliverable(contact=contact, actor=ADA)) == both


def test_mark_bounced_of_a_strangers_address_keeps_nothing(customer: Customer) -> None:
    contacting.mark_bounced(kind=ContactKind.EMAIL, value="stranger@post.example", at=NOON)
    contacting.mark_bounced(kind=ContactKind.EMAIL, value="no address", at=NOON)

    assert not Contact.objects.exists()
