"""Edit mode saves all of it or nothing, and tells all that stands against it at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.kinds import Actor
from accounts.models import Tenant
from customers.field_values import Value
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerContact
from customers.services import contacting, defining, deleting, tagging_customer
from customers.services.describing import Contested, describe_customer, read_details
from customers.services.portraying import PhotoContested, judge_photo, set_photo
from customers.services.profiling import Edited, NotSaved, PhotoEdit, WasDeleted, save_profile
from customers.services.saving_contacts import ContactEdit, ContactEdits, ContactsContested, Said
from customers.services.setting_fields import FieldsContested, NotFitting, set_fields
from events.models import Event
from files.models import StoredFile
from tests.core.test_pictures import png
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_customer

UTC = ZoneInfo("UTC")
Save = Callable[..., frozenset[str]]


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    for kind in (FieldKind.STRING, FieldKind.INTEGER):
        draft = defining.FieldDraft(str(kind))
        defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, actor=ADA)
    return make_customer()


@pytest.fixture
def save(customer: Customer) -> Save:
    """Saves what somebody typed who opened the page when it said what it says now."""
    before = read_details(customer)
    nothing = Edited(before, before, {}, {})

    def call(actor: Actor = BELA, *, said: dict[str, Any] | None = None, **parts: Any) -> frozenset[str]:
        edited = replace(nothing, details=replace(before, **(said or {})), **parts)
        return save_profile(customer=customer, edited=edited, zone=UTC, actor=actor, at=NOON)

    return call


def picture() -> PhotoEdit:
    return PhotoEdit(judge_photo(name="ana.png", content=png(4, 3)), based_on="")


def new_mail(typed: str) -> ContactEdits:
    return ContactEdits((ContactEdit("email-new0", ContactKind.EMAIL, None, None, Said(typed)),))


def test_every_part_is_saved_and_named(customer: Customer, save: Save) -> None:
    changed = save(
        said={"location": "Porto"},
        typed={"string": "oak"},
        added_tags=["tea"],
        photo=picture(),
        contacts=new_mail("ana@post.example"),
    )

    assert changed == {"location", "string", "tags", "photo", "email"}
    customer.refresh_from_db()
    assert customer.location == "Porto"
    assert customer.photo == StoredFile.objects.get()
    assert customer.tags.get().name == "tea"
    assert CustomerContact.objects.get().contact.value == "ana@post.example"


def test_nothing_typed_changes_nothing(customer: Customer, save: Save) -> None:
    assert save() == frozenset()
    assert not Event.objects.filter(customer_id=customer.pk).exists()


def test_two_who_edit_different_parts_both_win(customer: Customer, save: Save) -> None:
    save(ADA, said={"location": "Porto"}, typed={"string": "oak"}, added_tags=["tea"])
    save(BELA, said={"language": "pt"}, typed={"integer": "7"}, added_tags=["coffee"], photo=picture())

    customer.refresh_from_db()
    assert (customer.location, customer.language) == ("Porto", "pt")
    assert set(customer.tags.values_list("name", flat=True)) == {"tea", "coffee"}


def test_what_stands_against_it_is_told_at_once_and_nothing_is_saved(customer: Customer, save: Save) -> None:
    line = contacting.add_contact(customer=customer, kind=ContactKind.EMAIL, typed="ana@post.example", actor=ADA)
    described = replace(read_details(customer), location="Porto")
    describe_customer(customer=customer, details=described, actor=ADA)
    set_photo(customer=customer, photo=judge_photo(name="a.png", content=png(5, 5)), actor=ADA)
    set_fields(customer=customer, typed={"string": "oak"}, zone=UTC, actor=ADA)
    was = Said("ana@old.example")
    mine = ContactEdit(f"email-{line.pk}", ContactKind.EMAIL, line.pk, was, Said("ana@mine.example"))

    with pytest.raises(NotSaved) as refused:
        save(
            said={"location": "Lisbon", "language": "pt"},
            typed={"string": "elm"},
            was={"string": Value()},
            photo=picture(),
            contacts=ContactEdits((mine,)),
            added_tags=["tea"],
        )

    kinds = {type(one) for one in refused.value.problems}
    assert kinds == {Contested, FieldsContested, PhotoContested, ContactsContested}
    customer.refresh_from_db()
    assert (customer.location, customer.language) == ("Porto", "")
    assert not customer.tags.exists()
    assert StoredFile.objects.count() == 1


def test_value_that_does_not_fit_keeps_all_else_from_being_saved(customer: Customer, save: Save) -> None:
    many = [f"tag {number}" for number in range(tagging_customer.MOST + 1)]

    with pytest.raises(NotSaved) as refused:
        save(said={"location": "Porto"}, typed={"integer": "many"}, added_tags=many)

    assert {type(one) for one in refused.value.problems} == {NotFitting, tagging_customer.TooManyTags}
    customer.refresh_from_db()
    assert customer.location == ""


def test_customer_deleted_meanwhile_is_not_changed(customer: Customer, save: Save) -> None:
    deleting.delete_customer(customer=customer, actor=ADA, at=NOON)

    with pytest.raises(WasDeleted):
        save(said={"location": "Porto"})

    customer.refresh_from_db()
    assert customer.location == ""
