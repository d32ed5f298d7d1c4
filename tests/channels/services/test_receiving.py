"""Mail comes in: customer, ticket, threading guard, duplicates, quarantine."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.models import RawMail
from channels.services import posting, receiving
from channels.services.receiving import Received
from customers.models import Contact, Customer
from files.services import storing
from tests.factories.channels import raw_bounce, raw_mail
from tickets.addresses import MOST_RECIPIENTS
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message, Participant, Ticket
from tickets.services import closing, replying
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]


def test_new_mail_becomes_a_ticket_of_a_new_customer(receive: Receive) -> None:
    received = receive(raw_mail("Where is my order?"))

    assert received.mail.outcome == "ticket_created"
    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.subject, ticket.preview) == (1, "My order", "Where is my order?")
    assert ticket.customer == received.customer == Customer.objects.get()
    assert received.customer is not None
    assert received.customer.display_name == "Ana Lopes"


def test_second_mail_finds_the_same_customer(receive: Receive) -> None:
    first = receive(raw_mail())
    second = receive(raw_mail(sender="ANA@Shopper.Example", mail_id="<two@shopper.example>", subject="Another"))

    assert second.customer == first.customer
    assert Ticket.objects.count() == 2


def test_answer_from_a_sender_on_the_ticket_joins_it(receive: Receive) -> None:
    receive(raw_mail())

    received = receive(
        raw_mail("And?", mail_id="<two@shopper.example>", headers={"In-Reply-To": "<one@shopper.example>"})
    )

    assert received.mail.outcome == "message_added"
    assert Ticket.objects.get().message_count == 2
    assert received.message is not None
    assert "from an address on this ticket" in received.message.joined_because


def test_stranger_who_knows_the_message_id_opens_a_linked_ticket(receive: Receive) -> None:
    receive(raw_mail())

    received = receive(
        raw_mail(
            "Send it to me instead",
            sender="mallory@stranger.example",
            mail_id="<evil@stranger.example>",
            headers={"In-Reply-To": "<one@shopper.example>", "References": "<one@shopper.example>"},
        )
    )

    assert received.mail.outcome == "ticket_created"
    first, second = Ticket.objects.order_by("number")
    assert first.message_count == 1
    assert second.linked_to == first
    assert not Participant.objects.filter(ticket=first, address="mallory@stranger.example").exists()


def test_ticket_number_in_the_subject_proves_nothing(receive: Receive) -> None:
    receive(raw_mail())

    receive(raw_mail(sender="mallory@stranger.example", subject="Re: [#1] My order", mail_id="<x@stranger.example>"))

    assert Ticket.objects.count() == 2


def test_signed_id_of_ours_joins_from_any_address(receive: Receive, bela: Membership) -> None:
    from channels.services import delivering

    first = receive(raw_mail())
    assert first.message is not None
    reply = replying.reply(
        ticket=first.message.ticket, body=body_from_text("On its way"), agent=bela, at=timezone.now()
    )
    mail_id = delivering._prepare(reply).mail_id

    received = receive(
        raw_mail("Thanks", sender="ana@work.example", mail_id="<w@work.example>", headers={"In-Reply-To": mail_id})
    )

    assert received.mail.outcome == "message_added"
    assert received.message is not None
    assert received.message.joined_because == "Answers a message of ours (signed)"


def test_signed_id_of_another_workspace_proves_nothing_here(receive: Receive, bela: Membership, globex: Tenant) -> None:
    from channels.services import delivering

    first = receive(raw_mail())
    assert first.message is not None
    reply = replying.reply(
        ticket=first.message.ticket, body=body_from_text("On its way"), agent=bela, at=timezone.now()
    )
    mail_id = delivering._prepare(reply).mail_id

    with tenant_scope(globex):
        inbox = create_inbox(name="Help", address="help@globex.example")
        mail = raw_mail("Thanks", mail_id="<g@shopper.example>", headers={"In-Reply-To": mail_id})
        received = receiving.receive_mail(inbox=inbox, raw=mail, at=timezone.now())
        assert received.mail.outcome == "ticket_created"


def test_same_message_id_makes_one_message(receive: Receive) -> None:
    first = receive(raw_mail("Hello"))
    second = receive(raw_mail("Hello, delivered by another way"))

    assert second.mail.outcome == "duplicate"
    assert second.message == first.message
    assert Message.objects.count() == 1
    assert RawMail.objects.count() == 2


def test_same_content_without_a_message_id_makes_one_message(receive: Receive) -> None:
    raw = raw_mail(mail_id="")

    receive(b"Received: from a.example\r\n" + raw)
    second = receive(b"Received: from b.example\r\n" + raw)

    assert second.mail.outcome == "duplicate"


def test_mail_without_sender_has_no_customer_and_says_why(receive: Receive) -> None:
    received = receive(raw_mail(sender=None))

    assert received.mail.outcome == "ticket_created"
    assert received.customer is None
    assert Ticket.objects.get().customer_reason == "The mail names no sender."
    assert not Customer.objects.exists()


def test_mail_in_the_name_of_an_agent_is_a_customers(receive: Receive, bela: Membership) -> None:
    received = receive(raw_mail(sender=f"Bela <{bela.email}>"))

    message = Message.objects.get()
    assert message.is_inbound
    assert message.author_member_id is None
    assert message.author_customer == received.customer


def test_only_so_many_copied_people_become_participants(receive: Receive) -> None:
    copied = ", ".join(f"p{number}@many.example" for number in range(500))

    receive(raw_mail(headers={"Cc": copied}))

    assert Participant.objects.count() == MOST_RECIPIENTS  # our own address counts too
    assert Customer.objects.count() == 1


def test_unreadable_mail_is_kept_with_the_reason_and_the_next_is_worked(receive: Receive) -> None:
    bad = receive(b"")
    good = receive(raw_mail())

    assert bad.mail.outcome == "quarantined"
    assert bad.mail.reason.startswith("Cannot be read")
    assert good.mail.outcome == "ticket_created"


def test_fault_while_working_keeps_the_mail(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(posting, "post", fail)
        received = receive(raw_mail())

    assert received.mail.outcome == "quarantined"
    assert "RuntimeError" in received.mail.reason
    assert storing.read(received.mail.file) == storing.read(RawMail.objects.get().file) != b""
    again = receiving.accept_mail(mail=received.mail, at=timezone.now())
    assert again.mail.outcome == "ticket_created"


def test_bounce_marks_the_message_and_the_address(receive: Receive, bela: Membership) -> None:
    from channels.services import delivering

    first = receive(raw_mail())
    assert first.message is not None
    reply = replying.reply(
        ticket=first.message.ticket, body=body_from_text("On its way"), agent=bela, at=timezone.now()
    )
    mail_id = delivering._prepare(reply).mail_id

    received = receive(raw_bounce(recipient="ana@shopper.example", of=mail_id))

    assert (received.mail.kind, received.mail.outcome) == ("bounce", "quarantined")
    reply.refresh_from_db()
    assert reply.delivery_state == "bounced"
    assert Contact.objects.get(value="ana@shopper.example").bounced_at is not None
    assert not Customer.objects.filter(fallback_name__icontains="daemon").exists()
    assert Ticket.objects.count() == 1


def test_forged_bounce_marks_nothing(receive: Receive) -> None:
    first = receive(raw_mail())

    receive(raw_bounce(recipient="ana@shopper.example", of="<one@shopper.example>"))

    assert Contact.objects.get(value="ana@shopper.example").bounced_at is None
    assert first.message is not None


def test_automatic_answer_joins_without_reopening(receive: Receive, bela: Membership) -> None:
    first = receive(raw_mail())
    assert first.message is not None
    closing.close_ticket(ticket=first.message.ticket, actor=bela.as_actor(), at=timezone.now())

    received = receive(
        raw_mail(
            "I am away",
            mail_id="<away@shopper.example>",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": "<one@shopper.example>"},
        )
    )

    assert (received.mail.kind, received.mail.outcome) == ("auto_reply", "message_added")
    assert Ticket.objects.get().is_closed


def test_automatic_answer_to_nothing_is_quarantined_and_can_be_accepted(receive: Receive) -> None:
    received = receive(raw_mail("I am away", headers={"Auto-Submitted": "auto-replied"}))

    assert received.mail.outcome == "quarantined"
    assert not Customer.objects.exists()
    accepted = receiving.accept_mail(mail=received.mail, at=timezone.now())
    assert accepted.mail.outcome == "ticket_created"
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_mail_delivered_twice_at_once_makes_one_message(acme: Tenant) -> None:
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
    raw, outcomes, start = raw_mail(), [], threading.Barrier(2)

    def deliver() -> None:
        with tenant_scope(acme):
            start.wait()
            outcomes.append(receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now()).mail.outcome)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["duplicate", "ticket_created"]


def test_mail_to_one_workspace_is_not_seen_by_another(receive: Receive, globex: Tenant) -> None:
    receive(raw_mail())

    with tenant_scope(globex):
        assert not Ticket.objects.exists()
        assert not Inbox._base_manager.exists()
