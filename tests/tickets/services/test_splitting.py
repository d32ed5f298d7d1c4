"""Splitting messages off into a ticket of their own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event
from tests.factories.customers import make_customer
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Message, Participant, Ticket
from tickets.services import closing, merging, splitting, unmerging

NOW = timezone.now()


def make_long_ticket() -> Ticket:
    ticket = make_ticket(customer=make_customer("Ana"))
    for number in range(1, 5):
        at = NOW - timedelta(hours=5 - number)
        address = "ben@shopper.example" if number == 3 else "ana@shopper.example"
        make_message(ticket, f"message {number}", author_address=address, created_at=at)
    return ticket


def split(ticket: Ticket, numbers: list[int], by: Membership) -> Ticket:
    actor = by.as_actor()
    return splitting.split_ticket(ticket=ticket, numbers=numbers, subject="Another", actor=actor, at=timezone.now())


def texts(ticket: Ticket) -> list[str]:
    return [one.text for one in Message.objects.filter(ticket=ticket).in_order()]


def test_split_moves_the_chosen_messages_to_a_linked_ticket(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()

    fresh = split(ticket, [3, 4], ada)

    assert (texts(ticket), texts(fresh)) == (["message 1", "message 2"], ["message 3", "message 4"])
    assert (fresh.linked_to, fresh.inbox, fresh.subject) == (ticket, ticket.inbox, "Another")
    assert [one.number for one in Message.objects.filter(ticket=fresh).in_order()] == [1, 2]
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.preview, fresh.preview, fresh.message_count) == ("message 2", "message 4", 2)
    assert ticket.message_count == 4  # so that a number never stands for another message
    told = Event.objects.filter(type="ticket.split").order_by("pk")
    assert [(one.ticket_id, one.data["other"]) for one in told] == [
        (ticket.pk, fresh.number),
        (fresh.pk, ticket.number),
    ]


def test_split_ticket_is_the_authors_of_the_chosen_message(in_acme: Tenant, ada: Membership) -> None:
    ticket, ben = make_long_ticket(), make_customer("Ben")
    Message.objects.filter(ticket=ticket, number=3).update(author_customer=ben)

    assert split(ticket, [3], ada).customer == ben
    assert split(ticket, [4], ada).customer == ticket.customer


def test_later_messages_are_those_below_in_the_timeline(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()
    other = make_ticket(ticket.inbox)
    make_message(other, "between", created_at=NOW - timedelta(hours=2, minutes=30))
    merging.merge_tickets(source=other, into=ticket, actor=ada.as_actor(), at=NOW)
    between = Message.objects.get(text="between")

    numbers = splitting.numbers_from(message=between)

    assert sorted(numbers) == [3, 4, 5]
    assert texts(split(ticket, numbers, ada)) == ["between", "message 3", "message 4"]


def test_nothing_or_everything_cannot_be_split_off(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()

    with pytest.raises(splitting.NothingToSplit):
        split(ticket, [7], ada)
    with pytest.raises(splitting.NothingWouldRemain):
        split(ticket, [1, 2, 3, 4], ada)


def test_people_follow_what_they_wrote(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()
    for address in ("ana@shopper.example", "ben@shopper.example", "copied@shopper.example"):
        Participant.objects.create(ticket=ticket, address=address, has_written=address[:3] in {"ana", "ben"})

    fresh = split(ticket, [3], ada)

    there = Participant.objects.filter(ticket=fresh)
    assert [(one.address, one.has_written) for one in there] == [("ben@shopper.example", True)]
    here = Participant.objects.filter(ticket=ticket).order_by("address")
    assert [(one.address[:3], one.has_written) for one in here] == [("ana", True), ("ben", False), ("cop", False)]


def test_split_from_a_closed_ticket_waits_if_it_was_not_answered(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()
    make_message(ticket, "answer", "out")
    closing.close_ticket(ticket=ticket, actor=ada.as_actor(), at=NOW)

    assert split(ticket, [2], ada).is_open
    assert split(ticket, [5], ada).is_closed


def test_what_was_split_off_does_not_go_back_with_a_merge_undone(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_long_ticket()
    other = make_ticket(ticket.inbox)
    for text in ("a", "b"):
        make_message(other, text)
    merging.merge_tickets(source=other, into=ticket, actor=ada.as_actor(), at=NOW)

    fresh = split(ticket, [6], ada)
    unmerging.unmerge_ticket(ticket=other, actor=ada.as_actor())

    assert (texts(other), texts(fresh)) == (["a"], ["b"])
