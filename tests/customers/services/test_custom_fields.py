"""Custom fields: defined by admins, filled on profiles, kept when options go (F8, F14)."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.field_values import Value
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer, CustomerFieldValue, CustomField, FieldOption
from customers.services import defining
from customers.services.creating import create_customer
from customers.services.defining import FieldDraft, OptionDraft
from customers.services.setting_fields import FieldsContested, NotFitting, read_values, set_fields
from events.models import Event
from tests.factories.customers import make_customer

UTC = ZoneInfo("UTC")


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def define(ada: Membership, name: str, kind: FieldKind = FieldKind.STRING, **more: Any) -> CustomField:
    options = [OptionDraft("Small"), OptionDraft("Medium"), OptionDraft("Large")] if kind.has_options else []
    return defining.define_field(
        target=FieldTarget.CUSTOMER, kind=kind, draft=FieldDraft(name, **more), options=options, actor=ada.as_actor()
    )


def fill(customer: Customer, by: Membership, based_on: dict[str, Value] | None = None, **typed: Any) -> frozenset[str]:
    return set_fields(customer=customer, typed=typed, zone=UTC, actor=by.as_actor(), based_on=based_on)


def test_fields_of_each_kind_are_filled_and_read(customer: Customer, ada: Membership) -> None:
    for kind in FieldKind:
        define(ada, str(kind), kind)
    typed: dict[str, Any] = {
        "string": "a line",
        "text": "two\nlines",
        "integer": "3",
        "number": "1.5",
        "flag": "no",
        "choice": "medium",
        "choices": "large;small",
        "date": "2026-11-23",
        "moment": "2026-11-23 10:00",
        "email": "Ana@shopper.example",
    }

    changed = fill(customer, ada, **typed)

    assert changed == set(typed)
    held = read_values(customer=customer)
    assert held["choices"].options == ("small", "large")  # in the order of the admin
    assert held["flag"].flag is False
    assert fill(customer, ada, **typed) == frozenset()


def test_change_is_told_by_event_and_history(customer: Customer, ada: Membership, bela: Membership) -> None:
    define(ada, "Size", FieldKind.CHOICE)
    fill(customer, ada, size="small")

    fill(customer, bela, size="large")
    fill(customer, bela, size="")

    assert [one.data for one in Event.objects.filter(type="customer.edited")] == [{"fields": ["size"]}] * 3
    told = CustomerFieldValue.history.order_by("history_id").values_list("history_type", "option__code", "actor_name")
    assert list(told) == [
        ("+", "small", ada.name),
        ("-", "small", bela.name),
        ("+", "large", bela.name),
        ("-", "large", bela.name),
    ]


def test_values_that_do_not_fit_save_nothing(customer: Customer, ada: Membership) -> None:
    define(ada, "Age", FieldKind.INTEGER)
    define(ada, "Color")

    with pytest.raises(NotFitting) as refused:
        fill(customer, ada, age="young", color="red")

    assert refused.value.problems == {"age": "Write a whole number of at most twenty digits."}
    assert read_values(customer=customer) == {}


def test_required_field_is_not_emptied(customer: Customer, ada: Membership) -> None:
    define(ada, "Color", is_required=True)
    fill(customer, ada, color="red")

    with pytest.raises(NotFitting):
        fill(customer, ada, color="")


def test_required_field_that_was_never_filled_must_be_filled_now(customer: Customer, ada: Membership) -> None:
    define(ada, "Color", is_required=True)
    define(ada, "Shape")

    with pytest.raises(NotFitting) as refused:
        fill(customer, ada, color="", shape="round")
    fill(customer, ada, shape="round")

    assert refused.value.problems == {"color": "This must be filled in."}
    assert read_values(customer=customer) == {"shape": Value(text="round")}


def test_required_field_that_a_colleague_filled_meanwhile_is_filled(
    customer: Customer, ada: Membership, bela: Membership
) -> None:
    define(ada, "Color", is_required=True)
    define(ada, "Shape")
    before = read_values(customer=customer)
    fill(customer, ada, before, color="red")

    fill(customer, bela, before, color="", shape="round")

    assert read_values(customer=customer) == {"color": Value(text="red"), "shape": Value(text="round")}


def test_two_editors_of_different_fields_both_win(customer: Customer, ada: Membership, bela: Membership) -> None:
    define(ada, "Color")
    define(ada, "Shape")
    before = read_values(customer=customer)

    fill(customer, ada, before, color="red", shape="")
    fill(customer, bela, before, color="", shape="round")

    assert read_values(customer=customer) == {"color": Value(text="red"), "shape": Value(text="round")}


def test_two_editors_of_one_field_are_told(customer: Customer, ada: Membership, bela: Membership) -> None:
    define(ada, "Color")
    before = read_values(customer=customer)
    fill(customer, ada, before, color="red")

    with pytest.raises(FieldsContested) as contested:
        fill(customer, bela, before, color="blue")

    assert contested.value.theirs == {"color": Value(text="red")}
    assert read_values(customer=customer) == {"color": Value(text="red")}


def test_option_switched_off_stays_where_it_was_chosen(customer: Customer, ada: Membership) -> None:
    field = define(ada, "Size", FieldKind.CHOICE)
    fill(customer, ada, size="small")

    defining.set_options(field=field, options=[OptionDraft("Medium"), OptionDraft("Large")])

    assert read_values(customer=customer)["size"].options == ("small",)
    assert fill(customer, ada, size="small") == frozenset()
    other = make_customer()
    with pytest.raises(NotFitting):
        fill(other, ada, size="small")


def test_options_keep_their_codes_when_they_are_renamed_or_moved(in_acme: Tenant, ada: Membership) -> None:
    field = define(ada, "Size", FieldKind.CHOICE)

    defining.set_options(
        field=field, options=[OptionDraft("Large"), OptionDraft("Tiny", code="small"), OptionDraft("Small")]
    )

    rows = FieldOption.objects.filter(field=field).order_by("position").values_list("code", "label", "is_active")
    active = [(code, label) for code, label, is_active in rows if is_active]
    assert active == [("large", "Large"), ("small", "Tiny"), ("small_2", "Small")]


def test_field_that_is_switched_off_is_no_longer_filled(customer: Customer, ada: Membership) -> None:
    field = define(ada, "Color")
    fill(customer, ada, color="red")
    defining.switch_field(field=field, is_active=False, actor=ada.as_actor())

    assert fill(customer, ada, color="blue") == frozenset()
    assert read_values(customer=customer) == {"color": Value(text="red")}


def test_fields_move_among_their_own_target(in_acme: Tenant, ada: Membership) -> None:
    first, second, third = (define(ada, name) for name in ("One", "Two", "Three"))

    defining.move_field(field=third, by=-1)
    defining.move_field(field=first, by=-1)

    assert [one.pk for one in CustomField.objects.of(FieldTarget.CUSTOMER)] == [first.pk, third.pk, second.pk]


def test_taken_code_is_refused(in_acme: Tenant, ada: Membership) -> None:
    define(ada, "Color")

    with pytest.raises(defining.CodeTaken):
        defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=FieldKind.TEXT,
            draft=FieldDraft("Other", code="color"),
            actor=ada.as_actor(),
        )
    assert define(ada, "Color").code == "color_2"


def test_fields_of_another_workspace_are_not_filled(customer: Customer, ada: Membership, globex: Tenant) -> None:
    define(ada, "Color")

    with tenant_scope(globex):
        stranger = make_customer()
        assert fill(stranger, ada, color="red") == frozenset()


def test_new_customer_says_what_an_admin_wants_to_stand_there_at_first(in_acme: Tenant, ada: Membership) -> None:
    define(ada, "Size", FieldKind.CHOICES, default="Large;Small")
    define(ada, "Color")
    define(ada, "Shape", default="round")
    off = define(ada, "Smell", default="rose")
    defining.switch_field(field=off, is_active=False, actor=ada.as_actor())

    customer = create_customer(actor=ada.as_actor(), at=timezone.now(), first_name="Ana")

    assert read_values(customer=customer) == {
        "size": Value(options=("small", "large")),
        "shape": Value(text="round"),
    }
    assert CustomerFieldValue.history.filter(actor_name=ada.name).count() == 3
