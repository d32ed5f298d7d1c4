"""What else a merge and its undoing do, and what is refused to a profile that went into another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core.rich_text import clean_rich_text
from customers.kinds import DraftChoice, Evidence
from customers.models import (
    Customer,
    Merge,
    MergedAway,
    NoteDraft,
    Presence,
    TimelineNote,
)
from customers.services import (
    contacting,
    deleting,
    describing,
    erasing,
    noting,
    portraying,
    saving_addresses,
    saving_legal,
    seeing,
    setting_fields,
    tagging_customer,
)
from customers.services.merging.joining import NotThere, SameCustomer, merge_customers
from customers.services.merging.parting import AlreadyUndone, undo_merge
from customers.services.merging.previewing import Counted, preview_merge, preview_unmerge
from customers.services.timeline_noting import add_timeline_note
from tests.customers.actors import ADA, BELA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Ticket

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    customer = make_customer()
    make_contact(customer, "ana@a.example", is_primary=True)
    return customer


@pytest.fixture
def anna(in_acme: Tenant) -> Customer:
    customer = make_customer("Anna", "")
    make_contact(customer, "anna@a.example", is_primary=True)
    return customer


def merge(survivor: Customer, other: Customer, **chosen: Any) -> Merge:
    return merge_customers(survivor=survivor, other=other, chosen=chosen, actor=ADA, at=NOON)


def undo(merge: Merge, *also: int) -> Customer:
    return undo_merge(merge=merge, also=also, actor=ADA, at=LATER)


def test_nobody_is_merged_into_themselves_or_twice_or_when_deleted(ana: Customer, anna: Customer) -> None:
    third = make_customer("Third", "")
    with pytest.raises(SameCustomer):
        merge(ana, ana)
    done = merge(ana, anna)
    for one, other in ((ana, anna), (third, anna), (anna, third)):
        with pytest.raises(NotThere):
            merge(one, other)
    undo(done)
    with pytest.raises(AlreadyUndone):
        undo(done)
    deleting.delete_customer(customer=third, actor=ADA, at=NOON)
    with pytest.raises(NotThere):
        merge(ana, third)


def test_a_customer_of_another_workspace_is_not_there(ana: Customer, globex: Tenant) -> None:
    with tenant_scope(globex):
        stranger = make_customer()

    with pytest.raises(NotThere):
        merge(ana, stranger)


WRITES: dict[str, Callable[[Customer], Any]] = {
    "details": lambda one: describing.rename_customer(customer=one, first_name="X", last_name="Y", actor=ADA),
    "tag": lambda one: tagging_customer.tag_customer(customer=one, add=["late"], actor=ADA),
    "contact": lambda one: contacting.add_contact(customer=one, kind="email", typed="x@a.example", actor=ADA),
    "legal": lambda one: saving_legal.save_legal(customer=one, legal=saving_legal.Legal(legal_name="X"), actor=ADA),
    "address": lambda one: saving_addresses.save_addresses(
        customer=one, edits=saving_addresses.AddressEdits(), actor=ADA
    ),
    "field": lambda one: setting_fields.set_fields(customer=one, typed={}, zone=ZoneInfo("UTC"), actor=ADA),
    "photo": lambda one: portraying.set_photo(customer=one, photo=None, actor=ADA),
    "note": lambda one: noting.save_note(customer=one, text="Late", based_on=0, actor=ADA, at=NOON),
    "deletion": lambda one: deleting.delete_customer(customer=one, actor=ADA, at=NOON),
    "erasure": lambda one: erasing.plan_erasure(customer=one, actor=ADA, at=NOON),
}


@pytest.mark.parametrize("name", WRITES)
def test_nobody_writes_on_a_profile_that_was_merged_since_they_read_it(
    ana: Customer, anna: Customer, name: str
) -> None:
    merge(ana, anna)

    with pytest.raises(MergedAway) as refused:
        WRITES[name](anna)

    assert refused.value.customer_id == anna.pk


def test_a_timeline_note_and_a_sign_of_life_that_came_late_are_the_survivors(ana: Customer, anna: Customer) -> None:
    merge(ana, anna)

    add_timeline_note(customer=anna, html=clean_rich_text("<p>Late</p>"), actor=ADA, at=NOON)
    seeing.see(customer=anna, evidence=Evidence.PING, at=NOON)

    connection.check_constraints()  # as a commit does
    assert TimelineNote.objects.get().customer_id == ana.pk
    assert Presence.objects.get().customer_id == ana.pk


def test_what_was_on_its_way_is_the_others_again_when_the_merge_is_undone(ana: Customer, anna: Customer) -> None:
    done = merge(ana, anna)
    ticket = make_ticket(customer=anna)
    connection.check_constraints()

    undo(done)

    ticket.refresh_from_db()
    assert (ticket.customer_id, ticket.origin_customer_id) == (anna.pk, None)


def test_texts_that_wait_beside_the_others_note_wait_beside_the_survivors(ana: Customer, anna: Customer) -> None:
    noting.save_note(customer=anna, text="First", based_on=0, actor=ADA, at=NOON)
    noting.save_note(customer=anna, text="Too late", based_on=0, actor=BELA, at=NOON)

    done = merge(ana, anna)

    [draft] = NoteDraft.objects.unsettled().filter(note__customer=ana)
    assert (draft.text, draft.author_name) == ("Too late", "Bela")
    undo(done)
    assert [one.note.customer_id for one in NoteDraft.objects.unsettled()] == [anna.pk]


def test_a_text_that_was_settled_since_does_not_wait_any_more(ana: Customer, anna: Customer) -> None:
    noting.save_note(customer=anna, text="First", based_on=0, actor=ADA, at=NOON)
    noting.save_note(customer=anna, text="Too late", based_on=0, actor=BELA, at=NOON)
    third = make_customer("Third", "")
    done = merge(ana, anna)
    merge(third, ana)
    draft = NoteDraft.objects.unsettled().get(note__customer=third)
    draft.mark_settled(choice=DraftChoice.THEIRS, at=NOON)

    undo(done)

    assert not NoteDraft.objects.unsettled().filter(note__customer__in=[third, anna]).exists()


def test_whoever_was_seen_later_counts(ana: Customer, anna: Customer) -> None:
    seeing.see(customer=ana, evidence=Evidence.PING, at=NOON)
    seeing.see(customer=anna, evidence=Evidence.PORTAL, at=LATER)

    done = merge(ana, anna)
    assert Presence.objects.get(customer=ana).last_seen_at == LATER
    undo(done)

    assert Presence.objects.get(customer=ana).last_seen_at == NOON
    assert Presence.objects.get(customer=anna).last_seen_at == LATER


def test_preview_counts_what_moves_and_what_both_have(ana: Customer, anna: Customer) -> None:
    make_contact(ana, "both@a.example")
    make_contact(anna, "both@a.example")
    ticket = make_ticket(customer=anna)
    make_message(ticket, author_customer=anna)

    preview = preview_merge(survivor=ana, other=anna)
    done = merge(ana, anna)

    assert preview.moves == (Counted("contacts", 1), Counted("tickets", 1), Counted("messages", 1))
    assert preview.twins == (Counted("contacts", 1),)
    assert {one.name: one.count for one in preview.moves} == done.counts
    back = preview_unmerge(merge=done)
    assert {one.name: one.count for one in back.returns} == {"contacts": 2, "tickets": 1, "messages": 1}
    assert back.gone == ()


def test_previews_take_as_many_queries_however_much_there_is(ana: Customer, anna: Customer, count: Any) -> None:
    def look() -> tuple[int, int]:
        before = count(lambda: preview_merge(survivor=ana, other=anna))
        done = merge(ana, anna)
        after = count(lambda: preview_unmerge(merge=done))
        undo(done)
        return before, after

    few = look()
    inbox = make_inbox()
    for n in range(5):
        make_message(make_ticket(inbox, customer=anna), author_customer=anna)
        make_contact(anna, f"more{n}@a.example")
        make_contact(ana, f"more{n}@a.example")

    assert look() == few


def test_merging_takes_as_many_queries_however_much_there_is(ana: Customer, anna: Customer, count: Any) -> None:
    def both() -> tuple[int, int]:
        made: list[Merge] = []
        joined = count(lambda: made.append(merge(ana, anna)))
        return joined, count(lambda: undo(made[0]))

    make_contact(anna, "first@a.example")
    make_contact(ana, "first@a.example")
    make_ticket(make_inbox(), customer=anna)
    both()
    few = both()
    for n in range(6):
        make_ticket(Ticket.objects.get(number=1).inbox, customer=anna)
        make_contact(anna, f"more{n}@a.example")
        make_contact(ana, f"more{n}@a.example")
        make_contact(anna, f"own{n}@a.example")

    assert both() == few


@pytest.fixture
def count() -> Callable[[Callable[[], Any]], int]:
    from django.test.utils import CaptureQueriesContext

    def run(act: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return run


def test_how_a_merge_waits_is_forgotten_with_it(ana: Customer, anna: Customer) -> None:
    def waits() -> list[Any]:
        names = ("lock_timeout", "statement_timeout", "app.holds_customers")
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(["current_setting(%s, true)"] * 3), names)
            found = cursor.fetchone()
        return [one if one != "" else None for one in found]

    before = waits()
    done = merge(ana, anna)
    after = waits()
    undo(done)

    assert before[:2] == after[:2] == waits()[:2]
    assert after[2] == waits()[2] == "off"
