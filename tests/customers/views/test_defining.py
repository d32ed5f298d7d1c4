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


def change(client: Client, do: str, *labels: str, added: str = "") -> int:
    codes = list(FieldOption.objects.order_by("position").values_list("code", flat=True))
    sent = {"do": do, "code": codes, "label": list(labels), "added": added}
    return int(client.post(f"{URL}1/options/", sent).status_code)


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

    client.post(f"{URL}1/", {"name": "Shoes", "in_list": "on"})
    change(client, "off:forty", "Forty", "Forty-one", added="Forty two")
    change(client, "up:forty_two", "Forty", "Forty-one", "Forty two")

    rows = FieldOption.objects.order_by("position").values_list("code", "label", "is_active")
    assert list(rows) == [
        ("forty", "Forty", False),
        ("forty_two", "Forty two", True),
        ("forty_one", "Forty-one", True),
    ]
    field = CustomField.objects.get()
    assert (field.name, field.in_list, field.in_filter) == ("Shoes", True, False)


def test_choice_that_a_colleague_added_meanwhile_stays(ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    make(client)
    change(client, "save", "Forty", "Forty one", added="Forty two")

    change(client, "save", "Forty", "Forty-one")

    assert list(FieldOption.objects.order_by("position").values_list("label", "is_active")) == [
        ("Forty", True),
        ("Forty-one", True),
        ("Forty two", True),
    ]


@pytest.mark.parametrize(("labels", "added"), [(("", "Forty one"), ""), (("Forty", "forty"), ""), (("A", "B"), "b")])
def test_choices_that_make_no_sense_are_refused(
    ada: Membership, sign_in: SignIn, labels: tuple[str, str], added: str
) -> None:
    client = sign_in(ada)
    make(client)

    assert change(client, "save", *labels, added=added) == 422
    assert set(FieldOption.objects.values_list("label", flat=True)) == {"Forty", "Forty one"}


@pytest.mark.parametrize("target", ["customer", "order", "ticket"])
def test_each_kind_of_thing_has_fields_of_its_own(ada: Membership, sign_in: SignIn, target: str) -> None:
    client = sign_in(ada)
    make(client)

    client.post(f"{URL}new/?of={target}", {"name": "Fabric", "kind": "string", "in_bulk": "on"})

    field = CustomField.objects.get(name="Fabric")
    assert (field.target, field.in_bulk) == (target, True)
    shown = {one: "Fabric" in client.get(f"{URL}?of={one}").content.decode() for one in ("customer", "order", "ticket")}
    assert [one for one, is_shown in shown.items() if is_shown] == [target]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("choices", "forty one; Forty", "forty;forty_one"),
        ("integer", "12", "12"),
        ("moment", "2026-07-01 12:00", "2026-07-01T10:00:00+00:00"),
        ("string", " deep red ", "deep red"),
    ],
)
def test_default_is_kept_as_programs_read_it_and_shown_as_it_was_typed(
    ada: Membership, sign_in: SignIn, kind: str, typed: str, kept: str
) -> None:
    ada.mark_time_zone(time_zone="Europe/Berlin")
    client = sign_in(ada)

    assert make(client, kind=kind, default=typed) == 302

    assert CustomField.objects.get().default == kept
    shown = client.get(f"{URL}1/").context["form"].initial["default"]
    assert client.post(f"{URL}1/", {"name": "Same", "default": shown}).status_code == 302
    assert CustomField.objects.get().default == kept


def test_fields_move(ada: Membership, sign_in: SignIn) -> None:
    client = sign_in(ada)
    for name in ("One", "Two"):
        make(client, name=name)

    client.post(f"{URL}1/move/", {"to": "down"})

    assert list(CustomField.objects.order_by("position").values_list("name", flat=True)) == ["Two", "One"]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"kind": "picture"},
        {"code": "Shoe Size"},
        {"options": " \n "},
        {"options": "x" * 101},
        {"default": "Fifty"},
        {"kind": "integer", "default": "many"},
    ],
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
    assert sign_in(cleo).post(f"{URL}1/options/", {"do": "save"}).status_code == 404
