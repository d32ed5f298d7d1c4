"""All that changed on a profile, in one list (F81)."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership, Tenant
from customers.changes import Change, Narrowing
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer
from customers.services import contacting, defining, describing, noting, setting_fields, timeline_noting
from customers.services.creating import create_customer
from customers.services.recalling import read_history

STORE = Actor(ActorKind.STORE, 1, "Acme Home")


@pytest.fixture
def customer(in_acme: Tenant, ada: Membership) -> Customer:
    return create_customer(actor=ada.as_actor(), at=timezone.now(), first_name="Ana")


def changes(customer: Customer, **narrowed: str) -> list[Change]:
    return read_history(customer=customer, narrowing=Narrowing(**narrowed)).changes


def described(customer: Customer, by: Actor, **said: Any) -> None:
    now = describing.read_details(Customer.objects.get(pk=customer.pk))
    describing.describe_customer(customer=customer, details=replace(now, **said), actor=by)


def test_every_change_stands_in_one_list_newest_first(customer: Customer, ada: Membership, bela: Membership) -> None:
    at = timezone.now()
    described(customer, bela.as_actor(), last_name="Lopes", birthday=date(1990, 2, 1), manager_id=ada.pk)
    line = contacting.add_contact(
        customer=customer, kind=ContactKind.PHONE, typed="+351 912 345 678", tag="", actor=STORE
    )
    contacting.tag_contact(line=line, tag="work", actor=bela.as_actor())
    contacting.remove_contact(line=line, actor=bela.as_actor())
    noting.save_note(customer=customer, text="Call after six", based_on=0, actor=bela.as_actor(), at=timezone.now())
    note = timeline_noting.add_timeline_note(
        customer=customer, html="Likes <b>oak</b>", actor=ada.as_actor(), at=timezone.now()
    )
    timeline_noting.delete_timeline_note(note=note, actor=bela.as_actor(), at=timezone.now())

    told = [(one.label, one.before, one.after, one.who) for one in changes(customer)]

    assert told == [
        ("Note on the timeline", "Likes oak", "", bela.name),
        ("Note on the timeline", "", "Likes oak", ada.name),
        ("Note", "", "Call after six", bela.name),
        ("Phone", "+351 912 345 678 work", "", bela.name),
        ("Phone", "+351 912 345 678 (tag: no)", "+351 912 345 678 (tag: work)", bela.name),
        ("Phone", "", "+351 912 345 678", STORE.name),
        ("Birthday", "", "1990-02-01", bela.name),
        ("Last name", "", "Lopes", bela.name),
        ("Manager", "", ada.name, bela.name),
        ("First name", "", "Ana", ada.name),
    ]
    assert all(one.at >= at for one in changes(customer)[:-1])


def test_custom_fields_are_told_by_their_names(customer: Customer, ada: Membership) -> None:
    defining.define_field(
        target=FieldTarget.CUSTOMER,
        kind=FieldKind.CHOICE,
        draft=defining.FieldDraft("Shoe size"),
        options=[defining.OptionDraft("Forty"), defining.OptionDraft("Forty one")],
        actor=ada.as_actor(),
    )
    for typed in ("forty", "forty_one"):
        setting_fields.set_fields(
            customer=customer, typed={"shoe_size": typed}, zone=ZoneInfo("UTC"), actor=ada.as_actor()
        )

    told = [(one.label, one.before, one.after) for one in changes(customer, field="shoe_size")]

    assert told == [("Shoe size", "", "Forty one"), ("Shoe size", "Forty", ""), ("Shoe size", "", "Forty")]


def test_list_is_narrowed_by_field_and_author(customer: Customer, ada: Membership, bela: Membership) -> None:
    described(customer, bela.as_actor(), language="pt")
    described(customer, STORE, language="en", location="Porto")

    assert {one.who for one in changes(customer, field="language")} == {bela.name, STORE.name}
    assert [one.field for one in changes(customer, who=STORE.name)] == ["language", "location"]
    told = read_history(customer=customer, narrowing=Narrowing(field="language"))
    assert told.authors == sorted([ada.name, bela.name, STORE.name])
    assert {"language", "location"} <= set(told.fields)


def test_pages_follow_each_other_without_gap_or_double(customer: Customer, bela: Membership) -> None:
    for number in range(7):
        described(customer, bela.as_actor(), language=f"l{number}", location=f"Place {number}")
    everything = changes(customer)

    paged: list[Change] = []
    cursor = ""
    while True:
        page = read_history(customer=customer, narrowing=Narrowing(), before=cursor, size=4)
        paged, cursor = paged + page.changes, page.cursor
        if not cursor:
            break

    assert paged == everything
    assert len(everything) == 15


def test_cursor_that_is_none_begins_at_the_newest(customer: Customer) -> None:
    for cursor in ("nonsense", "2026-01-01|a", "2026-01-01T00:00:00+00:00|"):
        page = read_history(customer=customer, narrowing=Narrowing(), before=cursor)
        assert [one.field for one in page.changes] == ["first_name"]


def test_what_nobody_signed_is_the_helpdesks(customer: Customer) -> None:
    described(customer, SYSTEM, location="Porto")

    assert changes(customer)[0].who == "Helpdesk"
