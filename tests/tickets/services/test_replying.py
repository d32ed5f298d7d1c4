"""Replies to the customer."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from events.models import Event, Reaction
from files.services.storing import store
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.addresses import Person, Recipients
from tickets.bodies import body_from_html, body_from_text
from tickets.models import Attachment, Message, Participant, Recipient, Ticket
from tickets.services import addressing, carrying, replying

ANA, RUI, EVE = (
    Person("ana@shopper.example", "Ana"),
    Person("rui@shopper.example", "Rui"),
    Person("eve@shopper.example"),
)


def written_ticket(**fields: Any) -> Ticket:
    ticket = make_ticket(**fields)
    Participant.objects.create(ticket=ticket, address="ana@shopper.example", has_written=True, customer=ticket.customer)
    return ticket


def reply(ticket: Ticket, agent: Membership, text: str = "It is on its way.", **fields: Any) -> Message:
    fields = {"body": body_from_text(text), "at": timezone.now(), **fields}
    return replying.reply(ticket=ticket, agent=agent, **fields)


def test_reply_waits_for_delivery_as_a_row_until_it_cannot_be_undone(in_acme: Tenant, bela: Membership) -> None:
    now = timezone.now()

    message = reply(written_ticket(), bela, at=now)

    assert (message.delivery_state, message.undo_until) == ("queued", now + timedelta(seconds=10))
    event = Event.objects.get(type="message.sent")
    assert event.data == {"message": message.pk}
    reaction = Reaction.objects.get(event_id=event.pk)
    assert (reaction.task, reaction.due_at) == ("channels.tasks.deliver_message", message.undo_until)


def test_reply_goes_at_once_where_undo_is_off(in_acme: Tenant, bela: Membership) -> None:
    write_settings(values={"undo_send_seconds": 0})

    message = reply(written_ticket(), bela)

    assert message.undo_until is None
    assert Reaction.objects.get().due_at <= timezone.now()


def test_reply_no_longer_waits_for_an_answer(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()

    message = reply(ticket, bela)
    reply(ticket, bela, "And another thing.")

    ticket.refresh_from_db()
    assert not ticket.awaits_reply
    assert (ticket.message_count, ticket.preview) == (2, "And another thing.")
    assert ticket.first_replied_at == message.created_at


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00"])
def test_reply_without_words_is_refused(in_acme: Tenant, bela: Membership, text: str) -> None:
    with pytest.raises(replying.EmptyText):
        reply(written_ticket(), bela, text)


def test_reply_without_an_address_is_refused(in_acme: Tenant, bela: Membership) -> None:
    with pytest.raises(addressing.NoRecipient):
        reply(make_ticket(), bela)


def test_reply_to_an_inbox_of_ours_is_refused_by_name(in_acme: Tenant, bela: Membership) -> None:
    make_inbox("help@acme.example", name="Help")
    recipients = Recipients.of(to=[ANA], bcc=[Person("help+t1@acme.example")])

    with pytest.raises(addressing.OwnInbox, match=r"help\+t1@acme\.example"):
        reply(written_ticket(), bela, recipients=recipients)


def test_reply_closes_the_ticket_with_it(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()

    message = reply(ticket, bela, closes=True)
    again = reply(ticket, bela, closes=True)

    ticket.refresh_from_db()
    assert ticket.is_closed and ticket.closed_at == message.created_at
    assert (message.closes, again.closes) == (True, False)


def test_reply_remembers_whom_it_goes_to_and_hides_who_is_hidden(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()

    message = reply(ticket, bela, recipients=Recipients.of(to=[ANA], cc=[RUI], bcc=[EVE]))

    rows = Recipient.objects.filter(message=message).order_by("pk").values_list("kind", "address")
    assert list(rows) == [("to", ANA.address), ("cc", RUI.address), ("bcc", EVE.address)]
    people = dict(Participant.objects.filter(ticket=ticket).values_list("address", "has_written"))
    assert people == {ANA.address: True, RUI.address: False}


def test_reply_carries_formats_and_files(in_acme: Tenant, bela: Membership) -> None:
    picture = carrying.OutgoingFile(store(name="a.png", content_type="image/png", content=b"x"), True, "box")
    letter = carrying.OutgoingFile(store(name="b.pdf", content_type="application/pdf", content=b"y"))
    html = f'<div>Look: <b>this</b> <img src="/acme/files/{picture.file.key}/" alt="box"></div>'
    body = body_from_html(html, image=carrying.own_images([picture, letter]))

    message = reply(written_ticket(), bela, body=body, files=[picture, letter])

    assert message.html == '<p>Look: <strong>this</strong> <img src="cid:box" alt="box"></p>'
    assert message.text == "Look: this"
    files = Attachment.objects.filter(message=message).order_by("position")
    assert [(one.name, one.is_inline) for one in files] == [("a.png", True), ("b.pdf", False)]


def test_files_that_do_not_travel_are_refused(in_acme: Tenant, bela: Membership) -> None:
    file = store(name="a.zip", content_type="application/zip", content=b"x")
    file.size = carrying.MOST_BYTES + 1

    with pytest.raises(carrying.TooBig):
        reply(written_ticket(), bela, files=[carrying.OutgoingFile(file)])


def test_reply_goes_to_the_tickets_customer_not_to_whom_else_wrote(in_acme: Tenant) -> None:
    ana, rui = make_customer("Ana"), make_customer("Rui")
    ticket = make_ticket(customer=ana)
    Participant.objects.create(ticket=ticket, address="rui@shopper.example", has_written=True, customer=rui)
    Participant.objects.create(ticket=ticket, address="ana@shopper.example", has_written=True, customer=ana)
    Participant.objects.create(ticket=ticket, address="copied@shopper.example", customer=ana)

    recipient = addressing.recipient_of(ticket)

    assert recipient is not None
    assert recipient.address == "ana@shopper.example"


def test_reply_goes_to_the_customers_main_address_where_nobody_wrote(in_acme: Tenant) -> None:
    customer = make_customer()
    make_contact(customer, "second@shopper.example", position=2)
    make_contact(customer, "main@shopper.example", position=3, is_primary=True)

    assert addressing.recipient_of(make_ticket(customer=customer)) == Person("main@shopper.example", "Ana Lopes")


def test_composer_begins_with_everybody_the_last_letter_was_written_to(in_acme: Tenant) -> None:
    ticket = written_ticket()
    for address in ("old@shopper.example", RUI.address):
        inbound = make_message(ticket)
        Recipient.objects.create(message=inbound, kind="to", address="support+x@acme.example")
        Recipient.objects.create(message=inbound, kind="cc", address=address)
    Recipient.objects.create(message=inbound, kind="cc", address=ANA.address)

    usual = addressing.reply_recipients(addressing.with_correspondence(Ticket.objects.all()).get())

    assert [one.address for one in usual.to] == [ANA.address]
    assert [one.address for one in usual.cc] == [RUI.address]
