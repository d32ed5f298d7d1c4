"""The gear of the customer's page."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import FieldKind, FieldTarget
from customers.models import Customer
from customers.services import defining, setting_fields

PAGE = "/acme/customers/1/"
CHOOSE = "/acme/customers/1/fields/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def fields(ana: Customer, acme: Tenant, ada: Membership) -> list[str]:
    names = ["Shoe size", "Favorite color"]
    with tenant_scope(acme):
        for name in names:
            field = defining.define_field(
                target=FieldTarget.CUSTOMER,
                kind=FieldKind.STRING,
                draft=defining.FieldDraft(name),
                actor=ada.as_actor(),
            )
            typed = {field.code: f"{name} said"}
            setting_fields.set_fields(customer=ana, typed=typed, zone=ZoneInfo("UTC"), actor=ada.as_actor())
    return names


def test_chosen_fields_show_and_others_are_put_away(as_ada: Client, as_bela: Client, fields: list[str]) -> None:
    assert as_ada.post(CHOOSE, {"shown": "custom_shoe_size"})["Location"] == PAGE

    page = as_ada.get(PAGE).content.decode()
    assert "Shoe size said" in page
    assert "Favorite color said" not in page
    assert "Favorite color said" in as_bela.get(PAGE).content.decode()
    assert 'value="custom_shoe_size" checked' in page
    assert 'value="custom_favorite_color">' in page


def test_htmx_gets_the_block_anew(as_ada: Client, fields: list[str]) -> None:
    answer = as_ada.post(CHOOSE, {"shown": ["custom_favorite_color"]}, headers=HTMX).content.decode()

    assert 'hx-swap-oob="morph"' in answer
    assert "Favorite color said" in answer
    assert "Shoe size said" not in answer


def test_new_field_shows_by_itself(as_ada: Client, ana: Customer, fields: list[str], acme: Tenant) -> None:
    as_ada.post(CHOOSE, {"shown": []})
    with tenant_scope(acme):
        field = defining.define_field(
            target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=defining.FieldDraft("Pet"), actor=SYSTEM
        )
        setting_fields.set_fields(customer=ana, typed={field.code: "A cat"}, zone=ZoneInfo("UTC"), actor=SYSTEM)

    page = as_ada.get(PAGE).content.decode()

    assert "A cat" in page
    assert "Shoe size said" not in page


def test_field_that_was_switched_off_meanwhile_is_passed_over(as_ada: Client, fields: list[str]) -> None:
    answer = as_ada.post(CHOOSE, {"shown": ["custom_gone", "custom_shoe_size"]}, headers=HTMX)

    assert answer.status_code == 200
    assert "Shoe size said" in answer.content.decode()


def test_without_custom_fields_there_is_no_gear(as_ada: Client, ana: Customer) -> None:
    assert "Choose custom fields" not in as_ada.get(PAGE).content.decode()


def test_choice_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], fields: list[str]) -> None:
    cleo_finds_nothing("/customers/1/fields/", "post", shown="custom_shoe_size")
