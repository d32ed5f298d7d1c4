"""Internal notes, and whom they mention."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Notification
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.bodies import body_from_html, body_from_text
from tickets.models import Message, Ticket
from tickets.services import noting


def add(ticket: Ticket, agent: Membership, html: str) -> Message:
    return noting.add_note(ticket=ticket, body=body_from_html(html), agent=agent, at=timezone.now())


def told() -> list[tuple[int, str]]:
    return sorted(Notification.objects.values_list("member_id", "kind"))


def test_mentioned_member_is_told_once_for_each_note(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    note = add(make_ticket(), bela, "<div>@ada, please look. Thanks, @Ada</div>")

    assert told() == [(ada.pk, "mentioned")]
    assert note.html == "<p><mark>@ada</mark>, please look. Thanks, <mark>@Ada</mark></p>"
    assert note.text == "@ada, please look. Thanks, @Ada"


def test_nobody_tells_themselves(in_acme: Tenant, bela: Membership) -> None:
    add(make_ticket(), bela, "<div>Remember, @Bela</div>")

    assert told() == []


def test_who_may_not_see_the_ticket_is_not_told(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    bela.sees_all_inboxes = False
    bela.save()

    note = add(make_ticket(make_inbox()), ada, "<div>@Bela</div>")

    assert told() == []
    assert "<mark>" not in note.html


def test_marks_that_were_posted_are_no_mentions(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    note = add(make_ticket(), bela, "<div><mark>@Nobody</mark></div>")

    assert note.html == "<p>@Nobody</p>"


def test_note_leaves_the_conversation_alone(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    make_message(ticket, "Where is it?")

    add(ticket, bela, "<div>Ask the warehouse</div>")

    ticket.refresh_from_db()
    assert (ticket.preview, ticket.awaits_reply, ticket.first_replied_at) == ("Where is it?", True, None)


def test_empty_note_is_refused(in_acme: Tenant, bela: Membership) -> None:
    with pytest.raises(noting.EmptyNote):
        noting.add_note(ticket=make_ticket(), body=body_from_text(" "), agent=bela, at=timezone.now())
