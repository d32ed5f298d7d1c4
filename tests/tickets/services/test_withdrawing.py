"""Taking a message back before it goes out."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from events.models import Event
from files.services.storing import store
from tests.factories.tickets import make_message
from tests.tickets.services.test_replying import ANA, EVE, RUI, reply, written_ticket
from tickets.addresses import Recipients
from tickets.bodies import body_from_html
from tickets.kinds import DeliveryState
from tickets.models import Draft, DraftFile, Message
from tickets.services import carrying, closing, withdrawing


def withdraw(message: Message, agent: Membership, **fields: Any) -> None:
    withdrawing.withdraw_message(message=message, agent=agent, **{"at": timezone.now(), **fields})


def test_withdrawn_message_is_a_draft_again(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()
    file = carrying.OutgoingFile(store(name="b.pdf", content_type="application/pdf", content=b"y"))
    recipients = Recipients.of(to=[ANA], cc=[RUI], bcc=[EVE])
    body = body_from_html("<div>Almost <b>right</b></div>")
    message = reply(ticket, bela, body=body, recipients=recipients, files=[file])

    withdraw(message, bela)

    assert not Message.objects.filter(ticket=ticket).exists()
    draft = Draft.objects.get(member=bela, ticket=ticket, kind="reply")
    assert "Almost <strong>right</strong>" in draft.html
    assert (draft.to, draft.cc, draft.bcc) == (ANA.address, RUI.address, EVE.address)
    assert DraftFile.objects.get(draft=draft).file == file.file
    assert Event.objects.get(type="message.withdrawn").data == {"message": message.pk}


def test_ticket_says_again_what_it_said_before(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()
    asked = make_message(ticket, "Where is it?")
    message = reply(ticket, bela)

    withdraw(message, bela)

    ticket.refresh_from_db()
    assert (ticket.preview, ticket.awaits_reply, ticket.first_replied_at) == ("Where is it?", True, None)
    assert ticket.last_message_at == asked.created_at


def test_ticket_closed_with_the_message_opens_again(in_acme: Tenant, bela: Membership) -> None:
    ticket = written_ticket()
    message = reply(ticket, bela, closes=True)

    withdraw(message, bela)

    ticket.refresh_from_db()
    assert ticket.is_open


def test_ticket_closed_by_somebody_since_stays_closed(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = written_ticket()
    message = reply(ticket, bela, closes=True)
    closing.reopen_ticket(ticket=ticket, actor=ada.as_actor())
    closing.close_ticket(ticket=ticket, actor=ada.as_actor(), at=timezone.now())

    withdraw(message, bela)

    ticket.refresh_from_db()
    assert ticket.is_closed


def test_only_its_author_takes_a_message_back(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    message = reply(written_ticket(), bela)

    with pytest.raises(withdrawing.NotTheAuthor):
        withdraw(message, ada)


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.FAILED])
def test_message_on_its_way_stays(in_acme: Tenant, bela: Membership, state: DeliveryState) -> None:
    message = reply(written_ticket(), bela)
    message.mark_delivery(state=state)

    with pytest.raises(withdrawing.AlreadyOnItsWay):
        withdraw(message, bela)


def test_time_to_undo_ends(in_acme: Tenant, bela: Membership) -> None:
    message = reply(written_ticket(), bela)

    with pytest.raises(withdrawing.AlreadyOnItsWay):
        withdraw(message, bela, at=message.created_at + timedelta(seconds=10))


def test_second_press_finds_nothing_to_take_back(in_acme: Tenant, bela: Membership) -> None:
    message = reply(written_ticket(), bela)
    withdraw(message, bela)

    with pytest.raises(withdrawing.AlreadyOnItsWay):
        withdraw(message, bela)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("worker_is_first", [True, False])
def test_of_worker_and_author_one_wins(acme: Tenant, bela: Membership, worker_is_first: bool) -> None:
    with tenant_scope(acme), transaction.atomic():
        message = reply(written_ticket(), bela)
    outcome: list[str] = []
    other = _send if worker_is_first is False else _undo

    with tenant_scope(acme), transaction.atomic():
        (_send if worker_is_first else _undo)(message, bela, outcome)
        thread = threading.Thread(target=_beside, args=(acme, other, message, bela, outcome))
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the other did not wait for the row"
    thread.join(10)

    assert outcome == (["sending", "too late"] if worker_is_first else ["undone", "gone"])


def _send(message: Message, agent: Membership, outcome: list[str]) -> None:
    """What delivering does first."""
    row = Message.objects.select_for_update(no_key=True).filter(pk=message.pk).first()
    if row is not None:
        row.mark_delivery(state=DeliveryState.SENDING)
    outcome.append("sending" if row else "gone")


def _undo(message: Message, agent: Membership, outcome: list[str]) -> None:
    try:
        withdraw(message, agent)
        outcome.append("undone")
    except withdrawing.AlreadyOnItsWay:
        outcome.append("too late")


def _beside(tenant: Tenant, act: Any, message: Message, agent: Membership, outcome: list[str]) -> None:
    try:
        with tenant_scope(tenant), transaction.atomic():
            act(message, agent, outcome)
    finally:
        connection.close()
