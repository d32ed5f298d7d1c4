"""Edit mode: the page as fields, two people at once, custom fields beside the others (F7, F8, F14)."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.field_values import Value
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer
from customers.services import defining, setting_fields
from tests.customers.views.sending import read_form
from tests.factories.customers import make_customer

SignIn = Callable[[Membership], Client]
URL = "/acme/customers/1/edit/"


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    """The tests read what was saved; requests open a scope of their own."""
    with tenant_scope(acme):
        yield


@pytest.fixture
def customer(ada: Membership) -> Customer:
    options = [defining.OptionDraft("Small"), defining.OptionDraft("Large")]
    for kind in (FieldKind.STRING, FieldKind.CHOICES, FieldKind.FLAG):
        defining.define_field(
            target=FieldTarget.CUSTOMER,
            kind=kind,
            draft=defining.FieldDraft(str(kind)),
            options=options if kind.has_options else [],
            actor=ada.as_actor(),
        )
    return make_customer()


def opened(client: Client) -> dict[str, list[str]]:
    """What a browser would send back of the page as it is."""
    return read_form(client.get(URL).content.decode(), "editing")


def save(client: Client, sent: dict[str, list[str]], **typed: object) -> str:
    """What the page says when it was refused, "" when it was saved."""
    answer = client.post(URL, {**sent, **typed})
    assert answer.status_code in (302, 422)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_page_sent_back_as_it_is_changes_nothing(customer: Customer, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)
    before = Customer.history.count()

    assert save(client, opened(client)) == ""

    assert Customer.history.count() == before


def test_details_and_custom_fields_are_saved_as_one(
    customer: Customer, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(bela)

    refused = save(
        client,
        opened(client),
        sex="female",
        birthday="1990-02-01",
        manager=str(ada.number),
        personal_discount="7.5",
        custom_string="oak",
        custom_choices=["large", "small"],
        custom_flag="no",
    )

    assert refused == ""
    customer.refresh_from_db()
    assert (customer.sex, str(customer.birthday), customer.manager_id) == ("female", "1990-02-01", ada.pk)
    held = setting_fields.read_values(customer=customer)
    assert held == {
        "string": Value(text="oak"),
        "choices": Value(options=("small", "large")),
        "flag": Value(flag=False),
    }


def test_two_people_edit_different_fields_and_both_win(
    customer: Customer, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    one, other = sign_in(ada), sign_in(bela)
    first, second = opened(one), opened(other)

    assert save(one, first, location="Porto", custom_string="oak") == ""
    assert save(other, second, language="pt", custom_flag="yes") == ""

    customer.refresh_from_db()
    assert (customer.location, customer.language) == ("Porto", "pt")


def test_two_people_edit_one_field_and_are_told(
    customer: Customer, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    one, other = sign_in(ada), sign_in(bela)
    first, second = opened(one), opened(other)
    save(one, first, location="Porto", custom_string="oak")

    refused = save(other, second, location="Lisbon", custom_string="elm", is_vip="on")

    assert "Ada wrote “Porto” here meanwhile" in refused
    assert "A colleague wrote “oak” here meanwhile" in refused
    assert 'value="Lisbon"' in refused
    customer.refresh_from_db()
    assert (customer.location, customer.is_vip) == ("Porto", False)
    assert save(other, read_form(refused, "editing")) == ""
    customer.refresh_from_db()
    assert (customer.location, customer.is_vip) == ("Lisbon", True)
    assert setting_fields.read_values(customer=customer)["string"] == Value(text="elm")


def test_manager_who_left_stays_and_says_so(
    customer: Customer, ada: Membership, bela: Membership, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    save(client, opened(client), manager=str(bela.number))
    bela.mark_inactive()

    assert f"{bela.name} (Not active)" in client.get(URL).content.decode()
    assert save(client, opened(client), language="pt") == ""

    customer.refresh_from_db()
    assert customer.manager_id == bela.pk


def test_what_does_not_fit_is_said_beside_its_field(customer: Customer, bela: Membership, sign_in: SignIn) -> None:
    client = sign_in(bela)

    refused = save(client, opened(client), custom_string="x" * 300, birthday="yesterday")

    assert "Enter a valid date" in refused
    assert Customer.history.filter(id=customer.pk).count() == 1


def test_edit_mode_is_nothing_to_cleo(customer: Customer, cleo: Membership, sign_in: SignIn) -> None:
    assert sign_in(cleo).get(URL).status_code == 404
