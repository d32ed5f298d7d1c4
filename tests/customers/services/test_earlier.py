"""All that happened with a customer, on the profile and on the tickets."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from customers.models import Customer
from customers.services import timeline_noting
from customers.services.earlier import Story, read_story
from events.models import Event
from events.services.recording import record
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.kinds import MessageEvent, TicketEvent
from tickets.models import Ticket


@pytest.fixture
def ana(in_acme: Tenant) -> Customer:
    return make_customer()


def opened(ticket: Ticket) -> Event:
    return record(
        TicketEvent.OPENED,
        subject=ticket,
        actor=SYSTEM,
        data={"channel": "email"},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
    )


def received(ticket: Ticket, text: str) -> Event:
    message = make_message(ticket, text)
    return record(
        MessageEvent.RECEIVED,
        subject=message,
        actor=SYSTEM,
        data={"message": message.pk},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
    )


def close(ticket: Ticket, at: datetime | None = None) -> Event:
    return record(
        TicketEvent.CLOSED,
        subject=ticket,
        actor=SYSTEM,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        at=at,
    )


def types(story: Story) -> list[str]:
    return [event.type for event in story]


def test_story_goes_from_old_to_recent_and_says_where(ana: Customer, ada: Membership) -> None:
    ticket = make_ticket(customer=ana, subject="Where is my chair?")
    opened(ticket)
    received(ticket, "The chair wobbles")
    note = timeline_noting.add_timeline_note(customer=ana, html="Likes oak", actor=SYSTEM, at=timezone.now())
    opened(make_ticket(ticket.inbox, customer=make_customer("Bruno")))

    story = read_story(customer=ana, reader=ada)

    assert types(story) == ["ticket.opened", "message.received", "customer.timeline_note_added"]
    assert [event.place.title for event in story] == ["Where is my chair?", "Where is my chair?", ""]
    assert [event.place.excerpt for event in story] == ["", "The chair wobbles", note.text]
    assert story.earlier is None


def test_deleted_note_is_not_read_in_the_story(ana: Customer, ada: Membership) -> None:
    note = timeline_noting.add_timeline_note(customer=ana, html="Likes oak", actor=SYSTEM, at=timezone.now())
    timeline_noting.delete_timeline_note(note=note, actor=SYSTEM, at=timezone.now())

    story = read_story(customer=ana, reader=ada)

    assert types(story) == ["customer.timeline_note_added", "customer.timeline_note_deleted"]
    assert [event.place for event in story] == [None, None]


def test_earlier_parts_follow_without_gap(ana: Customer, ada: Membership) -> None:
    tickets = [make_ticket(inbox=make_inbox(f"{n}@acme.example"), customer=ana) for n in range(5)]
    events = [opened(ticket) for ticket in tickets]

    newest = read_story(customer=ana, reader=ada, size=2)
    middle = read_story(customer=ana, reader=ada, size=2, before=newest.earlier)
    oldest = read_story(customer=ana, reader=ada, size=2, before=middle.earlier)

    assert [*oldest, *middle, *newest] == events
    assert oldest.earlier is None


def test_what_was_recorded_late_stands_at_its_time(ana: Customer, ada: Membership) -> None:
    ticket = make_ticket(customer=ana)
    opened(ticket)
    close(ticket, at=timezone.now() - timedelta(days=1))

    assert types(read_story(customer=ana, reader=ada)) == ["ticket.closed", "ticket.opened"]


def test_tickets_of_inboxes_one_does_not_see_stay_out(ana: Customer, bela: Membership) -> None:
    opened(make_ticket(make_inbox("sales@acme.example"), customer=ana))
    timeline_noting.add_timeline_note(customer=ana, html="Likes oak", actor=SYSTEM, at=timezone.now())
    bela.sees_all_inboxes = False
    bela.save()

    assert types(read_story(customer=ana, reader=bela)) == ["customer.timeline_note_added"]


def test_story_of_many_tickets_is_read_in_as_many_statements_as_of_one(
    ana: Customer, ada: Membership, in_acme: Tenant
) -> None:
    inbox = make_inbox()
    busy = make_customer("Bruno")
    for customer, count in ((ana, 1), (busy, 30)):
        for _ in range(count):
            received(make_ticket(inbox, customer=customer), "Hello")
        timeline_noting.add_timeline_note(customer=customer, html="Likes oak", actor=SYSTEM, at=timezone.now())
    statements = {}
    for customer in (ana, busy):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read_story(customer=customer, reader=ada)
        statements[customer.pk] = len(captured)

    assert statements[ana.pk] == statements[busy.pk] <= 5
