"""Notices of tickets: the words they show, and that a ticket before one's eyes reads them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.kinds import Actor, ActorKind
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from events.models import Notification
from events.models.notification import NotificationKind
from events.services.notifying import notify
from events.services.recording import record
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.kinds import MessageEvent
from tickets.models import Ticket

SignIn = Callable[[Membership], Client]
ANA = Actor(ActorKind.CUSTOMER, 1, "Ana")


@pytest.fixture
def ticket(ada: Membership) -> Ticket:
    with tenant_scope(ada.tenant):
        return make_ticket(make_inbox())


def tell(ticket: Ticket, *members: Membership, words: str = "Where is it?") -> None:
    with tenant_scope(ticket.tenant):
        message = make_message(Ticket.objects.get(pk=ticket.pk), words)
        data = {"message": message.pk}
        event = record(MessageEvent.RECEIVED, subject=message, actor=ANA, data=data, ticket_id=ticket.pk)
        notify(event=event, kind=NotificationKind.REPLIED, members=members)


def unread(member: Membership) -> int:
    with tenant_scope(member.tenant):
        return Notification.objects.of_member(member.pk).unread().count()


def people_of(ticket: Ticket) -> str:
    return "/acme" + reverse("tickets:people", args=[ticket.number])


def test_ticket_before_ones_eyes_reads_its_notices(
    sign_in: SignIn, ticket: Ticket, ada: Membership, bela: Membership
) -> None:
    tell(ticket, ada, bela)

    response = sign_in(ada).post(people_of(ticket))

    assert response.status_code == 204
    assert (unread(ada), unread(bela)) == (0, 1)


def test_ticket_left_or_fetched_reads_nothing(sign_in: SignIn, ticket: Ticket, ada: Membership) -> None:
    tell(ticket, ada)
    client = sign_in(ada)

    client.post(people_of(ticket), {"gone": "1"})
    client.get(people_of(ticket))
    client.get(f"/acme/tickets/{ticket.number}/")

    assert unread(ada) == 1


def test_others_read_nothing_of_it(sign_in: SignIn, ticket: Ticket, ada: Membership, cleo: Membership) -> None:
    tell(ticket, ada)

    assert sign_in(cleo).post(people_of(ticket)).status_code == 404
    assert unread(ada) == 1


def test_list_shows_the_first_words_escaped(sign_in: SignIn, ticket: Ticket, ada: Membership) -> None:
    tell(ticket, ada, words="<b>Hello</b>\n\n" + "word " * 100)

    content = sign_in(ada).get("/acme/notices/").content.decode()

    assert "&lt;b&gt;Hello&lt;/b&gt; word" in content
    assert "word…" in content


def test_words_cost_one_query_for_one_and_for_many(sign_in: SignIn, ticket: Ticket, ada: Membership) -> None:
    client, counts = sign_in(ada), []
    for _ in range(2):
        tell(ticket, ada)
        with CaptureQueriesContext(connection) as captured:
            client.get("/acme/notices/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
