"""Values come back from the history, unless somebody changed them meanwhile (F81)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from customers.changes import Change, Narrowing
from customers.field_values import write_value
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerContact, CustomerTag, FieldOption, TimelineNote
from customers.services import (
    contacting,
    defining,
    deleting,
    describing,
    noting,
    portraying,
    reverting,
    setting_fields,
    timeline_noting,
)
from customers.services.creating import create_customer
from customers.services.recalling import read_history
from customers.services.tagging_customer import tag_customer
from files.models import StoredFile
from files.services import storing
from tests.core.test_pictures import png

UTC = ZoneInfo("UTC")
Restore = Callable[[Change], str]


@pytest.fixture
def customer(in_acme: Tenant, ada: Membership) -> Customer:
    return create_customer(actor=ada.as_actor(), at=timezone.now(), first_name="Ana")


@pytest.fixture
def restore(customer: Customer, bela: Membership) -> Restore:
    def call(change: Change) -> str:
        return reverting.restore_value(
            customer=customer, place=change.place, seen=change.seen, actor=bela.as_actor(), at=timezone.now()
        )

    return call


def told(customer: Customer, field: str) -> list[Change]:
    customer.refresh_from_db()
    return read_history(customer=customer, narrowing=Narrowing(field=field)).changes


def newest(customer: Customer, field: str) -> Change:
    return told(customer, field)[0]


def describe(customer: Customer, by: Membership, **said: Any) -> None:
    now = describing.read_details(Customer.objects.get(pk=customer.pk))
    describing.describe_customer(customer=customer, details=replace(now, **said), actor=by.as_actor())


def write_field(customer: Customer, by: Membership, typed: str) -> None:
    setting_fields.set_fields(customer=customer, typed={"extra": typed}, zone=UTC, actor=by.as_actor())


def define(ada: Membership, kind: FieldKind, *options: str) -> None:
    defining.define_field(
        target=FieldTarget.CUSTOMER,
        kind=kind,
        draft=defining.FieldDraft("Extra"),
        options=[defining.OptionDraft(label) for label in options],
        actor=ada.as_actor(),
    )


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("location", "Porto", "Lisbon"),
        ("birthday", date(1990, 2, 1), date(1991, 2, 1)),
        ("is_vip", True, False),
        ("preferred_channel", "phone", ""),
    ],
)
def test_detail_comes_back_as_a_change_of_its_own(
    customer: Customer, ada: Membership, bela: Membership, restore: Restore, field: str, first: Any, second: Any
) -> None:
    describe(customer, ada, **{field: first})
    describe(customer, ada, **{field: second}, language="pt")

    restore(newest(customer, field))

    customer.refresh_from_db()
    assert (getattr(customer, field), customer.language) == (first, "pt")
    assert newest(customer, field).who == bela.name
    assert len(told(customer, field)) == 3


def test_detail_that_somebody_changed_meanwhile_is_left_alone(
    customer: Customer, ada: Membership, restore: Restore
) -> None:
    describe(customer, ada, location="Porto")
    describe(customer, ada, location="Lisbon")
    shown = newest(customer, "location")
    describe(customer, ada, location="Faro")

    with pytest.raises(reverting.ChangedSince):
        restore(shown)
    customer.refresh_from_db()
    assert customer.location == "Faro"
    # Who looks again may restore any value there was.
    restore(next(one for one in told(customer, "location") if one.before == "Porto"))
    customer.refresh_from_db()
    assert customer.location == "Porto"


def test_nothing_to_restore_where_nothing_was_or_it_holds(customer: Customer, ada: Membership) -> None:
    describe(customer, ada, location="Porto")
    describe(customer, ada, location="Lisbon")
    describe(customer, ada, location="Porto")

    changes = told(customer, "location")

    assert [(one.before, bool(one.seen)) for one in changes] == [("Lisbon", True), ("Porto", False), ("", False)]
    assert newest(customer, "first_name").seen == ""


def test_manager_who_left_is_not_offered(
    customer: Customer, ada: Membership, bela: Membership, restore: Restore
) -> None:
    describe(customer, ada, manager_id=bela.pk)
    describe(customer, ada, manager_id=ada.pk)
    shown = newest(customer, "manager_id")
    assert shown.seen
    Customer.history.filter(manager_id=bela.pk).update(manager_id=10**9)

    assert (newest(customer, "manager_id").before, newest(customer, "manager_id").seen) == ("Somebody who left", "")
    with pytest.raises(reverting.NotRestorable):
        restore(shown)


def test_photo_comes_back(customer: Customer, ada: Membership, restore: Restore) -> None:
    for width in (4, 5):
        judged = portraying.judge_photo(name=f"Ana {width}.png", content=png(width, 3))
        portraying.set_photo(customer=customer, photo=judged, actor=ada.as_actor())
    shown = newest(customer, "photo_id")
    assert (shown.before, shown.after) == ("Ana 4.png", "Ana 5.png")

    restore(shown)

    customer.refresh_from_db()
    assert customer.photo
    assert storing.read(customer.photo) == png(4, 3)
    assert newest(customer, "photo_id").after == "Ana 4.png"


def test_photo_that_is_gone_is_not_offered(customer: Customer, ada: Membership, restore: Restore) -> None:
    judged = portraying.judge_photo(name="Ana.png", content=png(4, 3))
    portraying.set_photo(customer=customer, photo=judged, actor=ada.as_actor())
    portraying.set_photo(customer=customer, photo=None, actor=ada.as_actor())
    shown = newest(customer, "photo_id")
    assert shown.seen
    StoredFile.objects.all().delete()

    assert (newest(customer, "photo_id").before, newest(customer, "photo_id").seen) == ("A picture that is gone", "")
    with pytest.raises(reverting.NotRestorable):
        restore(shown)


def test_removed_contact_comes_back_whole(customer: Customer, ada: Membership, restore: Restore) -> None:
    add: dict[str, Any] = {"customer": customer, "kind": ContactKind.PHONE, "actor": ada.as_actor()}
    main = contacting.add_contact(typed="+351 912 345 678", tag="work", **add)
    contacting.add_contact(typed="+351 912 345 679", **add)
    contacting.remove_contact(line=main, actor=ada.as_actor())

    restore(next(one for one in told(customer, "phone") if one.before.startswith("+351 912 345 678")))

    back = CustomerContact.objects.get(customer=customer, typed="+351 912 345 678")
    assert (back.tag, back.is_primary) == ("work", True)
    assert CustomerContact.objects.filter(customer=customer, is_primary=True).count() == 1


def test_contact_that_is_there_again_is_not_doubled(customer: Customer, ada: Membership, restore: Restore) -> None:
    add: dict[str, Any] = {"customer": customer, "kind": ContactKind.EMAIL, "actor": ada.as_actor()}
    add["typed"] = "ana@shopper.example"
    contacting.remove_contact(line=contacting.add_contact(**add), actor=ada.as_actor())
    shown = newest(customer, "email")
    contacting.add_contact(**add)

    with pytest.raises(reverting.ChangedSince):
        restore(shown)
    assert [one.seen for one in told(customer, "email")] == ["", "", ""]


def test_only_what_a_row_changed_of_a_contact_comes_back(customer: Customer, ada: Membership, restore: Restore) -> None:
    actor = ada.as_actor()
    line = contacting.add_contact(
        customer=customer, kind=ContactKind.PHONE, typed="+351 912 345 678", tag="work", actor=actor
    )
    contacting.describe_contact(line=line, typed=line.typed, tag="home", extension="", actor=actor)
    contacting.describe_contact(line=line, typed=line.typed, tag="home", extension="5", actor=actor)

    restore(next(one for one in told(customer, "phone") if "tag: work" in one.before))

    line.refresh_from_db()
    assert (line.tag, line.extension) == ("work", "5")


@pytest.mark.parametrize(
    ("kind", "options", "first", "second", "expected"),
    [
        (FieldKind.STRING, (), "one", "two", "one"),
        (FieldKind.NUMBER, (), "1.50", "2", "1.5"),
        (FieldKind.FLAG, (), "no", "yes", "no"),
        (FieldKind.MOMENT, (), "2026-11-23T09:30", "2026-11-24T09:30", "2026-11-23T09:30"),
        (FieldKind.STRING, (), "one", "", "one"),
        (FieldKind.CHOICE, ("Red", "Blue"), "red", "blue", "red"),
        (FieldKind.CHOICES, ("Red", "Blue"), "red", "blue", "red;blue"),
    ],
)
def test_custom_field_comes_back(
    customer: Customer,
    ada: Membership,
    restore: Restore,
    kind: FieldKind,
    options: tuple[str, ...],
    first: str,
    second: str,
    expected: str,
) -> None:
    define(ada, kind, *options)
    write_field(customer, ada, first)
    write_field(customer, ada, second)

    restore(next(one for one in told(customer, "custom_extra") if one.seen))

    held = setting_fields.read_values(customer=customer)["extra"]
    assert write_value(held, zone=UTC) == expected


def test_custom_field_goes_back_one_step_not_to_its_beginning(
    customer: Customer, ada: Membership, restore: Restore
) -> None:
    define(ada, FieldKind.STRING)
    for typed in ("one", "two", "three"):
        write_field(customer, ada, typed)

    restore(newest(customer, "custom_extra"))

    assert setting_fields.read_values(customer=customer)["extra"].text == "two"


def test_nothing_comes_back_to_a_deleted_customer(customer: Customer, ada: Membership, restore: Restore) -> None:
    """Their addresses would be found by whoever writes from them."""
    contacting.add_contact(customer=customer, kind=ContactKind.EMAIL, typed="ana@shopper.example", actor=ada.as_actor())
    describe(customer, ada, location="Porto")
    describe(customer, ada, location="Lisbon")
    deleting.delete_customer(customer=customer, actor=ada.as_actor(), at=timezone.now())

    for field in ("email", "location"):
        with pytest.raises(reverting.NotRestorable):
            restore(newest(customer, field))

    assert not CustomerContact.objects.filter(customer=customer).exists()


def test_choice_that_was_switched_off_says_why_not(customer: Customer, ada: Membership, restore: Restore) -> None:
    define(ada, FieldKind.CHOICE, "Red", "Blue")
    write_field(customer, ada, "red")
    write_field(customer, ada, "blue")
    shown = next(one for one in told(customer, "custom_extra") if one.seen)
    FieldOption.objects.filter(code="red").update(is_active=False)

    with pytest.raises(reverting.NotRestorable, match="red"):
        restore(shown)


def test_tag_comes_back(customer: Customer, ada: Membership, restore: Restore) -> None:
    tag_customer(customer=customer, add=["Wholesale"], actor=ada.as_actor())
    tag_customer(customer=customer, add=[], remove=["wholesale"], actor=ada.as_actor())
    shown = newest(customer, "tags")

    restore(shown)

    assert [tag.name for tag in CustomerTag.objects.filter(customer=customer)] == ["Wholesale"]
    with pytest.raises(reverting.ChangedSince):
        restore(shown)


def test_note_comes_back_as_a_version(customer: Customer, ada: Membership, bela: Membership, restore: Restore) -> None:
    for version, text in enumerate(("One", "Two", "Three")):
        noting.save_note(customer=customer, text=text, based_on=version, actor=ada.as_actor(), at=timezone.now())
    shown = next(one for one in told(customer, "note") if one.before == "One")

    restore(shown)

    note = noting.read_note(customer=customer)
    assert (note.text, note.version) == ("One", 4)
    with pytest.raises(reverting.ChangedSince):
        restore(shown)


def test_text_that_the_note_has_is_not_offered(customer: Customer, ada: Membership) -> None:
    for version, text in enumerate(("One", "Two", "One")):
        noting.save_note(customer=customer, text=text, based_on=version, actor=ada.as_actor(), at=timezone.now())

    changes = told(customer, "note")

    assert [(one.before, bool(one.seen)) for one in changes] == [("Two", True), ("One", False), ("", False)]


def test_note_on_the_timeline_comes_back(customer: Customer, ada: Membership, restore: Restore) -> None:
    note = timeline_noting.add_timeline_note(
        customer=customer, html="Likes oak", actor=ada.as_actor(), at=timezone.now()
    )
    timeline_noting.delete_timeline_note(note=note, actor=ada.as_actor(), at=timezone.now())
    shown = newest(customer, "timeline_note")

    restore(shown)

    assert TimelineNote.objects.kept().get() == note
    assert [(one.before, one.after) for one in told(customer, "timeline_note")] == [
        ("", "Likes oak"),
        ("Likes oak", ""),
        ("", "Likes oak"),
    ]
    with pytest.raises(reverting.ChangedSince):
        restore(shown)


@pytest.mark.parametrize(
    "place", ["", "a1", "z" + "0" * 20, "a" + "9" * 20 + ".99location", "b" + "0" * 20, "g" + "9" * 20]
)
def test_change_that_never_was_is_missing(customer: Customer, bela: Membership, place: str) -> None:
    with pytest.raises(reverting.ChangeMissing):
        reverting.restore_value(customer=customer, place=place, seen="x", actor=bela.as_actor(), at=timezone.now())


def test_change_of_somebody_else_is_missing(customer: Customer, ada: Membership, restore: Restore) -> None:
    other = create_customer(actor=ada.as_actor(), at=timezone.now(), first_name="Rui")
    describe(other, ada, location="Porto")
    describe(other, ada, location="Lisbon")

    with pytest.raises(reverting.ChangeMissing):
        restore(newest(other, "location"))
