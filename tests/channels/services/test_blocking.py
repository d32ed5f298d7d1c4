"""Blocked senders, and brakes against loops."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Membership
from channels.kinds import Way
from channels.models import BlockedSender, RawMail
from channels.services import blocking, braking, receiving
from channels.services.receiving import Received
from core.contacts import NotAnAddress
from core.ratelimit import Limit
from customers.models import Customer
from tests.factories.channels import raw_mail
from tickets.models import Inbox, Ticket

Receive = Callable[[bytes], Received]


@pytest.mark.parametrize("address", ["ana@shopper.example", " ANA@Shopper.Example ", "@shopper.example"])
def test_mail_of_a_blocked_sender_is_kept_and_opens_nothing(receive: Receive, bela: Membership, address: str) -> None:
    blocking.block_sender(address=address, agent=bela)

    received = receive(raw_mail())

    assert received.mail.outcome == "blocked"
    assert "is blocked" in received.mail.reason
    assert not Ticket.objects.exists()
    assert not Customer.objects.exists()


def test_unblocked_sender_is_heard_again(receive: Receive, bela: Membership) -> None:
    row = blocking.block_sender(address="ana@shopper.example", agent=bela)
    blocking.unblock_sender(blocked=row, agent=bela)

    assert receive(raw_mail()).mail.outcome == "ticket_created"


def test_blocking_twice_is_blocking_once(inbox: Inbox, bela: Membership) -> None:
    first, second = (blocking.block_sender(address="a@b.example", agent=bela) for _ in range(2))

    assert first == second
    assert BlockedSender.objects.count() == 1


@pytest.mark.parametrize("address", ["support@acme.example", "@acme.example"])
def test_nobody_silences_their_own_inbox(inbox: Inbox, bela: Membership, address: str) -> None:
    with pytest.raises(blocking.OneOfUs):
        blocking.block_sender(address=address, agent=bela)


@pytest.mark.parametrize("address", ["", "@", "shopper.example", "a b@c.example", "a@b.example\nBcc: x@y.example"])
def test_only_addresses_can_be_blocked(inbox: Inbox, bela: Membership, address: str) -> None:
    with pytest.raises(NotAnAddress):
        blocking.block_sender(address=address, agent=bela)


def test_sender_as_fast_as_a_machine_is_set_aside(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(braking, "BY_SENDER", Limit("test.sender", burst=3, per_second=0.001))
    for number in range(5):
        raw = raw_mail(f"again {number}", mail_id=f"<{number}@shopper.example>")
        mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
        receiving.work_stored(mail_id=mail.pk, at=timezone.now())

    outcomes = list(RawMail.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["ticket_created"] * 3 + ["quarantined"] * 2
    assert "taken for a loop" in RawMail.objects.latest("pk").reason
    # The neighbor goes on.
    raw = raw_mail(sender="bob@other.example", mail_id="<bob@other.example>")
    mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
    receiving.work_stored(mail_id=mail.pk, at=timezone.now())
    assert RawMail.objects.latest("pk").outcome == "ticket_created"
