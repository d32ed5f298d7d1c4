"""Loops end: our own mail that comes back, machines on one ticket, two helpdesks that answer each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.kinds import Way
from channels.models import RawMail
from channels.services import braking, receiving
from channels.services.addressing import find_place
from channels.services.receiving import Received
from core.mail_marks import LOOP_HEADER
from core.ratelimit import Limit
from tests.channels.outgoing import raw_of
from tests.factories.channels import raw_mail
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message, Ticket
from tickets.services import replying
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]


@pytest.fixture
def outgoing(receive: Receive, bela: Membership) -> bytes:
    """A letter of acme's as it left."""
    received = receive(raw_mail())
    assert received.message is not None
    ticket = received.message.ticket
    return raw_of(replying.reply(ticket=ticket, body=body_from_text("On its way"), agent=bela, at=timezone.now()))


def without(raw: bytes, name: str) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(name.lower().encode() + b":")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize("lost", ["X-Nothing", LOOP_HEADER, "Message-ID"])
def test_letter_of_ours_that_comes_back_is_set_aside(receive: Receive, outgoing: bytes, lost: str) -> None:
    received = receive(without(outgoing, lost))

    assert (received.mail.kind, received.mail.outcome) == ("own", "quarantined")
    assert Ticket.objects.get().message_count == 2


def test_letter_of_another_workspace_is_a_letter(outgoing: bytes, globex: Tenant) -> None:
    with tenant_scope(globex):
        inbox = create_inbox(name="Help", address="help@globex.example")
        received = receiving.receive_mail(inbox=inbox, raw=outgoing, at=timezone.now())

        assert (received.mail.kind, received.mail.outcome) == ("normal", "ticket_created")


def test_letter_of_another_installation_is_a_letter(receive: Receive, outgoing: bytes, settings: Any) -> None:
    settings.SECRET_KEY = "of another installation" * 3

    received = receive(outgoing.replace(b"support@acme.example>", b"support@other.example>"))

    assert (received.mail.kind, received.mail.outcome) == ("normal", "ticket_created")


def test_letter_signed_with_a_former_key_is_ours(receive: Receive, outgoing: bytes, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new one" * 5

    assert receive(outgoing).mail.kind == "own"


def test_ticket_that_fills_as_by_machines_takes_no_more(
    inbox: Inbox, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mail from an address of its own, so that no sender is too fast."""
    monkeypatch.setattr(braking, "BY_TICKET", Limit("test.ticket", burst=3, per_second=0.001))
    received = receive(raw_mail())
    assert received.message is not None
    people = [f"p{number}@many.example" for number in range(6)]
    for person in people:
        received.message.ticket.participants.create(address=person)

    for number, person in enumerate(people):
        kind = {"Auto-Submitted": "auto-replied"} if number % 2 else {}
        headers = {"In-Reply-To": "<one@shopper.example>", **kind}
        raw = raw_mail(f"again {number}", sender=person, mail_id=f"<{number}@many.example>", headers=headers)
        mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
        receiving.work_stored(mail_id=mail.pk, at=timezone.now())

    assert Ticket.objects.get().message_count == 1 + 3
    last = RawMail.objects.latest("pk")
    assert (last.outcome, "taken for a loop" in last.reason) == ("quarantined", True)
    accepted = receiving.accept_mail(mail=last, at=timezone.now())
    assert accepted.mail.outcome == "message_added"
    assert receive(raw_mail("Another ticket", mail_id="<new@shopper.example>")).mail.outcome == "ticket_created"


@dataclass
class Post:
    """Carries what one workspace sends to the other, as long as there is something to carry."""

    lost: tuple[str, ...] = ()
    carried: int = 0
    seen: set[int] = field(default_factory=set)

    def carry(self, tenants: list[Tenant], rounds: int) -> int:
        """Rounds it took until nothing was left to carry; `rounds` when it never ended."""
        for number in range(rounds):
            letters = [raw for tenant in tenants for raw in self._collect(tenant)]
            if not letters:
                return number
            for raw, address in letters:
                self._deliver(raw, address)
        return rounds

    def _collect(self, tenant: Tenant) -> Iterator[tuple[bytes, str]]:
        with tenant_scope(tenant):
            for message in Message.objects.filter(direction="out").exclude(pk__in=self.seen).order_by("pk"):
                self.seen.add(message.pk)
                raw = raw_of(Message.objects.select_related("ticket__inbox").get(pk=message.pk))
                for name in self.lost:
                    raw = without(raw, name)
                yield raw, message.recipients.get().address

    def _deliver(self, raw: bytes, address: str) -> None:
        place = find_place(address)
        assert place is not None
        with tenant_scope(place.tenant_id):
            self.carried += 1
            inbox = Inbox.objects.get(pk=place.inbox_id)
            mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
            receiving.work_stored(mail_id=mail.pk, at=timezone.now())


@pytest.mark.parametrize(
    "lost",
    [
        (),
        ("Auto-Submitted",),
        # A gateway that takes everything off by which machines are known.
        ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post", LOOP_HEADER),
        ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "In-Reply-To", "References", "Message-ID"),
    ],
    ids=["honest", "unmarked", "bare", "bare and unthreaded"],
)
def test_two_helpdesks_do_not_answer_each_other_for_long(
    acme: Tenant, globex: Tenant, bela: Membership, lost: tuple[str, ...]
) -> None:
    words = "<div>We have your letter.</div>"
    with tenant_scope(globex):
        create_inbox(name="Help", address="help@globex.example", acknowledgement=words)
    with tenant_scope(acme):
        inbox = create_inbox(name="Support", address="support@acme.example", acknowledgement=words)
        _become_known(inbox, "help@globex.example", bela)
    with tenant_scope(globex):
        _become_known(Inbox.objects.get(), "support@acme.example", None)
    post = Post(lost)

    rounds = post.carry([acme, globex], 50)

    assert rounds < 5
    for tenant in (acme, globex):
        with tenant_scope(tenant):
            assert Message.objects.filter(is_automatic=True, direction="out").count() <= 1


def _become_known(inbox: Inbox, address: str, agent: Membership | None) -> None:
    """They wrote here the day before yesterday; in acme somebody answers now."""
    raw = raw_mail("Long ago", sender=address, to=inbox.address, mail_id=f"<old-{address}>")
    message = receiving.receive_mail(inbox=inbox, raw=raw, at=timezone.now()).message
    assert message is not None
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=2))
    if agent is not None:
        replying.reply(ticket=message.ticket, body=body_from_text("Hello you"), agent=agent, at=timezone.now())
