"""New customers, and what is said of them."""

import pytest

from accounts.models import Tenant
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Customer
from customers.services import comparing, contacting, creating, noting
from customers.services.creating import NewContact
from events.models import Event
from tests.customers.actors import ADA, NOON, STORE
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.usefixtures("in_acme")


def test_create_customer_with_everything() -> None:
    customer = creating.create_customer(
        actor=ADA,
        at=NOON,
        first_name="Ana",
        last_name="Lopes",
        contacts=[NewContact(ContactKind.EMAIL, "ana@post.example"), NewContact(ContactKind.PHONE, "+1 202 555 0123")],
        note="Call after six",
    )

    assert (customer.number, customer.display_name, customer.origin) == (1, "Ana Lopes", "agent")
    assert [line.contact.value for line in customer.contacts.order_by("pk")] == ["ana@post.example", "+12025550123"]
    note = noting.read_note(customer=customer)
    assert (note.text, note.version, note.author_name) == ("Call after six", 1, "Ada")
    assert Event.objects.get(type=str(CustomerEvent.CREATED)).customer_id == customer.pk


def test_create_customer_without_a_name_goes_by_what_is_known() -> None:
    by_contact = creating.create_customer(
        actor=STORE, at=NOON, contacts=[NewContact(ContactKind.EMAIL, "ana@post.example")]
    )
    by_fallback = creating.create_customer(actor=STORE, at=NOON, fallback_name="Visitor 7F3A")
    by_number = creating.create_customer(actor=STORE, at=NOON)

    names = [one.display_name for one in (by_contact, by_fallback, by_number)]
    assert names == ["ana@post.example", "Visitor 7F3A", "Customer 3"]
    assert Customer.objects.named_like("ANA@").get() == by_contact


def test_create_customer_with_one_address_twice_is_refused_as_a_whole() -> None:
    with pytest.raises(contacting.AlreadyHeld):
        creating.create_customer(
            actor=ADA,
            at=NOON,
            contacts=[
                NewContact(ContactKind.EMAIL, "ana@post.example"),
                NewContact(ContactKind.EMAIL, "ANA@post.example"),
            ],
        )

    assert not Customer.objects.exists()


def test_customers_of_two_workspaces_are_counted_apart(globex: Tenant) -> None:
    from accounts.tenancy import tenant_scope

    with tenant_scope(globex):
        creating.create_customer(actor=ADA, at=NOON)

    assert creating.create_customer(actor=ADA, at=NOON).number == 1


def test_read_lookalikes_names_holders_before_namesakes() -> None:
    holder, namesake = make_customer("Bruno", "Reis"), make_customer("Ana", "Lopes")
    make_contact(holder, "ana@post.example")
    alike = make_customer("Ana", "Lopes-Reis")
    make_customer("Anabela", "Reis")

    found = comparing.read_lookalikes(name="ana  LOPES", contacts=[NewContact(ContactKind.EMAIL, "Ana@Post.example")])

    assert [(one.customer, one.why) for one in found] == [
        (holder, "has ana@post.example"),
        (namesake, "has the same name"),
        (alike, "has a name like it"),
    ]
    assert [one.customer for one in comparing.read_lookalikes(name="Ana", contacts=[])] == []


def test_read_lookalikes_of_nothing_is_nobody() -> None:
    make_customer("", "")

    assert comparing.read_lookalikes(name=" ", contacts=[]) == ()
