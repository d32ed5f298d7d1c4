"""Names and marks, and the history of both."""

from dataclasses import replace

import pytest

from accounts.models import Tenant
from customers.kinds import CustomerEvent
from customers.models import Customer
from customers.services import creating
from customers.services.describing import (
    Contested,
    Details,
    describe_customer,
    fill_blanks,
    read_details,
    rename_customer,
)
from customers.services.reading import read_profile
from events.models import Event
from tests.customers.actors import ADA, BELA, NOON, STORE, Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return creating.create_customer(actor=ADA, at=NOON, first_name="Ana", last_name="Lopes")


def test_describe_customer_replaces_what_is_said(customer: Customer, told: Told) -> None:
    details = replace(read_details(customer), last_name="Reis", is_vip=True, location="Porto")

    names = told(lambda: describe_customer(customer=customer, details=details, actor=BELA))

    customer.refresh_from_db()
    assert read_details(customer) == details
    assert customer.name_folded == "ana reis"
    assert names == [customer.live_name]
    assert Event.objects.get(type=str(CustomerEvent.EDITED)).data == {"fields": ["is_vip", "last_name", "location"]}


def test_describe_customer_without_a_difference_records_nothing(customer: Customer) -> None:
    changed = describe_customer(customer=customer, details=read_details(customer), actor=BELA)

    assert changed == frozenset()
    assert not Event.objects.filter(type=str(CustomerEvent.EDITED)).exists()
    assert customer.history.count() == 1


def test_history_says_who_changed_what_and_how(customer: Customer) -> None:
    rename_customer(customer=customer, first_name="Anabela", last_name="Lopes", actor=STORE)

    newest, first = customer.history.order_by("-history_id")
    assert (first.history_type, first.actor_kind, first.actor_id, first.actor_name) == ("+", "agent", 1, "Ada")
    assert (newest.history_type, newest.actor_kind, newest.actor_id, newest.actor_name) == (
        "~",
        "store",
        9,
        "acme-demo",
    )
    assert (first.first_name, newest.first_name) == ("Ana", "Anabela")
    assert newest.tenant_id == customer.tenant_id


def test_history_of_an_unsigned_save_names_the_helpdesk(customer: Customer) -> None:
    row = Customer.objects.get(pk=customer.pk)
    row.location = "Porto"
    row.save()

    assert customer.history.latest().actor_kind == "system"


def test_fill_blanks_touches_nothing_that_somebody_wrote(customer: Customer) -> None:
    describe_customer(customer=customer, details=Details(first_name="Ana", location="Porto"), actor=ADA)

    facts = Details(first_name="Anna", last_name="Lops", location="Lisbon", language="pt", is_vip=True)
    changed = fill_blanks(customer=customer, details=facts, actor=STORE)

    customer.refresh_from_db()
    assert changed == {"language"}
    assert (customer.full_name, customer.location, customer.language, customer.is_vip) == ("Ana", "Porto", "pt", False)


def test_what_a_store_says_is_cut_to_what_the_columns_hold(customer: Customer) -> None:
    facts = Details(location="Por\x00to\n" + "x" * 300, language="x" * 300, time_zone="Mars/Olympus")

    assert fill_blanks(customer=customer, details=facts, actor=STORE) == {"location", "language", "time_zone"}
    assert fill_blanks(customer=customer, details=facts, actor=STORE) == frozenset()

    customer.refresh_from_db()
    assert customer.location.startswith("Porto x")
    assert read_profile(customer=customer, at=NOON).local_time is None


def test_fill_blanks_names_the_nameless(in_acme: Tenant) -> None:
    nameless = make_customer("", "", fallback_name="ana@post.example")

    fill_blanks(customer=nameless, details=Details(first_name="Ana", last_name="Lopes"), actor=STORE)

    nameless.refresh_from_db()
    assert (nameless.display_name, nameless.name_folded) == ("Ana Lopes", "ana lopes")


def test_two_editors_of_different_fields_both_win(customer: Customer) -> None:
    before = read_details(customer)
    describe_customer(customer=customer, details=replace(before, location="Porto"), actor=BELA, based_on=before)

    changed = describe_customer(customer=customer, details=replace(before, language="pt"), actor=BELA, based_on=before)

    customer.refresh_from_db()
    assert (customer.location, customer.language, changed) == ("Porto", "pt", frozenset({"language"}))


def test_two_editors_of_one_field_are_told_and_nothing_is_overwritten(customer: Customer) -> None:
    before = read_details(customer)
    describe_customer(customer=customer, details=replace(before, location="Porto"), actor=BELA, based_on=before)

    with pytest.raises(Contested) as contested:
        describe_customer(
            customer=customer, details=replace(before, location="Lisbon", language="pt"), actor=BELA, based_on=before
        )

    assert (contested.value.names, contested.value.theirs.location) == (frozenset({"location"}), "Porto")
    assert contested.value.who == {"location": "Bela"}
    customer.refresh_from_db()
    assert (customer.location, customer.language) == ("Porto", "")


def test_two_editors_who_write_the_same_agree(customer: Customer) -> None:
    before = read_details(customer)
    wanted = replace(before, location="Porto")
    describe_customer(customer=customer, details=wanted, actor=BELA, based_on=before)

    assert not describe_customer(customer=customer, details=wanted, actor=BELA, based_on=before)


def test_supposed_sex_follows_the_name_and_leaves_the_given_one(customer: Customer) -> None:
    said = replace(read_details(customer), first_name="Rui", last_name="Costa", sex="female")

    describe_customer(customer=customer, details=said, actor=BELA)

    customer.refresh_from_db()
    assert (customer.sex, customer.supposed_sex) == ("female", "male")
