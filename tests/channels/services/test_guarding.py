"""The threading guard against people who would like to be somebody else, or to be read by others."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.services import addressing as doors
from channels.services import receiving
from channels.services.addressing import find_place
from channels.services.receiving import Received
from tests.channels.outgoing import mail_of
from tests.factories.channels import raw_mail
from tickets.addresses import Person
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message, Participant, Recipient, Ticket
from tickets.services import addressing, merging, replying
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]
MALLORY = "Mallory <mallory@stranger.example>"


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return create_inbox(name="Support", address="support@acme.example", takes_plus_addresses=True)


def answered(receive: Receive, agent: Membership) -> Message:
    """A reply on a ticket of Ana's."""
    received = receive(raw_mail())
    assert received.message is not None
    return replying.reply(
        ticket=received.message.ticket, body=body_from_text("On its way"), agent=agent, at=timezone.now()
    )


def reply_address(receive: Receive, agent: Membership) -> str:
    return str(mail_of(answered(receive, agent))["Reply-To"].addresses[0].addr_spec)


def message_of(received: Received) -> Message:
    assert received.message is not None
    return received.message


def test_letter_asks_for_its_answer_at_a_signed_address(receive: Receive, bela: Membership, inbox: Inbox) -> None:
    address = reply_address(receive, bela)

    assert address.startswith("support+r")
    place = find_place(address.upper())
    assert place is not None
    assert place.inbox_id == inbox.pk


def test_inbox_that_knows_no_signed_addresses_asks_for_none(receive: Receive, bela: Membership, inbox: Inbox) -> None:
    Inbox.objects.update(takes_plus_addresses=False)
    inbox.refresh_from_db()

    assert "Reply-To" not in mail_of(answered(receive, bela))


def test_answer_to_the_signed_address_joins_without_any_id(receive: Receive, bela: Membership) -> None:
    address = reply_address(receive, bela)

    received = receive(raw_mail("Thanks", to=f"Support <{address}>", mail_id="<t@shopper.example>", subject="Hm"))

    message = message_of(received)
    assert received.mail.outcome == "message_added"
    assert message.joined_because == "Answers a message of ours (signed)"
    assert message.warning == ""
    assert Ticket.objects.count() == 1


def test_signed_address_is_shown_to_nobody_and_copied_to_nobody(receive: Receive, bela: Membership) -> None:
    address = reply_address(receive, bela)

    received = receive(
        raw_mail("Thanks", to=address, mail_id="<t@shopper.example>", headers={"Cc": "Rui <rui@shopper.example>"})
    )

    written_to = set(Recipient.objects.filter(message=message_of(received)).values_list("address", flat=True))
    assert written_to == {"support@acme.example", "rui@shopper.example"}
    assert not Participant.objects.filter(address__contains="+r").exists()
    ticket = addressing.with_correspondence(Ticket.objects.all()).get()
    assert [one.address for one in addressing.reply_recipients(ticket).everybody] == [
        "ana@shopper.example",
        "rui@shopper.example",
    ]


def test_inbox_with_a_plus_of_its_own_is_found_by_its_signed_addresses(in_acme: Tenant, bela: Membership) -> None:
    create_inbox(name="All", address="support@acme.example")
    inbox = create_inbox(name="Europe", address="support+eu@acme.example", takes_plus_addresses=True)
    address = reply_address(lambda raw: receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now()), bela)

    place = find_place(address)

    assert address.startswith("support+eu+r")
    assert place == doors.Place(in_acme.pk, inbox.pk)
    assert addressing.is_own(address, {"support+eu@acme.example"})


def test_answer_finds_the_ticket_its_message_was_moved_to(receive: Receive, bela: Membership) -> None:
    address = reply_address(receive, bela)
    into = message_of(receive(raw_mail("Again", mail_id="<two@shopper.example>"))).ticket
    source = Ticket.objects.exclude(pk=into.pk).get()
    merging.merge_tickets(source=source, into=into, actor=bela.as_actor(), at=timezone.now())

    received = receive(raw_mail("Thanks", to=address, mail_id="<t@shopper.example>"))

    assert message_of(received).ticket_id == into.pk


def test_stranger_with_the_signed_address_is_told_apart(receive: Receive, bela: Membership) -> None:
    address = reply_address(receive, bela)

    received = receive(raw_mail("Send it to me", sender=MALLORY, to=address, mail_id="<m@stranger.example>"))

    message = message_of(received)
    assert received.mail.outcome == "message_added"
    assert "was not on this ticket before" in message.warning
    ticket = addressing.with_correspondence(Ticket.objects.all()).get()
    assert [one.address for one in addressing.reply_recipients(ticket).everybody] == ["ana@shopper.example"]


@pytest.mark.parametrize("change", ["longer", "forged", "number"])
def test_guessed_signed_address_proves_nothing(receive: Receive, bela: Membership, change: str) -> None:
    address = reply_address(receive, bela)
    local, _, domain = address.partition("@")
    guessed = {"longer": f"{local}x", "forged": f"support+r{'a' * 40}", "number": "support+r1"}[change]

    received = receive(raw_mail("Hi", sender=MALLORY, to=f"{guessed}@{domain}", mail_id="<m@stranger.example>"))

    assert received.mail.outcome == "ticket_created"
    assert not Participant.objects.filter(ticket__number=1, address="mallory@stranger.example").exists()


def test_signed_address_of_another_workspace_proves_nothing_here(
    receive: Receive, bela: Membership, globex: Tenant
) -> None:
    address = reply_address(receive, bela)

    with tenant_scope(globex):
        inbox = create_inbox(name="Help", address="help@globex.example")
        raw = raw_mail("Thanks", to=address, mail_id="<g@shopper.example>")
        received = receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now())

        assert received.mail.outcome == "ticket_created"


@pytest.mark.parametrize("subject", ["Re: [#1] My order", "[Ticket#1]", "Re: My order"])
def test_member_by_mail_is_a_customer_and_so_it_says(receive: Receive, bela: Membership, subject: str) -> None:
    receive(raw_mail())

    received = receive(
        raw_mail(
            "Please refund everything",
            sender=f"Bela <{bela.email}>",
            subject=subject,
            mail_id="<b@acme.example>",
            headers={"In-Reply-To": "<one@shopper.example>"},
        )
    )

    message = message_of(received)
    assert (message.is_inbound, message.author_member_id) == (True, None)
    assert message.ticket.number == 2
    assert "a member's address" in message.warning


def test_copied_stranger_does_not_take_the_ticket_over(receive: Receive, bela: Membership) -> None:
    """The ticket trick: whoever is copied on a ticket in somebody's name gets nothing unless an agent sends it."""
    receive(raw_mail(sender="Ana <ana@shopper.example>", headers={"Cc": MALLORY, "Reply-To": "evil@stranger.example"}))

    ticket = addressing.with_correspondence(Ticket.objects.all()).get()
    assert [one.address for one in addressing.reply_recipients(ticket).to] == ["ana@shopper.example"]
    assert not Participant.objects.filter(has_written=True).exclude(address="ana@shopper.example").exists()


def test_other_address_for_answers_is_shown_and_can_be_chosen(receive: Receive) -> None:
    received = receive(raw_mail(headers={"Reply-To": "Ana at work <ana@work.example>"}))

    assert message_of(received).warning == "Asks for answers to ana@work.example; a reply goes to its sender."
    ticket = addressing.with_correspondence(Ticket.objects.all()).get()
    assert "ana@work.example" in {one.address for one in addressing.participants_of(ticket)}
    assert addressing.recipient_of(ticket) == Person("ana@shopper.example", "Ana Lopes")


@pytest.mark.parametrize("headers", [{"Reply-To": "ANA@shopper.example"}, {"Sender": "Desk <desk@shopper.example>"}])
def test_honest_mail_has_no_warning(receive: Receive, headers: dict[str, str]) -> None:
    assert message_of(receive(raw_mail(headers=headers))).warning == ""


@pytest.mark.parametrize("sender", ["support@acme.example", "Shop <SUPPORT+form@acme.example>"])
def test_form_of_the_shop_is_written_by_whom_it_names(receive: Receive, sender: str) -> None:
    """Its sender is our own address, to which no reply could go."""
    received = receive(raw_mail(sender=sender, headers={"Reply-To": "Ana Lopes <ana@shopper.example>"}))

    message = message_of(received)
    assert (message.author_address, message.warning) == ("ana@shopper.example", "")
    assert addressing.recipient_of(message.ticket) == Person("ana@shopper.example", "Ana Lopes")


def test_mail_from_our_own_address_alone_has_no_other_writer(receive: Receive) -> None:
    received = receive(raw_mail(sender="support@acme.example", headers={"Reply-To": "support@acme.example"}))

    assert message_of(received).author_address == "support@acme.example"


def test_mail_its_domain_disowns_is_marked(receive: Receive) -> None:
    results = "mx.acme.example; spf=fail smtp.mailfrom=evil.example; dmarc=fail (p=REJECT) header.from=shopper.example"

    received = receive(raw_mail(headers={"Authentication-Results": results, "Sender": "x@evil.example"}))

    assert message_of(received).warning == (
        "Somebody else may have written it: its sender's domain disowns it (DMARC). "
        "Sent by x@evil.example in the name of its sender."
    )


@pytest.mark.parametrize(
    "header",
    [
        {"X-Helpdesk-Loop": "1"},
        {"X-Helpdesk-Ticket": "1"},
        {"X-Helpdesk-Agent": "bela@acme.example"},
        {"X-Spam-Flag": "YES"},
        {"Authentication-Results": "mx.acme.example; dmarc=pass"},
    ],
)
def test_forged_headers_give_no_trust(receive: Receive, header: dict[str, str]) -> None:
    receive(raw_mail())

    received = receive(raw_mail(sender=MALLORY, mail_id="<m@stranger.example>", headers=header))

    assert received.mail.outcome == "ticket_created"
    assert message_of(received).ticket.number == 2


def test_ticket_takes_only_so_many_people(receive: Receive) -> None:
    for number in range(3):
        people = ", ".join(f"p{number}-{one}@many.example" for one in range(30))
        receive(
            raw_mail(
                f"mail {number}",
                mail_id=f"<{number}@shopper.example>",
                headers={"Cc": people, "In-Reply-To": "<0@shopper.example>"},
            )
        )

    assert Ticket.objects.count() == 1
    assert Participant.objects.count() == addressing.MOST_PARTICIPANTS


def test_same_id_from_another_sender_is_another_mail(receive: Receive) -> None:
    """Or a stranger who knows, or guesses, the id of a letter could have it taken for known."""
    receive(raw_mail("Mine", sender=MALLORY))

    assert receive(raw_mail("Ana's own")).mail.outcome == "ticket_created"
    assert Message.objects.count() == 2
