"""Replies to the customer."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event, Reaction
from tests.factories.customers import make_customer
from tests.factories.tickets import make_ticket
from tickets.models import Participant, Ticket
from tickets.services import replying


def written_ticket(**fields: Any) -> Ticket:
    ticket = make_ticket(**fields)
    Participant.objects.create(ticket=ticket, address="ana@shopper.example", has_written=True, customer=ticket.customer)
    return ticket


def test_reply_waits_for_delivery_as_a_row(in_acme: Tenant, bela: Membership) -> None:
    message = replying.reply(ticket=written_ticket(), text="It is on its way.", agent=bela, at=timezone.now())

    assert message.delivery_state == "queued"
    event = Event.objects.get(type="message.sent")
    assert event.data == {"message": message.pk}
    assert Reaction.objects.get(event_id=event.pk).task == "channels.tasks.deliver_message"


def test_reply_no_longer_waits_for_an_answer(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()

    replying.reply(ticket=ticket, text="It is on its way.", agent=bela, at=timezone.now())

    ticket.refresh_from_db()
    assert not ticket.awaits_reply
    assert (ticket.message_count, ticket.preview) == (1, "It is on its way.")


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00"])
def test_reply_without_words_is_refused(in_acme: Tenant, bela: Membership, text: str) -> None:
    with pytest.raises(replying.EmptyText):
        replying.reply(ticket=written_ticket(), text=text, agent=bela, at=timezone.now())


def test_reply_without_an_address_is_refused(in_acme: Tenant, bela: Membership) -> None:
    with pytest.raises(replying.NoRecipient):
        replying.reply(ticket=make_ticket(), text="Hello", agent=bela, at=timezone.now())


def test_reply_goes_to_the_tickets_customer_not_to_whom_else_wrote(in_acme: Tenant) -> None:
    ana, rui = make_customer("Ana"), make_customer("Rui")
    ticket = make_ticket(customer=ana)
    Participant.objects.create(ticket=ticket, address="rui@shopper.example", has_written=True, customer=rui)
    Participant.objects.create(ticket=ticket, address="ana@shopper.example", has_written=True, customer=ana)
    Participant.objects.create(ticket=ticket, address="copied@shopper.example", customer=ana)

    recipient = replying.recipient_of(ticket)

    assert recipient is not None
    assert recipient.address == "ana@shopper.example"
