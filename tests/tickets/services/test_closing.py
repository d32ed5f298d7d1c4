"""Close and reopen."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event
from tests.factories.tickets import make_ticket
from tickets.services import closing


def test_close_records_who_closed_it(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()

    closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    event = Event.objects.for_ticket(ticket.pk).get(type="ticket.closed")
    assert (event.actor_kind, event.actor_id, event.actor_name) == ("agent", bela.pk, "Bela")


def test_closing_twice_says_so(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    with pytest.raises(closing.AlreadyClosed):
        closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())


def test_reopen_opens_a_closed_ticket(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    ticket = closing.reopen_ticket(ticket=ticket, actor=bela.as_actor())

    assert ticket.is_open
    assert ticket.closed_at is None
    with pytest.raises(closing.AlreadyOpen):
        closing.reopen_ticket(ticket=ticket, actor=bela.as_actor())
