"""Whose message it is (D15)."""

from typing import Any

import pytest

from accounts.kinds import ActorKind
from accounts.models import Tenant
from accounts.services.configuring import write_settings
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting, identifying
from events.models import Event
from tests.customers.actors import ADA, MINUTE, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.usefixtures("in_acme")


def resolve(typed: str = "ana@post.example", name: str = "Ana Lopes", **changes: Any) -> identifying.Resolution:
    arguments = {"kind": ContactKind.EMAIL, "origin": ActorKind.CUSTOMER, "at": NOON, "may_create": True, **changes}
    return identifying.resolve_sender(typed=typed, name=name, **arguments)


def test_resolve_sender_creates_a_customer_for_a_new_address() -> None:
    found = resolve("Ana@Post.Example")

    assert found.is_new
    customer = Customer.objects.get()
    assert found.customer == customer
    assert (customer.first_name, customer.last_name) == ("Ana", "Lopes")
    assert (customer.fallback_name, customer.origin, customer.number) == ("Ana@Post.Example", "customer", 1)
    line = CustomerContact.objects.get()
    assert (line.contact.value, line.typed, line.is_primary) == ("ana@post.example", "Ana@Post.Example", True)
    assert line.last_wrote_at == NOON
    event = Event.objects.get(type=str(CustomerEvent.CREATED))
    assert (event.data, event.actor_name) == ({"origin": "customer"}, "Ana Lopes")


def test_resolve_sender_survives_what_mail_can_carry() -> None:
    found = resolve("ana@post.example", "Ana\x00 " + "\ud800" + "x" * 5000)

    assert found.customer
    assert found.customer.display_name == "ana@post.example"


def test_resolve_sender_without_a_persons_name_shows_the_address() -> None:
    found = resolve("orders@shop.example", "Shop Orders")

    assert found.customer
    assert (found.customer.full_name, found.customer.display_name) == ("", "orders@shop.example")


def test_resolve_sender_finds_the_only_holder_however_the_address_is_written() -> None:
    customer = make_customer()
    make_contact(customer, "ana@post.example")

    found = resolve(" ANA@post.example. ", "Somebody Else")

    assert (found.customer, found.is_new) == (customer, False)
    assert found.reason == "The only customer with this address."
    customer.refresh_from_db()
    assert customer.first_name == "Ana"


def test_resolve_sender_remembers_when_they_wrote_and_never_goes_back() -> None:
    line = make_contact(make_customer(), "ana@post.example")

    resolve(at=NOON)
    resolve(at=NOON - MINUTE)

    line.refresh_from_db()
    assert line.last_wrote_at == NOON


def test_resolve_sender_prefers_the_only_one_who_verified() -> None:
    verified, latest = make_customer(), make_customer("Bruno")
    make_contact(verified, "ana@post.example", verified_at=NOON)
    make_contact(latest, "ana@post.example", last_wrote_at=NOON)

    found = resolve()

    assert found.customer == verified
    assert "verified" in found.reason


def test_resolve_sender_of_several_verified_takes_who_wrote_last() -> None:
    first, second = make_customer(), make_customer("Bruno")
    make_contact(first, "ana@post.example", verified_at=NOON, last_wrote_at=NOON - MINUTE)
    make_contact(second, "ana@post.example", verified_at=NOON, last_wrote_at=NOON)

    assert resolve().customer == second


def test_resolve_sender_of_several_holders_takes_who_wrote_last() -> None:
    wrote, never = make_customer(), make_customer("Bruno")
    make_contact(wrote, "ana@post.example", last_wrote_at=NOON - MINUTE)
    make_contact(never, "ana@post.example")

    found = resolve()

    assert found.customer == wrote
    assert found.reason == "Of 2 customers with this address, the one who wrote from it last."


@pytest.mark.parametrize("wrote_at", [None, NOON])
def test_resolve_sender_of_indistinguishable_holders_is_nobody_and_says_why(wrote_at: Any) -> None:
    for name in ("Ana", "Bruno"):
        make_contact(make_customer(name), "ana@post.example", last_wrote_at=wrote_at)

    found = resolve()

    assert found.customer is None
    assert found.contact is not None
    assert found.reason == "2 customers have this address, and nothing says which of them wrote."
    assert Customer.objects.count() == 2


def test_resolve_sender_never_matches_a_shared_contact() -> None:
    line = make_contact(make_customer(), "office@post.example")
    contacting.mark_shared(contact=line.contact, actor=ADA)

    found = resolve("office@post.example")

    assert (found.customer, found.reason) == (None, "Several people share this address.")
    assert Customer.objects.count() == 1


def test_resolve_sender_that_may_not_create_leaves_nothing_behind() -> None:
    found = resolve(may_create=False)

    assert (found.customer, found.contact, found.reason) == (None, None, "Nobody has this address.")
    assert not Contact.objects.exists()


@pytest.mark.parametrize("typed", ["", "undisclosed-recipients:;", "MAILER-DAEMON"])
def test_resolve_sender_without_an_address_is_nobody(typed: str) -> None:
    found = resolve(typed)

    assert (found.customer, found.is_new) == (None, False)
    assert found.reason == "The message has no address of a sender."


def test_resolve_sender_after_removal_follows_the_address() -> None:
    former, heir = make_customer(), make_customer("Bruno")
    line = make_contact(former, "ana@post.example", last_wrote_at=NOON)
    contacting.remove_contact(line=line, actor=ADA)
    contacting.add_contact(customer=heir, kind=ContactKind.EMAIL, typed="ana@post.example", actor=ADA)

    assert resolve().customer == heir


def test_resolve_sender_reads_phones_by_the_workspaces_country() -> None:
    write_settings(values={"customers.phone_region": "PT"})
    customer = make_customer()
    make_contact(customer, "+351912345678", ContactKind.PHONE)

    assert resolve("912 345 678", kind=ContactKind.PHONE).customer == customer


def test_resolve_sender_sees_no_other_workspace(globex: Tenant) -> None:
    from accounts.tenancy import tenant_scope

    with tenant_scope(globex):
        make_contact(make_customer(), "ana@post.example")

    assert resolve().is_new
