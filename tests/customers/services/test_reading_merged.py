"""What is read of a survivor is what happened to all profiles that went into it, and says whose it was."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from customers.changes import Narrowing
from customers.models import Customer
from customers.services import describing, noticing, noting, reverting, tagging_customer, timeline_noting
from customers.services.earlier import Story, read_story
from customers.services.recalling import read_choices, read_history
from customers.services.restoring import versions_of
from events.models import Event
from events.services.recording import record
from tests.customers.actors import ADA, BELA, MINUTE, NOON
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.kinds import TicketEvent
from tickets.models import Ticket


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    return make_customer()


@pytest.fixture
def anna(ana: Customer) -> Customer:
    return make_customer("Anna", "Lopez")


def again(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def closed(ticket: Ticket) -> Event:
    return record(
        TicketEvent.CLOSED, subject=ticket, actor=ADA, ticket_id=ticket.pk, customer_id=ticket.customer_id, at=NOON
    )


def lines(story: Story) -> list[tuple[str, str, str]]:
    return [(event.type, event.came_from, event.place.title if event.place else "") for event in story]


class TestTheStory:
    def test_holds_what_happened_to_both_and_tells_them_apart(
        self, ana: Customer, anna: Customer, ada: Membership
    ) -> None:
        inbox = make_inbox()
        closed(make_ticket(inbox, customer=ana, subject="Mine"))
        closed(make_ticket(inbox, customer=anna, subject="Theirs"))
        merge(ana, anna)
        closed(Ticket.objects.get(subject="Theirs"))

        assert lines(read_story(customer=again(ana), reader=ada)) == [
            ("ticket.closed", "", "Mine"),
            ("ticket.closed", "Anna Lopez (#2)", "Theirs"),
            ("ticket.closed", "", "Theirs"),
            ("customer.merged", "", "Anna Lopez (#2)"),
        ]

    def test_merges_are_told_once_each_through_a_chain(self, ana: Customer, anna: Customer, ada: Membership) -> None:
        bo = make_customer("Bo", "Berg")
        merge(anna, ana)
        merge(bo, anna)

        assert lines(read_story(customer=again(bo), reader=ada)) == [
            ("customer.merged", "Anna Lopez (#2)", "Ana Lopes (#1)"),
            ("customer.merged", "", "Anna Lopez (#2)"),
        ]

    def test_split_profiles_each_tell_it_and_keep_their_own(
        self, ana: Customer, anna: Customer, ada: Membership
    ) -> None:
        closed(make_ticket(make_inbox(), customer=anna, subject="Theirs"))
        split(merge(ana, anna))

        mine, theirs = (read_story(customer=again(one), reader=ada) for one in (ana, anna))
        assert lines(mine) == [("customer.merged", "", "Anna Lopez (#2)"), ("customer.unmerged", "", "Anna Lopez (#2)")]
        assert lines(theirs) == [
            ("ticket.closed", "", "Theirs"),
            ("customer.merged_away", "", "Ana Lopes (#1)"),
            ("customer.unmerged", "", "Ana Lopes (#1)"),
        ]

    def test_leads_to_the_history_while_the_other_has_no_page(
        self, ana: Customer, anna: Customer, ada: Membership
    ) -> None:
        merged = merge(ana, anna)
        (event,) = read_story(customer=again(ana), reader=ada)
        assert event.place.url.endswith("/customers/1/history/")

        split(merged)
        event, _ = read_story(customer=again(ana), reader=ada)
        assert event.place.url.endswith("/customers/2/")

    def test_parts_follow_each_other_without_gap_or_double(
        self, ana: Customer, anna: Customer, ada: Membership
    ) -> None:
        inbox = make_inbox()
        tickets = [make_ticket(inbox, customer=one) for one in (ana, anna)]
        events = [closed(tickets[number % 2]) for number in range(9)]
        merge(ana, anna)

        found: list[int] = []
        before: int | None = None
        while True:
            part = read_story(customer=again(ana), reader=ada, before=before, size=4)
            found[:0] = [event.pk for event in part if event.type == "ticket.closed"]
            before = part.earlier
            if before is None:
                break

        assert found == [event.pk for event in events]

    def test_inboxes_one_does_not_see_stay_out(self, ana: Customer, anna: Customer, bela: Membership) -> None:
        closed(make_ticket(make_inbox(), customer=anna))
        merge(ana, anna)
        bela.sees_all_inboxes = False

        assert [event.type for event in read_story(customer=again(ana), reader=bela)] == ["customer.merged"]

    def test_more_profiles_cost_no_more_statements(self, ana: Customer, ada: Membership) -> None:
        def cost() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                read_story(customer=again(ana), reader=ada)
            return len(queries)

        inbox = make_inbox()
        for name in "ABCDE":
            other = make_customer(name, "Lopes")
            closed(make_ticket(inbox, customer=other))
            merge(again(ana), other)
            if name == "A":
                first = cost()

        assert cost() == first


class TestTheHistory:
    def test_tells_what_was_said_of_both(self, ana: Customer, anna: Customer) -> None:
        tagging_customer.tag_customer(customer=anna, add=["vip"], actor=BELA)
        noting.save_note(customer=ana, text="Mornings", based_on=0, actor=ADA, at=NOON)
        noting.save_note(customer=anna, text="Deaf", based_on=0, actor=BELA, at=NOON)
        note = timeline_noting.add_timeline_note(customer=anna, html="<p>Called</p>", actor=BELA, at=NOON)
        timeline_noting.delete_timeline_note(note=note, actor=BELA, at=NOON)
        merge(ana, anna, at=NOON + MINUTE)

        told = read_history(customer=again(ana), narrowing=Narrowing())

        said = {(one.field, one.before, one.after, one.came_from) for one in told.changes}
        assert {
            ("tags", "", "vip", "from Anna Lopez (#2)"),
            ("note", "", "Mornings", ""),
            ("note", "", "Deaf", "from Anna Lopez (#2)"),
            ("timeline_note", "Called", "", "from Anna Lopez (#2)"),
            ("first_name", "", "Anna", "from Anna Lopez (#2)"),
            ("first_name", "", "Ana", ""),
        } <= said
        assert not any(one.field == "deleted_at" for one in told.changes)
        assert "Bela" in read_choices(customer=again(ana)).authors

    def test_says_what_a_merge_wrote_and_whose_it_was(self, ana: Customer, anna: Customer) -> None:
        describe(anna, location="Porto")
        merged = merge(ana, anna)

        (newest, *_) = read_history(customer=again(ana), narrowing=Narrowing("location")).changes
        assert (newest.after, newest.who, newest.came_from) == ("Porto", "Ada", "by merging Anna Lopez (#2)")

        split(merged)
        (newest, *_) = read_history(customer=again(ana), narrowing=Narrowing("location")).changes
        assert (newest.before, newest.after, newest.came_from) == ("Porto", "", "by splitting off Anna Lopez (#2)")
        (newest, before, *_) = read_history(customer=again(anna), narrowing=Narrowing("deleted_at")).changes
        assert [newest.came_from, before.came_from] == [
            "by splitting from Ana Lopes (#1)",
            "by merging into Ana Lopes (#1)",
        ]

    def test_pages_of_notes_that_were_imported_at_one_moment_have_no_gap(self, ana: Customer, anna: Customer) -> None:
        for one in (ana, anna):
            noting.save_note(customer=one, text=f"Note of {one.number}", based_on=0, actor=ADA, at=NOON)
        merge(ana, anna)
        narrowing, found, cursor = Narrowing("note"), [], ""
        while True:
            page = read_history(customer=again(ana), narrowing=narrowing, before=cursor, size=1)
            found += [one.after for one in page.changes]
            cursor = page.cursor
            if not cursor:
                break

        assert sorted(found) == ["Note of 1", "Note of 2"]

    def test_values_of_another_profiles_columns_are_shown_not_brought_back(self, ana: Customer, anna: Customer) -> None:
        describe(anna, location="Porto")
        describe(anna, location="Faro")
        noting.save_note(customer=anna, text="Deaf", based_on=0, actor=ADA, at=NOON)
        noting.save_note(customer=anna, text="Mute", based_on=1, actor=ADA, at=NOON)
        merge(ana, anna)

        theirs = [
            one
            for field in ("location", "note")
            for one in read_history(customer=again(ana), narrowing=Narrowing(field)).changes
            if one.came_from == "from Anna Lopez (#2)" and one.before
        ]
        assert {(one.before, one.seen) for one in theirs} == {("Porto", ""), ("Deaf", "")}
        with pytest.raises(reverting.ChangeMissing):
            reverting.restore_value(customer=again(ana), place=theirs[0].place, seen="x", actor=ADA, at=NOON)

    def test_deleted_timeline_note_of_the_other_comes_back(self, ana: Customer, anna: Customer) -> None:
        note = timeline_noting.add_timeline_note(customer=anna, html="<p>Called</p>", actor=BELA, at=NOON)
        timeline_noting.delete_timeline_note(note=note, actor=BELA, at=NOON)
        merge(ana, anna)
        (gone, _) = read_history(customer=again(ana), narrowing=Narrowing("timeline_note")).changes

        reverting.restore_value(customer=again(ana), place=gone.place, seen=gone.seen, actor=ADA, at=NOON)

        assert [one.text for one in timeline_noting.read_timeline_notes(customer=ana)] == ["Called"]

    def test_costs_no_more_for_a_group_of_five(self, ana: Customer) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                read_history(customer=again(ana), narrowing=Narrowing())
            return len(queries)

        for name in "ABCDE":
            other = make_customer(name, "Lopes")
            tagging_customer.tag_customer(customer=other, add=[name], actor=BELA)
            noting.save_note(customer=other, text=name, based_on=0, actor=BELA, at=NOON)
            merge(again(ana), other)
            if name == "A":
                first = cost()

        assert cost() <= first


def describe(customer: Customer, *, location: str) -> None:
    details = dataclasses.replace(describing.read_details(again(customer)), location=location)
    describing.describe_customer(customer=again(customer), details=details, actor=BELA)


def test_notes_versions_of_the_other_are_read_with_the_survivors(ana: Customer, anna: Customer) -> None:
    noting.save_note(customer=ana, text="Mornings", based_on=0, actor=ADA, at=NOON)
    noting.save_note(customer=anna, text="Deaf", based_on=0, actor=BELA, at=NOON)
    merge(ana, anna)

    assert {one.text for one in versions_of(customer=again(ana))} >= {"Mornings", "Deaf"}


def test_who_changed_the_other_before_the_merge_is_told_to_who_has_the_survivor_open(
    ana: Customer, anna: Customer, bela: Membership
) -> None:
    make_contact(anna, "anna@a.example")
    describe(anna, location="Porto")
    merge(ana, anna)

    names = noticing.who_changed(customer=again(ana), since=datetime.now(UTC) - timedelta(hours=1), besides=bela)

    assert "Bela" in names
