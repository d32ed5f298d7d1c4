"""All that changed on a profile, in one list (F81)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership, Tenant
from core.database.rows import insert
from customers.changes import Change, Narrowing
from customers.kinds import ContactKind, FieldKind, FieldTarget, Subscription
from customers.models import Customer
from customers.services import (
    contacting,
    defining,
    deleting,
    describing,
    noting,
    setting_fields,
    subscribing,
    timeline_noting,
)
from customers.services.creating import create_customer
from customers.services.recalling import read_choices, read_history
from integrations.services import linking
from tests.factories.integrations import make_connection, make_link

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
    contacting.describe_contact(
        line=line, typed=line.typed, tag="work", extension=line.extension, actor=bela.as_actor()
    )
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
        ("Last name", "", "Lopes", bela.name),
        ("Birthday", "", "1990-02-01", bela.name),
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

    told = [(one.label, one.before, one.after) for one in changes(customer, field="custom_shoe_size")]

    assert told == [("Shoe size", "", "Forty one"), ("Shoe size", "Forty", ""), ("Shoe size", "", "Forty")]


def test_list_is_narrowed_by_field_and_author(customer: Customer, ada: Membership, bela: Membership) -> None:
    described(customer, bela.as_actor(), language="pt")
    described(customer, STORE, language="en", location="Porto")

    assert {one.who for one in changes(customer, field="language")} == {bela.name, STORE.name}
    assert [one.field for one in changes(customer, who=STORE.name)] == ["language", "location"]
    assert [one.before for one in changes(customer, field="language", who=STORE.name)] == ["Portuguese"]
    assert read_choices(customer=customer).authors == sorted([ada.name, bela.name, STORE.name])


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
    beginning = f"0001-01-01T00:00:00+23:59|e{0:020}"
    for cursor in ("nonsense", "2026-01-01|a", "2026-01-01T00:00:00+00:00|", beginning):
        page = read_history(customer=customer, narrowing=Narrowing(), before=cursor)
        assert [one.field for one in page.changes] == ["first_name"]


def test_what_nobody_signed_is_the_helpdesks(customer: Customer) -> None:
    described(customer, SYSTEM, location="Porto")

    assert changes(customer)[0].who == "Helpdesk"


def test_events_tell_what_no_table_of_history_holds(customer: Customer, ada: Membership, bela: Membership) -> None:
    line = contacting.add_contact(
        customer=customer, kind=ContactKind.EMAIL, typed="ana@shopper.example", actor=ada.as_actor()
    )
    contacting.mark_bounced(kind="email", value="ana@shopper.example", at=timezone.now())
    contacting.mark_deliverable(contact=line.contact, actor=bela.as_actor())
    contacting.mark_shared(contact=line.contact, actor=bela.as_actor())
    subscribing.set_subscription(contact=line.contact, state=Subscription.UNSUBSCRIBED, actor=STORE, at=timezone.now())

    told = [(one.label, one.after, one.who) for one in changes(customer, field="email")]

    assert told == [
        ("E-mail", "ana@shopper.example shared by several people", bela.name),
        ("E-mail", "ana@shopper.example delivers again", bela.name),
        ("E-mail", "ana@shopper.example bounced", "Helpdesk"),
        ("E-mail", "ana@shopper.example", ada.name),
    ]
    assert [(one.after, one.who) for one in changes(customer, field="subscription")] == [
        ("ana@shopper.example unsubscribed", STORE.name)
    ]


def test_links_to_stores_are_told_by_the_app_above(customer: Customer, acme: Tenant) -> None:
    link = make_link(make_connection(), customer)

    linking.unlink(link=link, actor=STORE)

    told = changes(customer, field="store_link")
    assert [(one.label, one.after, one.who) for one in told] == [
        ("Store link", f"{link.connection.name or link.connection.shop} unlinked", STORE.name)
    ]
    assert {"store_link": "Store link"} in read_choices(customer=customer).fields.values()


def test_deletion_and_return_are_told(customer: Customer, ada: Membership, bela: Membership) -> None:
    deleting.delete_customer(customer=customer, actor=bela.as_actor(), at=timezone.now())
    deleting.restore_customer(customer=customer, actor=ada.as_actor())

    told = [(one.before, one.after, one.who) for one in changes(customer, field="deleted_at")]

    assert told == [("Yes", "No", ada.name), ("No", "Yes", bela.name)]


def test_rows_that_changed_nothing_leave_no_gap(customer: Customer, bela: Membership) -> None:
    """A page is full also where rows of history hold no change that anybody sees."""
    for number in range(6):
        described(customer, bela.as_actor(), location=f"Place {number}")
        row = Customer.objects.get(pk=customer.pk)
        row.sign(bela.as_actor())
        row.save(update_fields=["origin"])

    page = read_history(customer=customer, narrowing=Narrowing(), size=4)
    rest = read_history(customer=customer, narrowing=Narrowing(), before=page.cursor)

    assert [one.after for one in page.changes] == ["Place 5", "Place 4", "Place 3", "Place 2"]
    assert [one.after for one in rest.changes] == ["Place 1", "Place 0", "Ana"]


def test_page_of_a_long_history_reads_a_page(
    customer: Customer, ada: Membership, django_assert_max_num_queries: Any
) -> None:
    """Neither queries nor rows grow with it; each change is of another line, so that what was before is far back."""
    first = Customer.history.get()
    row = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields}
    rows = [
        Customer.history.model(
            **row
            | {
                "history_id": None,
                "history_type": "~",
                "history_date": first.history_date + timedelta(seconds=number),
                "location": f"Place {number // 2}",
                "language": "pt" if number == 1500 else "",
            }
        )
        for number in range(1, 3001)
    ]
    insert(rows)

    with django_assert_max_num_queries(14) as queries:
        page = read_history(customer=customer, narrowing=Narrowing(), size=10)
    narrowed = changes(customer, field="language")

    assert [one.after for one in page.changes] == [f"Place {number}" for number in range(1500, 1490, -1)]
    assert len(queries) > 5
    assert [(one.before, one.after) for one in narrowed] == [("Portuguese", ""), ("", "Portuguese")]
