"""What arrives, or is written, while two profiles are merged, each in a thread and a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.kinds import ActorKind
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind, Evidence
from customers.models import Customer, CustomerAddress, CustomerContact, MergedAway, TimelineNote
from customers.services import contacting, describing, identifying, noting, seeing, tagging_customer
from customers.services.merging import joining, parting
from customers.services.merging.parting import undo_merge
from customers.services.timeline_noting import add_timeline_note
from integrations.models import StoreCustomer
from integrations.services.linking import link_customer
from integrations.types import StoreCustomerFacts
from tests.customers.actors import ADA, NOON
from tests.customers.services.merging.at_once import ROUNDS, make_two, merge, stranded, together
from tests.factories.customers import make_contact
from tests.factories.integrations import make_connection
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Message, Participant, Ticket
from tickets.services import opening, receiving, setting_customer, splitting

pytestmark = pytest.mark.django_db(transaction=True)


def write(inbox: Any, name: str) -> None:
    """As a mail is worked: the sender is looked up, and the ticket, message and person stand on it."""
    with transaction.atomic():
        found = identifying.resolve_sender(
            kind=ContactKind.EMAIL, typed=name, name="", origin=ActorKind.CUSTOMER, at=NOON, may_create=True
        )
        ticket = opening.open_ticket(
            inbox=inbox, subject="Hi", customer=found.customer, customer_reason="", actor=ADA, at=NOON, first_text="Hi"
        )
        letter = receiving.Letter("Ana", name, "Hi", "", "", ())
        receiving.receive_message(
            ticket=ticket, letter=letter, customer=found.customer, joined_because="", reopens=True, at=NOON, is_new=True
        )


def test_what_arrives_or_is_said_during_a_merge_lands_on_the_survivor(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        inbox, store = make_inbox("all@acme.example"), make_connection()
    for round_ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()
            line = CustomerContact.objects.get(customer=other)
            old = make_ticket(inbox, customer=None)
            own = make_ticket(inbox, customer=other)
        facts = replace(FACTS, remote_id=f"r{round_}", emails=(f"store{round_}@a.example",))
        acts: list[Callable[[], Any]] = [
            partial(merge, one, other),
            partial(write, inbox, line.typed),
            partial(write, inbox, line.typed),
            partial(add_timeline_note, customer=other, html="<p>x</p>", actor=ADA, at=NOON),
            partial(setting_customer.set_customer, ticket=old, customer=other, actor=ADA),
            partial(transaction.atomic(CustomerAddress.objects.create), customer=other, text="Street"),
            partial(tagging_customer.tag_customer, customer=other, add=["late"], actor=ADA),
            partial(contacting.add_contact, customer=other, kind="email", typed=f"l{round_}@a.example", actor=ADA),
            partial(link_customer, connection=store, customer=other, facts=facts, actor=ADA, at=NOON),
            partial(transaction.atomic(seeing.see), customer=other, evidence=Evidence.PING, at=NOON),
            partial(noting.save_note, customer=other, text="Theirs", based_on=0, actor=ADA, at=NOON),
            partial(describing.rename_customer, customer=other, first_name="B", last_name="B", actor=ADA),
        ]

        raised = together(acme, *acts)

        assert {type(error) for error in raised} <= {MergedAway}
        with tenant_scope(acme), transaction.atomic():
            assert stranded() == []
            assert Ticket.objects.filter(customer=one).count() == 4
            assert Message.objects.filter(author_customer__in=[one, other]).count() == 2
            assert Participant.objects.filter(customer=one).count() == 2
            assert TimelineNote.objects.filter(customer=one).count() == 1
            assert CustomerAddress.objects.filter(customer=one).count() == 1
            assert StoreCustomer.objects.filter(customer=one).count() == 1
            assert own.pk in Ticket.objects.filter(customer=one).values_list("pk", flat=True)


FACTS = StoreCustomerFacts("", "", None, "Ana", "", "Ana", (), (), "", "", 0, (), "")


def test_a_row_that_was_on_its_way_when_the_merge_began_follows(acme: Tenant) -> None:
    """The row stands before the merge, and is committed after it."""
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        inbox = make_inbox()
    is_there, is_merged = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with transaction.atomic():
            make_ticket(inbox, customer=other)
            is_there.set()
            assert is_merged.wait(timeout=10)

    def merge_between() -> None:
        is_there.wait(timeout=10)
        merge(one, other)
        is_merged.set()

    raised = together(acme, open_slowly, merge_between)

    assert raised == []
    with tenant_scope(acme), transaction.atomic():
        ticket = Ticket.objects.get()
        assert (ticket.customer_id, ticket.origin_customer_id) == (one.pk, other.pk)


def test_a_twin_that_was_on_its_way_goes_where_the_survivor_has_the_like(acme: Tenant) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        make_contact(one, "both@a.example")
    is_there, is_merged = threading.Event(), threading.Event()

    def hold_slowly() -> None:
        with transaction.atomic():
            make_contact(other, "both@a.example")
            is_there.set()
            assert is_merged.wait(timeout=10)

    def merge_between() -> None:
        is_there.wait(timeout=10)
        merge(one, other)
        is_merged.set()

    assert together(acme, hold_slowly, merge_between) == []

    with tenant_scope(acme), transaction.atomic():
        assert CustomerContact.objects.filter(contact__value="both@a.example").count() == 1
        assert stranded() == []


def test_a_merge_gives_way_to_who_holds_a_row_and_waits_for_the_profile(acme: Tenant) -> None:
    """Splitting holds the ticket's row and asks for the customer's at its end: a merge wants them the other way."""
    for round_ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()
            ticket = make_ticket(make_inbox(f"w{round_}@acme.example"), customer=other)
        is_locked = threading.Event()

        def split(ticket: Ticket = ticket, other: Customer = other, is_locked: threading.Event = is_locked) -> None:
            with transaction.atomic():
                locked = Ticket.objects.locked(ticket)
                locked.mark_subject(subject="Split")
                make_ticket(locked.inbox, customer=other)
                is_locked.set()
                sleep(0.3)

        def merge_after(one: Customer = one, other: Customer = other, is_locked: threading.Event = is_locked) -> None:
            is_locked.wait(timeout=10)
            merge(one, other)

        assert together(acme, split, merge_after) == []

        with tenant_scope(acme), transaction.atomic():
            assert Ticket.objects.filter(customer=one).count() == 2


def test_nobody_ever_sees_half_a_merge(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        inbox = make_inbox()
        for _ in range(5):
            make_ticket(inbox, customer=other)
    seen: list[tuple[int, int, bool]] = []
    original = joining._freeze

    def look(*args: Any) -> None:
        original(*args)
        thread = threading.Thread(target=count)
        thread.start()
        thread.join()

    def count() -> None:
        with tenant_scope(acme), transaction.atomic():
            tickets = [Ticket.objects.filter(customer=c.pk).count() for c in (one, other)]
            seen.append((*tickets, Customer.objects.get(pk=other.pk).is_merged))  # type: ignore[arg-type]
        connection.close()

    monkeypatch.setattr(joining, "_freeze", look)
    with tenant_scope(acme):
        merge(one, other)
    count()

    assert seen == [(0, 5, False), (5, 0, True)]


def test_a_row_that_comes_once_all_have_moved_waits_for_the_end_of_the_merge(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        inbox = make_inbox()
    raised: list[BaseException] = []
    original = joining._freeze
    late = threading.Thread(
        target=lambda: raised.extend(together(acme, transaction.atomic(partial(make_ticket, inbox, customer=other))))
    )

    def freeze_late(*args: Any) -> None:
        late.start()
        sleep(0.3)
        original(*args)

    monkeypatch.setattr(joining, "_freeze", freeze_late)
    with tenant_scope(acme):
        merge(one, other)
    late.join()

    assert raised == []
    with tenant_scope(acme), transaction.atomic():
        assert Ticket.objects.get().customer_id == one.pk
        assert stranded() == []


def test_who_writes_while_a_merge_is_undone_is_found_once_it_is(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        inbox, address = make_inbox(), CustomerContact.objects.get(customer=other).typed
    raised: list[BaseException] = []
    original = parting._record
    letter = threading.Thread(target=lambda: raised.extend(together(acme, partial(write, inbox, address))))

    def record_late(*args: Any) -> None:
        letter.start()
        sleep(0.3)
        original(*args)

    monkeypatch.setattr(parting, "_record", record_late)
    with tenant_scope(acme):
        undo_merge(merge=merge(one, other), actor=ADA, at=NOON)
    letter.join()

    assert raised == []
    with tenant_scope(acme), transaction.atomic():
        assert Ticket.objects.get().customer_id == other.pk


def test_splitting_a_ticket_of_a_merged_customer_remembers_whose_it_was(acme: Tenant) -> None:
    from tests.factories.tickets import make_message

    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        ticket = make_ticket(make_inbox(), customer=other)
        first = make_message(ticket, author_customer=other, author_address="other@a.example")
        make_message(ticket, author_customer=other, author_address="other@a.example")
    with tenant_scope(acme):
        done = merge(one, other)
        fresh = splitting.split_ticket(ticket=ticket, numbers=[first.number], subject="New", actor=ADA, at=NOON)
        assert fresh.customer_id == one.pk

        undo_merge(merge=done, actor=ADA, at=NOON)

        with transaction.atomic():
            fresh.refresh_from_db()
            assert fresh.customer_id == other.pk
