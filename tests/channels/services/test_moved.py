"""Mail that answers what was merged or split arrives where it stands now, also at the very moment it moves."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.services import delivering, receiving
from channels.services.receiving import Received
from tests.factories.channels import ANA, raw_mail
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message, Participant, Ticket
from tickets.services import merging, replying, splitting, unmerging
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]
ROUNDS = 5


def ticket_of(received: Received) -> Ticket:
    assert received.message is not None
    return Ticket.objects.get(pk=received.message.ticket_id)


def open_with(receive: Receive, mail_id: str, subject: str = "My order") -> Ticket:
    return ticket_of(receive(raw_mail(mail_id=mail_id, subject=subject)))


def answer_to(receive: Receive, mail_id: str, new_id: str, sender: str = ANA) -> Ticket:
    return ticket_of(
        receive(raw_mail(f"And? {new_id}", mail_id=new_id, headers={"In-Reply-To": mail_id}, sender=sender))
    )


def reply_to(ticket: Ticket, agent: Membership) -> str:
    """The signed Message-ID of a reply."""
    sent = replying.reply(ticket=ticket, body=body_from_text("On its way"), agent=agent, at=timezone.now())
    return delivering._prepare(sent).mail_id


def merge(source: Ticket, into: Ticket) -> None:
    merging.merge_tickets(source=source, into=into, actor=SYSTEM, at=timezone.now())


def test_answer_to_a_merged_ticket_joins_the_target(receive: Receive, bela: Membership) -> None:
    source = open_with(receive, "<one@shopper.example>")
    into = open_with(receive, "<two@shopper.example>", subject="Another")
    signed = reply_to(source, bela)
    merge(source, into)

    assert answer_to(receive, "<one@shopper.example>", "<three@shopper.example>") == into
    assert answer_to(receive, signed, "<four@work.example>", sender="ana@work.example") == into
    assert not Message.objects.filter(ticket=source).exists()


def test_answer_after_a_merge_was_undone_goes_back_with_what_it_answers(receive: Receive, bela: Membership) -> None:
    source = open_with(receive, "<one@shopper.example>")
    into = open_with(receive, "<two@shopper.example>", subject="Another")
    merge(source, into)
    into = Ticket.objects.get(pk=into.pk)
    since = reply_to(into, bela)
    unmerging.unmerge_ticket(ticket=source, actor=SYSTEM)

    assert answer_to(receive, "<one@shopper.example>", "<three@shopper.example>") == source
    assert answer_to(receive, since, "<four@work.example>", sender="ana@work.example") == into


def test_answer_to_a_message_that_was_split_off_follows_it(receive: Receive, bela: Membership) -> None:
    ticket = open_with(receive, "<one@shopper.example>")
    answer_to(receive, "<one@shopper.example>", "<two@shopper.example>")
    signed = reply_to(ticket, bela)

    fresh = splitting.split_ticket(ticket=ticket, numbers=[2, 3], subject="", actor=SYSTEM, at=timezone.now())

    assert answer_to(receive, "<two@shopper.example>", "<three@shopper.example>") == fresh
    assert answer_to(receive, signed, "<four@work.example>", sender="ana@work.example") == fresh
    assert answer_to(receive, "<one@shopper.example>", "<five@shopper.example>") == ticket


def test_mail_that_finds_its_ticket_while_it_is_merged_lands_on_the_target(receive: Receive) -> None:
    source = open_with(receive, "<one@shopper.example>")
    into = open_with(receive, "<two@shopper.example>", subject="Another")
    stale = Ticket.objects.get(pk=source.pk)
    merge(source, into)
    from tickets.services.receiving import Letter, receive_message

    letter = Letter("Ana", "ana@shopper.example", "late", "", "", ())
    message = receive_message(
        ticket=stale, letter=letter, customer=None, joined_because="", reopens=True, at=timezone.now()
    )

    assert (message.ticket, message.number) == (into, 3)
    assert Participant.objects.filter(ticket=into, address="ana@shopper.example", has_written=True).exists()


def together(acme: Tenant, *acts: Callable[[], Any]) -> list[BaseException]:
    """Run each in a thread and connection of its own, at one moment; what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            with tenant_scope(acme):
                start.wait()
                act()
        except BaseException as error:  # noqa: BLE001  shown by the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_mail_and_merges_at_one_moment_lose_nothing_and_do_not_deadlock(acme: Tenant) -> None:
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example")
    for round_ in range(ROUNDS):
        raws = [raw_mail(f"{round_} {name}", mail_id=f"<{round_}{name}@shopper.example>") for name in "abc"]
        with tenant_scope(acme):
            received = [receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now()) for raw in raws]
            with transaction.atomic():
                a, b, c = (ticket_of(one) for one in received)
        mails = [answering(inbox, round_, name) for name in "abc"]

        merges = [partial(merge, *pair) for pair in ((a, b), (c, a), (b, c))]

        raised = together(acme, *mails, *merges)

        assert [one for one in raised if not isinstance(one, merging.AlreadyMerged)] == []
        with tenant_scope(acme), transaction.atomic():
            of_round = Message.objects.filter(ticket__in=[a, b, c])
            assert of_round.count() == 6
            assert not of_round.exclude(ticket__merged_into=None).exists()


def answering(inbox: Inbox, round_: int, name: str) -> Callable[[], Any]:
    raw = raw_mail(
        f"And {name} of {round_}?",
        mail_id=f"<{round_}{name}2@shopper.example>",
        headers={"In-Reply-To": f"<{round_}{name}@shopper.example>"},
    )
    return lambda: receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now())
