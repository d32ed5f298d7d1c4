"""What is said of a customer, as lines of the card."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Tenant
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer
from customers.services import defining, setting_fields
from customers.services.stating import Fact, state_facts
from tests.factories.customers import make_customer
from tests.factories.integrations import make_connection

LISBON = ZoneInfo("Europe/Lisbon")


def facts(customer: Customer, today: date = date(2026, 11, 23)) -> tuple[Fact, ...]:
    known = Customer.objects.select_related("manager__user").get(pk=customer.pk)
    return state_facts(customer=known, zone=LISBON, today=today)


def test_bare_customer_has_no_facts(in_acme: Tenant) -> None:
    assert facts(make_customer()) == ()


def test_facts_stand_in_order_with_their_hints(in_acme: Tenant, bela: Membership) -> None:
    store = make_connection("acme-home.myshopify.com", name="Acme Home")
    customer = make_customer(
        sex="female", birthday=date(1990, 12, 1), manager=bela, store_number=store.number, personal_discount="7.50"
    )
    bela.mark_inactive()

    assert facts(customer) == (
        Fact("sex", "Sex", "Female"),
        Fact("birthday", "Birthday", "Dec 1, 1990", "35 years"),
        Fact("manager_id", "Manager", bela.name, "Not active"),
        Fact("store_number", "Store", "Acme Home"),
        Fact("personal_discount", "Personal discount", "7.5 %"),
    )


def test_guess_says_that_it_is_one(in_acme: Tenant) -> None:
    customer = make_customer()
    Customer.objects.filter(pk=customer.pk).update(supposed_sex="male")

    assert facts(customer) == (Fact("sex", "Sex", "Male", "supposed from the name"),)


@pytest.mark.parametrize(("today", "age"), [(date(2026, 2, 28), "25 years"), (date(2026, 3, 1), "26 years")])
def test_age_of_who_was_born_on_a_leap_day(in_acme: Tenant, today: date, age: str) -> None:
    assert facts(make_customer(birthday=date(2000, 2, 29)), today)[0].hint == age


def test_custom_fields_are_written_for_people(in_acme: Tenant, ada: Membership) -> None:
    customer = make_customer()
    for kind in (FieldKind.MOMENT, FieldKind.DATE, FieldKind.FLAG, FieldKind.CHOICES):
        options = [defining.OptionDraft("Oak"), defining.OptionDraft("Elm")] if kind.has_options else []
        field = defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=kind,
            draft=defining.FieldDraft(str(kind.label), code=str(kind)),
            options=options,
            actor=ada.as_actor(),
        )
    typed = {"moment": "2026-07-01 12:00", "date": "2020-02-29", "flag": "yes", "choices": "elm;oak"}
    setting_fields.set_fields(customer=customer, typed=typed, zone=LISBON, actor=ada.as_actor())
    defining.set_options(field=field, options=[defining.OptionDraft("Oak")])

    assert facts(customer) == (
        Fact("custom_moment", "Date and time", "Jul 1, 2026, 12:00"),
        Fact("custom_date", "Date", "Feb 29, 2020"),
        Fact("custom_flag", "Yes or no", "Yes"),
        Fact("custom_choices", "Several of a list", "Oak, Elm", "Not active"),
    )
