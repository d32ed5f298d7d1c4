"""What customers write."""

from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event, Notification
from tests.factories.customers import make_customer
from tests.factories.tickets import make_ticket
from tickets.addresses import Person
from tickets.models import Message, Participant, Ticket
from tickets.services import addressing, closing, receiving


def receive(ticket: Ticket, text: str = "Any news?", *, reopens: bool = True) -> Message:
    letter = receiving.Letter("Ana Lopes", "ana@shopper.example", text, "", "", ())
    return receiving.receive_message(
        ticket=ticket,
        letter=letter,
        customer=ticket.customer,
        joined_because="Starts a conversation",
        reopens=reopens,
        at=timezone.now(),
    )


def test_message_reopens_a_closed_ticket(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket(customer=make_customer())
    closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    receive(ticket)

    ticket.refresh_from_db()
    assert ticket.is_open
    reopened = Event.objects.get(type="ticket.reopened")
    assert reopened.data == {"by_message": True}
    assert reopened.cause == Event.objects.get(type="message.received")


def test_automatic_answer_leaves_a_closed_ticket_closed(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket(awaits_reply=False)
    closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    receive(ticket, reopens=False)

    ticket.refresh_from_db()
    assert ticket.is_closed
    assert not ticket.awaits_reply


def test_writer_becomes_a_participant_once(in_acme: Tenant) -> None:
    ticket = make_ticket(customer=make_customer())

    receive(ticket)
    receive(ticket, "Hello?")

    participant = Participant.objects.get(ticket=ticket)
    assert (participant.address, participant.has_written) == ("ana@shopper.example", True)
    assert list(Message.objects.filter(ticket=ticket).in_order().values_list("number", flat=True)) == [1, 2]


def test_copied_people_have_not_written(in_acme: Tenant) -> None:
    ticket = make_ticket()
    receive(ticket)

    people = [Person("rui@shopper.example", "Rui"), Person("ana@shopper.example")]
    addressing.add_participants(ticket=ticket, people=people)

    written = dict(Participant.objects.filter(ticket=ticket).values_list("address", "has_written"))
    assert written == {"ana@shopper.example": True, "rui@shopper.example": False}


def told(ticket: Ticket) -> list[tuple[str, int]]:
    rows = Notification.objects.filter(event__ticket_id=ticket.pk, event__type="message.received")
    return sorted(rows.values_list("kind", "member_id"))


def test_unassigned_ticket_is_told_to_all_who_may_answer(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket()

    receive(ticket)

    assert told(ticket) == [("unassigned_new", ada.pk), ("unassigned_new", bela.pk)]


def test_assigned_ticket_is_told_to_its_assignee_only(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket(assignee=bela)

    receive(ticket)

    assert told(ticket) == [("replied", bela.pk)]


def test_automatic_answer_is_told_to_nobody(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_ticket()

    receive(ticket, reopens=False)

    assert told(ticket) == []
