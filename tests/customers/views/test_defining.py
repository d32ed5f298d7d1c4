"""Admins define custom fields, and members fill them (F8)."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import CustomField, FieldOption
from tests.factories.customers import make_customer

SignIn = Callable[[Membership], Client]
URL = "/acme/settings/fields/"


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    with tenant_scope(acme):
        yield


def make(client: Client, **typed: str) -> int:
    return int(
        client.post(
            f"{URL}new/", {"name": "Shoe size", "kind": "choice", "options": "Forty\nForty one", **typed}
        ).status_code
    )


def test_field_is_made_and_stands_in_edit_mode(ada: Membership, bela: Membership, sign_in: SignIn) -> None:
    make_customer()

    assert make(sign_in(ada)) == 302

    assert CustomField.objects.get().code == "shoe_size"
    page = sign_in(bela).get("/acme/customers/1/edit/").content.decode()
    assert "Shoe size" in page
    assert "Forty one" in page


def test_field_that_is_switched_off_is_gone_until_it_is_switched_on(ada: Membership, sign_in: SignIn) -> None:
    make_customer()
    client = sign_in(ada)
    make(client)

    shown = []
    for _ in range(2):
        client.post(f"{URL}1/switch/")
        shown.append("Shoe size" in client.get("/acme/customers/1/edit/").content.decode())

    assert shown == [False, True]


def test_choices_are_changed_and_keep_their_codes(ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    make(client)

    client.post(f"{URL}1/", {"name": "Shoes", "options": "Forty one\nForty two"})

    rows = FieldOption.objects.order_by("position", "code").values_list("code", "is_active")
    assert set(rows) == {("forty", False), ("forty_one", True), ("forty_two", True)}
    assert CustomField.objects.get().name == "Shoes"


def test_fields_move(ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    for name in ("One", "Two"):
        make(client, name=name)

    client.post(f"{URL}1/move/", {"to": "down"})

    assert list(CustomField.objects.order_by("position").values_list("name", flat=True)) == ["Two", "One"]


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"kind": "picture"}, {"code": "Shoe Size"}, {"options": " \n "}, {"options": "x" * 101}]
)
def test_what_makes_no_field_is_refused(ada: Membership, sign_in: SignIn, typed: dict[str, str]) -> None:
    assert make(sign_in(ada), **typed) == 422
    assert not CustomField.objects.exists()


def test_taken_code_is_refused(ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    make(client, code="size")

    assert make(client, code="size") == 422


def test_fields_are_for_admins(bela: Membership, sign_in: SignIn) -> None:
    assert sign_in(bela).get(URL).status_code == 404


def test_fields_are_nothing_to_cleo(ada: Membership, cleo: Membership, sign_in: SignIn) -> None:
    make(sign_in(ada))

    assert sign_in(cleo).get(f"{URL}1/").status_code == 404
