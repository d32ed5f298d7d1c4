"""Acknowledgements: to whom we know, never to machines, and never taken for an answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from channels.kinds import Way
from channels.models import Unsubscribed
from channels.services import receiving
from channels.services.receiving import Received
from core.ratelimit import Limit
from customers.models import Contact, Customer
from events.models import Event, Reaction
from tests.channels.outgoing import mail_of, raw_of
from tests.factories.channels import raw_bounce, raw_mail
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message, Recipient, Ticket
from tickets.services import merging, replying
from tickets.services.creating_inbox import create_inbox
from tickets.services.recounting import recount

Receive = Callable[[bytes], Received]
WORDS = "<div>Dear {{customer.first_name|friend}}, ticket {{ticket.number}} is at {{inbox.name}}.</div>"


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return create_inbox(
        name="Support", address="support@acme.example", signature="The team of {{agent.name}}", acknowledgement=WORDS
    )


@pytest.fixture
def known(receive: Receive) -> Message:
    """Ana wrote two days ago."""
    received = receive(raw_mail("The first one", mail_id="<old@shopper.example>"))
    assert received.message is not None
    earlier = timezone.now() - timedelta(days=2)
    Message.objects.filter(pk=received.message.pk).update(created_at=earlier)
    return received.message


def sent() -> list[Message]:
    return list(Message.objects.filter(is_automatic=True, direction="out").order_by("pk"))


def test_known_address_that_opens_a_ticket_is_told(receive: Receive, known: Message) -> None:
    received = receive(raw_mail())

    (message,) = sent()
    assert received.message is not None
    assert message.ticket == received.message.ticket
    assert message.text == "Dear Ana, ticket 2 is at Support."
    assert (message.author_name, message.author_member_id) == ("Support", None)
    assert [one.address for one in Recipient.objects.filter(message=message)] == ["ana@shopper.example"]
    event = Event.objects.get(type="message.sent", subject_id=message.pk)
    assert Reaction.objects.filter(event_id=event.pk, task="channels.tasks.deliver_message").exists()


def test_acknowledgement_is_no_answer(receive: Receive, known: Message) -> None:
    receive(raw_mail("Where is it?"))

    ticket = Ticket.objects.get(number=2)
    assert (ticket.awaits_reply, ticket.first_replied_at, ticket.preview) == (True, None, "Where is it?")
    assert ticket.message_count == 2
    recount(ticket=ticket)
    assert (ticket.awaits_reply, ticket.first_replied_at, ticket.preview) == (True, None, "Where is it?")


def test_letter_says_that_a_machine_wrote_it(receive: Receive, known: Message) -> None:
    receive(raw_mail(subject="Cheap pills at evil.example"))

    mail = mail_of(sent()[0])
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["In-Reply-To"] == "<one@shopper.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/public/mail/unsubscribe/" in mail["List-Unsubscribe"]
    assert mail["Subject"] == "Support #2"
    assert "agent.name" not in mail.as_string()
    assert "evil" not in mail.as_string()


def test_stranger_is_not_told(receive: Receive) -> None:
    receive(raw_mail())

    assert sent() == []


def test_second_mail_of_a_moment_later_makes_nobody_known(receive: Receive) -> None:
    """Or whoever forges an address twice has its owner written to."""
    receive(raw_mail())
    receive(raw_mail("again", mail_id="<two@shopper.example>"))

    assert sent() == []


def test_address_an_agent_wrote_to_is_known(receive: Receive, bela: Membership) -> None:
    received = receive(raw_mail("Hello"))
    assert received.message is not None
    answer = replying.reply(ticket=received.message.ticket, body=body_from_text("Hi"), agent=bela, at=timezone.now())
    receive(raw_mail("not yet", mail_id="<two@shopper.example>"))
    assert sent() == []

    raw_of(answer)
    receive(raw_mail("now", mail_id="<three@shopper.example>"))

    assert len(sent()) == 1


def test_answer_on_a_ticket_is_not_acknowledged(receive: Receive, known: Message) -> None:
    receive(raw_mail("And?", headers={"In-Reply-To": "<old@shopper.example>"}))

    assert sent() == []


def test_one_an_hour_is_enough(receive: Receive, known: Message) -> None:
    for number in range(5):
        receive(raw_mail(f"mail {number}", mail_id=f"<{number}@shopper.example>"))
    assert len(sent()) == 1

    Message.objects.filter(is_automatic=True).update(created_at=timezone.now() - timedelta(minutes=61))
    receive(raw_mail("an hour later", mail_id="<later@shopper.example>"))

    assert len(sent()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.shopper.example>"},
        {"Return-Path": "<>"},
        {"X-Auto-Response-Suppress": "DR, AutoReply"},
        {"X-Auto-Response-Suppress": "All"},
        {"Authentication-Results": "mx.acme.example; dmarc=fail"},
    ],
)
def test_machines_and_forgers_are_not_told(receive: Receive, known: Message, headers: dict[str, str]) -> None:
    received = receive(raw_mail(headers=headers))
    if received.mail.outcome == "quarantined":
        receiving.accept_mail(mail=received.mail, at=timezone.now())

    assert Ticket.objects.count() == 2
    assert sent() == []


@pytest.mark.parametrize("sender", ["no-reply@shopper.example", "noreply+1@shopper.example", "support@acme.example"])
def test_addresses_nobody_reads_are_not_told(receive: Receive, known: Message, sender: str) -> None:
    received = receive(raw_mail(sender=sender, mail_id="<n@shopper.example>"))
    assert received.message is not None
    Message.objects.filter(pk=received.message.pk).update(created_at=timezone.now() - timedelta(days=2))

    receive(raw_mail("again", sender=sender))

    assert sent() == []


def test_bounced_address_is_not_told(receive: Receive, known: Message) -> None:
    receive(raw_mail())
    receive(raw_bounce(recipient="ana@shopper.example", of=str(mail_of(sent()[0])["Message-ID"])))
    assert Contact.objects.get(value="ana@shopper.example").is_bounced
    Message.objects.filter(is_automatic=True).update(created_at=timezone.now() - timedelta(hours=2))

    receive(raw_mail("again", mail_id="<two@shopper.example>"))

    assert len(sent()) == 1


def test_who_unsubscribed_is_not_told_and_still_answered(receive: Receive, known: Message, bela: Membership) -> None:
    Unsubscribed.objects.create(address="ana@shopper.example")

    received = receive(raw_mail())

    assert sent() == []
    assert received.message is not None
    answer = replying.reply(ticket=received.message.ticket, body=body_from_text("Hi"), agent=bela, at=timezone.now())
    mail = mail_of(answer)
    assert "List-Unsubscribe" not in mail
    assert "Auto-Submitted" not in mail


def test_inbox_without_words_says_nothing(receive: Receive, known: Message, inbox: Inbox) -> None:
    inbox.acknowledgement = ""

    receive(raw_mail())

    assert sent() == []


@pytest.mark.parametrize("name", ["{{ticket.number}}", "<b>x</b>", "{{7*7}}", "{% debug %}", "{{customer.email}}"])
def test_name_of_a_customer_is_text(receive: Receive, known: Message, name: str) -> None:
    Customer.objects.update(first_name=name)

    receive(raw_mail())

    assert sent()[0].text == f"Dear {name}, ticket 2 is at Support."


def test_subject_of_a_stranger_is_not_repeated(receive: Receive, known: Message, inbox: Inbox) -> None:
    inbox.acknowledgement = "<div>Re: {{ticket.subject|your letter}}, {{agent.name}}</div>"

    receive(raw_mail(subject="Cheap pills"))

    assert sent()[0].text == "Re: your letter,"


def test_merged_ticket_still_waits(receive: Receive, known: Message, bela: Membership) -> None:
    received = receive(raw_mail())
    assert received.message is not None

    ticket = merging.merge_tickets(
        source=received.message.ticket, into=known.ticket, actor=bela.as_actor(), at=timezone.now()
    )

    assert (ticket.awaits_reply, ticket.first_replied_at, ticket.preview) == (True, None, "Where is my order?")


def test_automatic_answer_to_it_waits_for_nothing(receive: Receive, known: Message) -> None:
    received = receive(raw_mail())
    assert received.message is not None
    mail_id = str(mail_of(sent()[0])["Message-ID"])

    away = receive(
        raw_mail(
            "I am away",
            sender="Ana <ana@work.example>",
            mail_id="<away@work.example>",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": mail_id},
        )
    )

    assert away.mail.outcome == "message_added"
    assert away.message is not None
    assert away.message.is_automatic
    ticket = Ticket.objects.get(pk=received.message.ticket_id)
    assert not ticket.participants.filter(address="ana@work.example").exists()
    assert ticket.preview == "I am away"
    recount(ticket=ticket)
    assert (ticket.preview, ticket.awaits_reply) == ("I am away", True)
    assert len(sent()) == 1


def test_flood_in_somebodys_name_reaches_them_once(
    inbox: Inbox, known: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    from channels.services import braking

    monkeypatch.setattr(braking, "BY_SENDER", Limit("test.flood", burst=50, per_second=0.001))
    for number in range(60):
        raw = raw_mail(f"Buy {number}", mail_id=f"<{number}@evil.example>")
        mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
        receiving.work_stored(mail_id=mail.pk, at=timezone.now())

    assert len(sent()) == 1
